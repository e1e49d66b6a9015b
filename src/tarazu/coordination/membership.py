"""The membership test: does an account act near a group more often than strangers do in the same cells?

An edge test asks two accounts; campaigns that rotate, or members who did little, leave too few joint acts for any
pair. Against the whole group those few acts are still telling. Given the times of everybody else, each cell that an
account shares with the group is one coin flip per window: within W of any member's act, or not. Its chance is the
share of *strangers of the group* (accounts with fewer than two objects in common with it) who fall within W of a
member in that very cell, shrunk to the pair curve over the number of separate bursts, and raised by Gamma and by the
account's and the group's own quickness. Because the members may be perfectly synchronous, a burst counts as one
event however many of them took part: coming near ten members at once is no more surprising than coming near one.
Only accounts that share at least two objects with the group are tested, which depends on *what*, never on *when*.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numba as nb
import numpy as np
from numpy.typing import NDArray

from tarazu.coordination.tail import upper_tail
from tarazu.coordination.timing import EPISODE_GAP, Null, cauchy

# The sensitivity factor of this test. That the group is no accident has been established with Gamma = 2 already.
GAMMA = 1.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Flips:
    """One row a (group, account, shared cell): the coin flips of the membership test."""

    group: NDArray[np.int32]
    account: NDArray[np.int32]
    object: NDArray[np.int64]  # unique over traces
    time: NDArray[np.int64]
    chance: NDArray[np.float64]  # [row, window]
    hit: NDArray[np.bool_]  # [row, window]


@dataclass(frozen=True, kw_only=True, eq=False)
class Membership:
    """One row a tested (group, account)."""

    group: NDArray[np.int32]
    account: NDArray[np.int32]
    p: NDArray[np.float64]
    hits: NDArray[
        np.int32
    ]  # distinct objects on which the account acted within the widest window of the group
    shared: NDArray[np.int32]  # distinct objects shared with the group


def examine_members(nulls: Sequence[Null], label: NDArray[np.int32], gamma: float = GAMMA) -> Membership:
    """Test every account against every group with which it shares two objects or more.

    `label` gives each account's group, -1 for none; members are tested against the rest of their own group. `gamma` is
    the sensitivity factor.
    """
    parts = [flips(null, label, offset, gamma) for null, offset in zip(nulls, _offsets(nulls), strict=True)]
    every = Flips(
        group=np.concatenate([f.group for f in parts]),
        account=np.concatenate([f.account for f in parts]),
        object=np.concatenate([f.object for f in parts]),
        time=np.concatenate([f.time for f in parts]),
        chance=np.concatenate([f.chance for f in parts]),
        hit=np.concatenate([f.hit for f in parts]),
    )
    return judge(every)


def _offsets(nulls: Sequence[Null]) -> list[int]:
    """Give each trace's objects a range of their own."""
    out, at = [], 0
    for null in nulls:
        out.append(at)
        at += int(null.cells.object.max(initial=0)) + 1
    return out


def flips(null: Null, label: NDArray[np.int32], offset: int, gamma: float = GAMMA) -> Flips:
    """Collect the coin flips of one trace."""
    cells = null.cells
    of = label[cells.account]
    inside = np.flatnonzero(of >= 0)
    pairs = np.unique((of[inside].astype(np.int64) << 32) | cells.cell[inside])
    group, cell = (pairs >> 32).astype(np.int32), (pairs & 0xFFFFFFFF).astype(np.int64)
    groups = int(label.max(initial=-1)) + 1
    members = np.maximum(np.bincount(label[label >= 0], minlength=groups), 1)
    quick = np.ones((groups, null.windows.size))
    hours = np.zeros((groups, 24))
    has = label >= 0
    for w in range(null.windows.size):
        quick[:, w] = np.bincount(label[has], weights=null.factor[has, w], minlength=groups) / members
    for h in range(24):
        hours[:, h] = np.bincount(label[has], weights=null.hours[has, h], minlength=groups) / members
    known, close = close_inside(group, cell, label, cells.start, cells.account, cells.time, null.windows)
    base = np.minimum(null.chance[cell], null.reference.chance_outside(cells, cell, known, close))
    arguments = (
        group, cell, label, cells.start, cells.account, cells.object, cells.time, null.windows, base,
        null.reference.prior, cells.kind, null.factor, quick, null.hours, hours, null.hours_base, gamma,
    )  # fmt: skip
    none = np.zeros(0, np.int64)
    total = _collect(
        *arguments, none, none, none, np.zeros((0, null.windows.size)), np.zeros((0, 1), np.bool_)
    )
    rows = np.empty(total, np.int64)
    owner = np.empty(total, np.int64)
    when = np.empty(total, np.int64)
    chance = np.empty((total, null.windows.size))
    hit = np.empty((total, null.windows.size), np.bool_)
    _collect(*arguments, rows, owner, when, chance, hit)
    return Flips(
        group=owner.astype(np.int32),
        account=cells.account[rows],
        object=cells.object[rows].astype(np.int64) + offset,
        time=when,
        chance=chance,
        hit=hit,
    )


@nb.njit(cache=True)
def close_inside(
    group: NDArray[np.int32],
    cell: NDArray[np.int64],
    label: NDArray[np.int32],
    start: NDArray[np.int64],
    account: NDArray[np.int32],
    time: NDArray[np.int64],
    windows: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """For each (group, cell): how many members act there, and [row, window] how many of their pairs are close."""
    members = np.zeros(group.size, np.int64)
    close = np.zeros((group.size, windows.size))
    for z in range(group.size):
        end = start[cell[z] + 1]
        for k in range(start[cell[z]], end):
            if label[account[k]] != group[z]:
                continue
            members[z] += 1
            j = k + 1
            while j < end and time[j] - time[k] <= windows[-1]:
                if label[account[j]] == group[z]:
                    for w in range(windows.size):
                        if time[j] - time[k] <= windows[w]:
                            close[z, w] += 1.0
                j += 1
    return members, close


@nb.njit(cache=True)
def _collect(
    group: NDArray[np.int32],
    cell: NDArray[np.int64],
    label: NDArray[np.int32],
    start: NDArray[np.int64],
    account: NDArray[np.int32],
    obj: NDArray[np.int32],
    time: NDArray[np.int64],
    windows: NDArray[np.int64],
    base: NDArray[np.float64],
    prior: NDArray[np.float64],
    kind: NDArray[np.int64],
    factor: NDArray[np.float64],
    quick: NDArray[np.float64],
    hours: NDArray[np.float64],
    group_hours: NDArray[np.float64],
    hours_base: float,
    gamma: float,
    out_row: NDArray[np.int64],
    out_group: NDArray[np.int64],
    out_time: NDArray[np.int64],
    out_chance: NDArray[np.float64],
    out_hit: NDArray[np.bool_],
) -> int:
    """Walk the (group, cell) pairs; count the rows if `out_row` is empty, else fill them. Returns the count."""
    accounts = label.size
    seen_objects = np.zeros(accounts, np.int32)
    last_object = np.full(accounts, -1, np.int64)
    seen_for = np.full(accounts, -1, np.int32)
    far = np.int64(1) << 60
    m = 0
    first = 0
    while first < group.size:
        g = group[first]
        last = first
        while last < group.size and group[last] == g:
            c = cell[last]
            for k in range(start[c], start[c + 1]):
                a = account[k]
                if seen_for[a] != g:
                    seen_for[a] = g
                    seen_objects[a] = 0
                    last_object[a] = -1
                if last_object[a] != obj[k]:
                    last_object[a] = obj[k]
                    seen_objects[a] += 1
            last += 1
        for z in range(first, last):
            c = cell[z]
            begin, end = start[c], start[c + 1]
            size = end - begin
            # Nearest act of the group before and after each act, itself excluded.
            gap = np.full(size, far, np.int64)
            nearest = -far
            for k in range(begin, end):
                gap[k - begin] = min(gap[k - begin], time[k] - nearest)
                if label[account[k]] == g:
                    nearest = time[k]
            nearest = far
            for k in range(end - 1, begin - 1, -1):
                gap[k - begin] = min(gap[k - begin], nearest - time[k])
                if label[account[k]] == g:
                    nearest = time[k]
            strangers = 0
            close = np.zeros(windows.size)
            bursts = np.zeros(windows.size)
            previous = -far
            members = 0
            for k in range(begin, end):
                if label[account[k]] == g:
                    members += 1
                    for w in range(windows.size):
                        if time[k] - previous > windows[w]:
                            bursts[w] += 1.0
                    previous = time[k]
                elif seen_objects[account[k]] < 2:
                    strangers += 1
                    for w in range(windows.size):
                        if gap[k - begin] <= windows[w]:
                            close[w] += 1.0
            for k in range(begin, end):
                a = account[k]
                own = label[a] == g
                if seen_objects[a] < 2 or members - (1 if own else 0) < 1:
                    continue
                if out_row.size > 0:
                    overlap = 0.0
                    for h in range(24):
                        overlap += hours[a, h] * group_hours[g, h]
                    overlap = min(max(overlap / hours_base, 1.0), 12.0)
                    out_row[m] = k
                    out_group[m] = g
                    out_time[m] = time[k]
                    for w in range(windows.size):
                        alone = 1.0 - (1.0 - base[z, w]) ** bursts[w]
                        weight = prior[kind[c], w]
                        p = (close[w] + weight * alone) / (strangers + weight)
                        odds = gamma * overlap * factor[a, w] * quick[g, w]
                        out_chance[m, w] = min(p * odds / (1.0 - p + p * odds), 1.0)
                        out_hit[m, w] = gap[k - begin] <= windows[w]
                m += 1
        first = last
    return m


def judge(rows: Flips) -> Membership:
    """Turn coin flips into one p-value a (group, account): episodes and objects, then windows, as for pairs."""
    order = np.lexsort((rows.time, rows.account, rows.group))
    group, account = rows.group[order], rows.account[order]
    start = (
        np.flatnonzero(np.r_[True, (group[1:] != group[:-1]) | (account[1:] != account[:-1])])
        if group.size
        else np.zeros(0, np.int64)
    )
    ends = np.r_[start, group.size].astype(np.int64)
    p, hits, shared = _tails(
        ends, rows.object[order], rows.time[order], rows.chance[order], rows.hit[order], EPISODE_GAP
    )
    return Membership(group=group[start], account=account[start], p=cauchy(p), hits=hits, shared=shared)


@nb.njit(cache=True)
def _tails(
    ends: NDArray[np.int64],
    obj: NDArray[np.int64],
    time: NDArray[np.int64],
    chance: NDArray[np.float64],
    hit: NDArray[np.bool_],
    episode_gap: int,
) -> tuple[NDArray[np.float64], NDArray[np.int32], NDArray[np.int32]]:
    tests = ends.size - 1
    windows = chance.shape[1]
    p = np.ones((max(tests, 0), windows))
    hits = np.zeros(max(tests, 0), np.int32)
    shared = np.zeros(max(tests, 0), np.int32)
    for z in range(tests):
        first, n = ends[z], ends[z + 1] - ends[z]
        flips_ = np.empty(n + 1)
        scratch = np.empty(n + 1)
        in_object = np.argsort(obj[first : first + n])
        for w in range(windows):
            m = 0
            k = 0
            taken = np.int64(0)
            for r in range(n):
                if r == 0 or time[first + r] - taken > episode_gap:
                    taken = time[first + r]
                    flips_[m] = chance[first + r, w]
                    m += 1
                    if hit[first + r, w]:
                        k += 1
            episodes = upper_tail(flips_, m, k, scratch)
            m = -1
            k = 0
            success = False
            for r in range(n):
                x = first + in_object[r]
                if r == 0 or obj[x] != obj[first + in_object[r - 1]]:
                    m += 1
                    flips_[m] = 1.0
                    success = False
                flips_[m] *= 1.0 - chance[x, w]
                if hit[x, w] and not success:
                    success = True
                    k += 1
            for r in range(m + 1):
                flips_[r] = 1.0 - flips_[r]
            p[z, w] = max(episodes, upper_tail(flips_, m + 1, k, scratch))
            hits[z] = k
            shared[z] = m + 1
    return p, hits, shared
