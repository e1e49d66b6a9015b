"""The self-controlled timing test: given what two accounts share, did they act on it closer together than strangers do?

For a pair, each shared cell is one coin flip per window: within W or not. Its chance under the null is what strangers
do in that very cell (leave-pair-out, shrunk to the class curve), raised by how quick each account is with strangers
(account factor), by how alike their daily hours are (hour factor), and by a sensitivity factor Gamma: the p-value stays
valid if all odds are wrong by up to Gamma (Rosenbaum 2002). Acts of one session are not independent, so shared cells
are chained into episodes and only the first cell of an episode counts; nor are acts on one object, so a second tail
counts distinct objects. The larger of the two tails is the p-value. Windows are combined by the Cauchy rule
(Liu and Xie 2020). See docs/concepts/coordination.md.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numba as nb
import numpy as np
from numpy.typing import NDArray

from tarazu.coordination.candidates import candidate_pairs, emission_windows, seek
from tarazu.coordination.cells import HOUR, Cells, later_within
from tarazu.coordination.organic import in_minutes, organic_curve
from tarazu.coordination.reference import Reference, estimate
from tarazu.coordination.tail import upper_tail

GAMMA = 2.0
EPISODE_GAP = HOUR // 2
# An account's observed/expected ratio with strangers starts from this many expected pairs and stays in these bounds.
FACTOR_PRIOR = 5.0
FACTOR_MAX = 30.0
_HOURS_PRIOR = 6.0
_HOURS_MAX = 12.0
# Inverse-probability weights of emitted non-strangers are cut here.
_EMITTED_FLOOR = 0.02


@dataclass(frozen=True, kw_only=True, eq=False)
class Null:
    """Everything the test of a pair needs besides the pair: how strangers behave, and how these accounts do."""

    cells: Cells
    windows: NDArray[np.int64]  # ms
    reference: Reference
    factor: NDArray[np.float64]  # [account, window]
    hours: NDArray[np.float64]  # [account, 24] share of acts per hour (UTC), shrunk
    hours_base: float  # expected overlap of two accounts
    met: NDArray[np.float64]  # [account, window] close pairs with everybody, and how many were to be expected
    due: NDArray[np.float64]
    chance: NDArray[np.float64]  # [cell, window] the chance of two strangers that `due` rests on
    emission: NDArray[np.int64]  # [cell] index of the window pairs were emitted in
    gamma: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Outcome:
    """Results of the pair test, one row a pair."""

    keys: NDArray[np.int64]
    p: NDArray[np.float64]  # [pair, window], conditional on the pair having been seen
    shared: NDArray[np.int32]  # distinct objects
    weight: NDArray[np.int32]  # [pair, window] distinct objects within the window
    expected: NDArray[np.float64]  # [pair, window]

    @property
    def combined(self) -> NDArray[np.float64]:
        """One p-value a pair."""
        return cauchy(self.p)


def cauchy(p: NDArray[np.float64]) -> NDArray[np.float64]:
    """Combine p-values along the last axis by the Cauchy rule, left-truncated: p above one half counts as one half.

    Without the cut, discrete p-values of 1 in the windows that hold no evidence would cancel a clear one elsewhere.
    """
    if p.shape[0] == 0:
        return np.ones(0)
    x = np.clip(p, 1e-300, 0.5)
    tiny = x < 1e-15
    score = np.where(tiny, 1.0 / (x * np.pi), np.tan((0.5 - np.where(tiny, 0.5, x)) * np.pi)).mean(axis=-1)
    combined = np.where(score > 1e14, 1.0 / (np.maximum(score, 1.0) * np.pi), 0.5 - np.arctan(score) / np.pi)
    return np.where(score > 0.0, combined, 1.0)


def learn(cells: Cells, windows: NDArray[np.int64], gamma: float = GAMMA) -> tuple[Null, NDArray[np.int64]]:
    """Learn how strangers behave in these cells; return the null and the candidate pairs.

    Two passes: the first finds the pairs that share two objects or more (non-strangers), the second estimates timing
    without them. Only emitted non-strangers are known, so each stands for 1/P(emitted) (Horvitz and Thompson 1952).
    """
    later = later_within(cells.time, cells.cell, windows)
    emission = emission_windows(cells, later)
    keys = candidate_pairs(cells, windows, emission)
    hours, base = _hours(cells)
    ones = np.ones((cells.accounts, windows.size))
    stored = organic_curve(windows, in_minutes(cells.time))
    first = estimate(cells, later, stored)
    chance = first.chance(cells.kind)
    index = (cells.cell, cells.time, cells.by_account, cells.account_start)
    seen = _emitted(keys, *index, chance, emission)
    close, pairs, met, due = _acquainted(keys, *index, windows, chance, seen, cells.accounts)
    reference = estimate(cells, later, stored, (close, pairs))
    # The account factor compares with the refined chances, so expectations are subtracted again with those.
    chance = reference.chance(cells.kind)
    _, _, met, due = _acquainted(keys, *index, windows, chance, seen, cells.accounts)
    observed, expected = _totals(cells.account, cells.cell, cells.start, later, chance, cells.accounts)
    ratio = (np.maximum(observed - met, 0.0) + FACTOR_PRIOR) / (
        np.maximum(expected - due, 0.0) + FACTOR_PRIOR
    )
    null = Null(
        cells=cells,
        windows=windows,
        reference=reference,
        factor=np.clip(ratio, ones, FACTOR_MAX),
        met=observed,
        due=expected,
        chance=chance,
        hours=hours,
        hours_base=base,
        emission=emission,
        gamma=gamma,
    )
    return null, keys


def examine_pairs(null: Null, keys: NDArray[np.int64]) -> Outcome:
    """Test each pair of `keys` (source << 32 | target)."""
    cells, reference = null.cells, null.reference
    w = null.windows.size
    p = np.ones((keys.size, w))
    weight = np.zeros((keys.size, w), np.int32)
    expected = np.zeros((keys.size, w))
    shared = np.zeros(keys.size, np.int32)
    arguments = (
        keys,
        cells.object[cells.by_account],
        cells.cell[cells.by_account],
        cells.time[cells.by_account],
        cells.kind,
        cells.account_start,
        null.windows,
        reference.close,
        reference.pairs,
        reference.draws,
        reference.curve,
        reference.prior,
        null.factor,
        null.hours,
        null.hours_base,
        null.emission,
        null.gamma,
        p,
        weight,
        expected,
        shared,
    )
    # Threads over slices of the pairs: numba's own parallel loops take three seconds more to compile.
    threads = _cores()
    bounds = np.linspace(0, keys.size, threads * 4 + 1).astype(np.int64).tolist()
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda part: _test(part[0], part[1], *arguments), pairwise(bounds)))
    return Outcome(keys=keys, p=p, shared=shared, weight=weight, expected=expected)


def _cores() -> int:
    """Cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _hours(cells: Cells) -> tuple[NDArray[np.float64], float]:
    """Return each account's profile over the hours of the day, shrunk to everybody's, and the mean overlap."""
    hour = (cells.time // HOUR) % 24
    base = np.bincount(hour, minlength=24) + 1e-9
    base = base / base.sum()
    profile = np.bincount(cells.account.astype(np.int64) * 24 + hour, minlength=cells.accounts * 24).reshape(
        -1, 24
    )
    profile = (profile + _HOURS_PRIOR * base) / (profile.sum(axis=1) + _HOURS_PRIOR)[:, None]
    return profile, float((base**2).sum())


@nb.njit(cache=True)
def _emitted(
    keys: NDArray[np.int64],
    cell: NDArray[np.int32],
    time: NDArray[np.int64],
    by_account: NDArray[np.int64],
    account_start: NDArray[np.int64],
    chance: NDArray[np.float64],
    emission: NDArray[np.int64],
) -> NDArray[np.float64]:
    """P(a pair is seen at all): at least one shared cell within its emission window."""
    out = np.zeros(keys.size)
    cells = cell[by_account]  # side by side in memory, as in `shared_objects`
    for z in range(keys.size):
        x = keys[z] >> 32
        y = keys[z] & 0xFFFFFFFF
        i, end_i = account_start[x], account_start[x + 1]
        j, end_j = account_start[y], account_start[y + 1]
        none = 1.0
        while i < end_i and j < end_j:
            c, d = cells[i], cells[j]
            if c < d:
                i = seek(cells, i, end_i, d)
            elif c > d:
                j = seek(cells, j, end_j, c)
            else:
                if emission[c] >= 0:
                    none *= 1.0 - chance[c, emission[c]]
                i += 1
                j += 1
        out[z] = 1.0 - none
    return out


@nb.njit(cache=True)
def _acquainted(
    keys: NDArray[np.int64],
    cell: NDArray[np.int32],
    time: NDArray[np.int64],
    by_account: NDArray[np.int64],
    account_start: NDArray[np.int64],
    windows: NDArray[np.int64],
    chance: NDArray[np.float64],
    seen: NDArray[np.float64],
    accounts: int,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Sum over non-strangers: close pairs and weighted pairs per cell; observed and expected meetings per account."""
    close = np.zeros((chance.shape[0], windows.size))
    pairs = np.zeros(chance.shape[0])
    met = np.zeros((accounts, windows.size))
    due = np.zeros((accounts, windows.size))
    cells = cell[by_account]
    times = time[by_account]
    for z in range(keys.size):
        x = keys[z] >> 32
        y = keys[z] & 0xFFFFFFFF
        i, end_i = account_start[x], account_start[x + 1]
        j, end_j = account_start[y], account_start[y + 1]
        weight = 1.0 / max(seen[z], _EMITTED_FLOOR)
        while i < end_i and j < end_j:
            if cells[i] < cells[j]:
                i = seek(cells, i, end_i, cells[j])
            elif cells[i] > cells[j]:
                j = seek(cells, j, end_j, cells[i])
            else:
                c = cells[i]
                gap = abs(times[i] - times[j])
                pairs[c] += weight
                for w in range(windows.size):
                    due[x, w] += chance[c, w] * weight
                    due[y, w] += chance[c, w] * weight
                    if gap <= windows[w]:
                        close[c, w] += 1.0
                        met[x, w] += 1.0
                        met[y, w] += 1.0
                i += 1
                j += 1
    return close, pairs, met, due


@nb.njit(cache=True)
def _totals(
    account: NDArray[np.int32],
    cell: NDArray[np.int32],
    start: NDArray[np.int64],
    later: NDArray[np.int64],
    chance: NDArray[np.float64],
    accounts: int,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Observed and expected close pairs of each account with everybody, in linear time."""
    windows = later.shape[1]
    observed = np.zeros((accounts, windows))
    expected = np.zeros((accounts, windows))
    for c in range(start.size - 1):
        first, last = start[c], start[c + 1]
        for w in range(windows):
            # As the later of the two: act j is met by k < j if j <= k + later[k]; running sum of ends.
            open_until = np.zeros(last - first + 1, np.int64)
            running = 0
            for k in range(first, last):
                running += open_until[k - first]
                observed[account[k], w] += later[k, w] + running
                expected[account[k], w] += chance[c, w] * (last - first - 1)
                if later[k, w] > 0:
                    running += 1
                    open_until[min(k - first + 1 + later[k, w], last - first)] -= 1
    return observed, expected


@nb.njit(cache=True)
def _grouped(
    group: NDArray[np.int64],
    order: NDArray[np.int64],
    n: int,
    q: NDArray[np.float64],
    hit: NDArray[np.bool_],
    chances: NDArray[np.float64],
    scratch: NDArray[np.float64],
) -> tuple[float, int, int]:
    """Merge flips of one group (any success), then the tail; return it with the groups and the successes."""
    m = -1
    k = 0
    success = False
    for z in range(n):
        x = order[z]
        if z == 0 or group[x] != group[order[z - 1]]:
            m += 1
            chances[m] = 1.0
            success = False
        chances[m] *= 1.0 - q[x]
        if hit[x] and not success:
            success = True
            k += 1
    for z in range(m + 1):
        chances[z] = 1.0 - chances[z]
    return upper_tail(chances, m + 1, k, scratch), m + 1, k


@nb.njit(cache=True, nogil=True)
def _test(
    begin: int,
    end: int,
    keys: NDArray[np.int64],
    obj: NDArray[np.int32],
    cell: NDArray[np.int32],
    time: NDArray[np.int64],
    kind: NDArray[np.int64],
    account_start: NDArray[np.int64],
    windows: NDArray[np.int64],
    close: NDArray[np.float64],
    pairs: NDArray[np.float64],
    draws: NDArray[np.float64],
    curve: NDArray[np.float64],
    prior: NDArray[np.float64],
    factor: NDArray[np.float64],
    hours: NDArray[np.float64],
    hours_base: float,
    emission: NDArray[np.int64],
    gamma: float,
    out_p: NDArray[np.float64],
    out_weight: NDArray[np.int32],
    out_expected: NDArray[np.float64],
    out_shared: NDArray[np.int32],
) -> None:
    windows_n = windows.size
    for z in range(begin, end):
        x = keys[z] >> 32
        y = keys[z] & 0xFFFFFFFF
        i, end_i = account_start[x], account_start[x + 1]
        j, end_j = account_start[y], account_start[y + 1]
        most = min(end_i - i, end_j - j)
        q = np.empty((windows_n, most))
        hit = np.zeros((windows_n, most), np.bool_)
        when = np.empty(most, np.int64)
        group = np.empty(most, np.int64)
        n = 0
        none = 1.0
        overlap = 0.0
        for h in range(24):
            overlap += hours[x, h] * hours[y, h]
        overlap = min(max(overlap / hours_base, 1.0), _HOURS_MAX)
        while i < end_i and j < end_j:
            if cell[i] < cell[j]:
                i = seek(cell, i, end_i, cell[j])
                continue
            if cell[i] > cell[j]:
                j = seek(cell, j, end_j, cell[i])
                continue
            c = cell[i]
            s = kind[c]
            gap = abs(time[i] - time[j])
            when[n] = min(time[i], time[j])
            group[n] = obj[i]
            for w in range(windows_n):
                within = gap <= windows[w]
                others = pairs[c] - 1.0
                own = 0.0
                left = 0.0
                if others > 1e-9:
                    own = min(max((close[c, w] - (1.0 if within else 0.0)) / others, 0.0), 1.0)
                    left = max(draws[c] - 1.0, 0.0)
                p = (left * own + prior[s, w] * curve[s, w]) / (left + prior[s, w])
                odds = gamma * overlap * factor[x, w] * factor[y, w]
                q[w, n] = min(p * odds / (1.0 - p + p * odds), 1.0)
                hit[w, n] = within
            if emission[c] >= 0:
                none *= 1.0 - q[emission[c], n]
            n += 1
            i += 1
            j += 1
        scratch = np.empty(n + 1)
        chances = np.empty(n + 1)
        in_time = np.argsort(when[:n])
        in_object = np.argsort(group[:n])
        seen = max(1.0 - none, 1e-12)
        for w in range(windows_n):
            m = 0
            k = 0
            taken = np.int64(0)
            for r in range(n):
                if r == 0 or when[in_time[r]] - taken > EPISODE_GAP:
                    taken = when[in_time[r]]
                    chances[m] = q[w, in_time[r]]
                    m += 1
                    if hit[w, in_time[r]]:
                        k += 1
            episodes = upper_tail(chances, m, k, scratch)
            objects, groups, successes = _grouped(group, in_object, n, q[w], hit[w], chances, scratch)
            total = 0.0
            for r in range(n):
                total += q[w, r]
            out_expected[z, w] = total
            out_shared[z] = groups
            out_weight[z, w] = successes
            # An episode or object tail of zero hits is 1: the pair was seen in a wider window only.
            out_p[z, w] = min(max(episodes, objects) / seen, 1.0) if successes > 0 else 1.0
