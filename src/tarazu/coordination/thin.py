"""Thin and rotating campaigns: groups found on one half of the time, tested on the other.

When every joint act involves another handful of a campaign's accounts, no pair meets often enough for an edge. The group
does: its members keep meeting. So candidate groups are formed from pairs that met on two objects in one half of the
blocks of time, and each is put to one test in the other half, where nothing was chosen: in every cell with several of
its members, how many were together within W? Under the null the members act independently of each other at the
strangers' rate, which itself varies from cell to cell (beta-binomial); cells of one episode or object count once;
cells are combined by Fisher's rule and windows by Cauchy's. One p-value a group, Benjamini-Hochberg over groups. The
members of a group that passes must each pass the membership test against the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import exp, lgamma

import graspologic_native
import numba as nb
import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc

from tarazu.coordination.cells import BLOCK, Cells, build_cells
from tarazu.coordination.candidates import candidate_pairs
from tarazu.coordination.membership import test_members
from tarazu.coordination.multiplicity import q_values
from tarazu.coordination.reference import Reference
from tarazu.coordination.timing import EPISODE_GAP, Null, cauchy, test_pairs

# A pair that met on two objects in one half counts as a tie if chance explains it no better than this.
_TIE = 0.1
# A tie needs acts at most this close (ms): wider windows tie everybody who reads the same news.
_TIE_WINDOW = 600_000
_SMALLEST = 4
# Days from which on halves are made of whole days (UTC); below, of 6 h blocks.
_DAYS = 8
_ROUNDS = 3


def thin_groups(nulls: Sequence[Null], label: NDArray[np.int32], fdr: float) -> NDArray[np.int32]:
    """Return `label` with the members of significant thin groups added under new labels."""
    groups: list[NDArray[np.int64]] = []
    p: list[float] = []
    for half in (0, 1):
        formed = [restrict(null, _half(null.cells) == half) for null in nulls]
        tested = [restrict(null, _half(null.cells) != half) for null in nulls]
        for group in _candidates(formed, label):
            groups.append(group)
            p.append(group_p(tested, group))
    if not groups:
        return label
    passed = q_values(np.array(p)) <= fdr
    out = label.copy()
    for k in np.argsort(p, kind="stable"):
        free = groups[k][out[groups[k]] < 0]
        if passed[k] and free.size:
            out[free] = _home(out, groups[k])
    return _confirmed(nulls, label, out, fdr)


def _home(label: NDArray[np.int32], group: NDArray[np.int64]) -> int:
    """Return the label that most of the group has already, else a new one."""
    known = label[group][label[group] >= 0]
    if known.size * 2 >= group.size:
        return int(np.bincount(known).argmax())
    return int(label.max()) + 1


def _confirmed(
    nulls: Sequence[Null], before: NDArray[np.int32], after: NDArray[np.int32], fdr: float
) -> NDArray[np.int32]:
    """Keep only those newcomers that act near the rest of their group more often than strangers do."""
    label = after.copy()
    for _ in range(_ROUNDS):
        new = (before < 0) & (label >= 0)
        if not new.any():
            break
        found = test_members(nulls, label)
        own = new[found.account] & (label[found.account] == found.group)
        fails = new.copy()
        fails[found.account[own][q_values(found.p[own]) <= fdr]] = False
        if not fails.any():
            break
        label[fails] = -1
    return label


def _half(cells: Cells) -> NDArray[np.int64]:
    """Return 0 or 1 for each cell: its half of the time."""
    if not cells.count:
        return np.zeros(0, np.int64)
    first = cells.time[cells.start[:-1]]
    long = (first.max() - first.min()) >= _DAYS * 4 * BLOCK
    return np.asarray((first // (4 * BLOCK if long else BLOCK)) % 2)


def restrict(null: Null, keep: NDArray[np.bool_]) -> Null:
    """Return the null of the cells in `keep` alone; what was learned stays."""
    cells, r = null.cells, null.reference
    rows = keep[cells.cell] if cells.count else np.zeros(0, np.bool_)
    number = np.cumsum(keep) - 1
    sub = build_cells(
        cells.account[rows], cells.object[rows], cells.time[rows], cells.post[rows],
        number[cells.cell[rows]] if cells.count else np.zeros(0, np.int64), cells.accounts,
    )  # fmt: skip
    reference = Reference(
        close=r.close[keep],
        pairs=r.pairs[keep],
        draws=r.draws[keep],
        curve=r.curve,
        prior=r.prior,
        majority=r.majority[keep],
        scarce=r.scarce,
    )
    return replace(null, cells=sub, reference=reference, emission=null.emission[keep])


def _candidates(nulls: Sequence[Null], label: NDArray[np.int32]) -> list[NDArray[np.int64]]:
    """Form groups from pairs that met closely on at least two objects of one trace."""
    ties: dict[tuple[int, int], float] = {}
    for null in nulls:
        near = int(np.searchsorted(null.windows, _TIE_WINDOW, "right")) - 1
        if near < 0 or not null.cells.count:
            continue
        keys = candidate_pairs(null.cells, null.windows, np.minimum(null.emission, near))
        tested = test_pairs(null, keys)
        p = tested.combined
        good = (tested.weight[:, near] >= 2) & (p <= _TIE)
        source, target = keys[good] >> 32, keys[good] & 0xFFFFFFFF
        known = (label[source] >= 0) & (label[source] == label[target])
        for x, y, s in zip(source[~known], target[~known], -np.log10(np.maximum(p[good][~known], 1e-30)), strict=True):
            ties[int(x), int(y)] = max(ties.get((int(x), int(y)), 0.0), float(s))
    if not ties:
        return []
    edges = [(str(x), str(y), w) for (x, y), w in sorted(ties.items())]
    _, found = graspologic_native.leiden(edges, seed=1, use_modularity=True)
    members: dict[int, list[int]] = {}
    for name, community in found.items():
        members.setdefault(community, []).append(int(name))
    return [np.array(sorted(m), np.int64) for _, m in sorted(members.items()) if len(m) >= _SMALLEST]


def group_p(nulls: Sequence[Null], group: NDArray[np.int64]) -> float:
    """Return the p-value of a group whose choice did not look at these cells."""
    parts: list[tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]] = []
    offset = 0
    for null in nulls:
        cells = null.cells
        rows = np.concatenate(
            [cells.by_account[cells.account_start[a] : cells.account_start[a + 1]] for a in group]
        )
        rows = rows[np.lexsort((cells.time[rows], cells.cell[rows]))]
        cell = cells.cell[rows]
        start = np.flatnonzero(np.r_[True, cell[1:] != cell[:-1]]) if cell.size else np.zeros(0, np.int64)
        ends = np.r_[start, cell.size].astype(np.int64)
        several = np.diff(ends) >= 2
        if several.any():
            of = cell[start]
            chance = null.reference.chance(cells.kind)[of]
            quick = null.factor[group].mean(axis=0)
            odds = null.gamma * quick * quick
            chance = chance * odds / (1.0 - chance + chance * odds)
            weight = null.reference.prior[cells.kind[of]]
            p = _bursts(cells.time[rows], ends, null.windows, chance, weight)
            parts.append((p[several], cells.time[rows][start][several], cells.object[rows][start][several] + offset))
        offset += int(cells.object.max(initial=0)) + 1
    if not parts:
        return 1.0
    p, when, what = (np.concatenate([part[i] for part in parts]) for i in range(3))
    order = np.argsort(when, kind="stable")
    p, when, what = p[order], when[order], what[order]
    fresh = np.zeros(when.size, np.bool_)
    fresh[np.unique(what, return_index=True)[1]] = True
    p, when = p[fresh], when[fresh]
    p = p[np.r_[True, np.diff(when) > EPISODE_GAP]]
    fisher = chdtrc(2.0 * p.shape[0], -2.0 * np.log(np.maximum(p, 1e-300)).sum(axis=0))
    return float(cauchy(np.asarray(fisher)[None, :])[0])


@nb.njit(cache=True)
def _bursts(
    time: NDArray[np.int64],
    ends: NDArray[np.int64],
    windows: NDArray[np.int64],
    chance: NDArray[np.float64],
    weight: NDArray[np.float64],
) -> NDArray[np.float64]:
    """For each cell and window: how surprising is the largest number of members within W of one of them."""
    cells = ends.size - 1
    out = np.ones((cells, windows.size))
    for c in range(cells):
        first, n = ends[c], ends[c + 1] - ends[c]
        if n < 2:
            continue
        for w in range(windows.size):
            most = 0
            low = first
            high = first
            for k in range(first, first + n):
                while time[k] - time[low] > windows[w]:
                    low += 1
                while high < first + n and time[high] - time[k] <= windows[w]:
                    high += 1
                most = max(most, high - low - 1)
            if most == 0:
                continue
            q = min(max(chance[c, w], 1e-9), 1.0 - 1e-9)
            a = q * weight[c, w]
            b = (1.0 - q) * weight[c, w]
            others = n - 1
            tail = 0.0
            base = lgamma(a + b) - lgamma(a) - lgamma(b) - lgamma(a + b + others) + lgamma(others + 1.0)
            for x in range(most, others + 1):
                tail += exp(
                    base + lgamma(x + a) + lgamma(others - x + b) - lgamma(x + 1.0) - lgamma(others - x + 1.0)
                )
            # Two members share one distance; of more, any may be the centre.
            out[c, w] = min(tail * (n if n > 2 else 1), 1.0)
    return out
