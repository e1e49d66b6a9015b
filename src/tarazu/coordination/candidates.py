"""Which pairs are worth a test: co-active at least once, sharing at least two objects; linear in the acts.

A cell in which thousands act within the widest window would emit millions of pairs that say next to nothing, so each
cell emits within the widest window that keeps its pairs below a bound per act. The window used is part of the test
(`emitted` in timing.py conditions on it), so the bound costs power on huge bursts and nothing else.
"""

from __future__ import annotations

from itertools import pairwise

import numba as nb
import numpy as np
from numpy.typing import NDArray

from tarazu.coordination.cells import Cells

# Pairs an act may emit on average within its cell, and keys held at a time (8 bytes each).
PAIRS_PER_ACT = 64
_BATCH = 24_000_000


def emission_windows(
    cells: Cells, later: NDArray[np.int64], per_act: float = PAIRS_PER_ACT
) -> NDArray[np.int64]:
    """Return for each cell the index of the widest window it emits in; -1 where even the narrowest is too wide."""
    chosen = np.full(cells.count, -1, np.int64)
    for w in range(later.shape[1]):
        close = np.bincount(cells.cell, weights=later[:, w], minlength=cells.count)
        chosen[close <= per_act * cells.size] = w
    return chosen


def candidate_pairs(
    cells: Cells, windows: NDArray[np.int64], emission: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return the sorted keys (source << 32 | target) of pairs within the emission window at least once, S >= 2."""
    distinct = np.unique((cells.account.astype(np.int64) << 32) | cells.object) >> 32
    able = (np.bincount(distinct, minlength=cells.accounts) >= 2)[cells.account] & (emission[cells.cell] >= 0)
    account, cell, time = cells.account[able], cells.cell[able], cells.time[able]
    reach = windows[np.maximum(emission, 0)][cell] if cell.size else np.zeros(0, np.int64)
    cuts = _cut(_emit(account, cell, time, reach, 0, account.size, np.zeros(0, np.int64), True))
    found = [np.zeros(0, np.int64)]
    for first, last, total in cuts:
        keys = np.empty(total, np.int64)
        _emit(account, cell, time, reach, first, last, keys, False)
        keys.sort()
        keys = keys[np.r_[True, keys[1:] != keys[:-1]]] if keys.size else keys
        index = (cells.object, cells.by_account, cells.account_start, cells.cell)
        found.append(keys[shared_objects(keys, *index, 2) >= 2])
    return np.unique(np.concatenate(found)) if len(found) > 2 else found[-1]


def _cut(sizes: NDArray[np.int64]) -> list[tuple[int, int, int]]:
    """Cut the acts into runs of at most about `_BATCH` pairs: (first, last, pairs)."""
    total = np.r_[0, np.cumsum(sizes)]
    edges = np.r_[0, np.flatnonzero(np.diff(total[1:] // _BATCH)) + 1, sizes.size]
    return [(int(a), int(b), int(total[b] - total[a])) for a, b in pairwise(edges) if total[b] > total[a]]


@nb.njit(cache=True)
def _emit(
    account: NDArray[np.int32],
    cell: NDArray[np.int32],
    time: NDArray[np.int64],
    reach: NDArray[np.int64],
    first: int,
    last: int,
    out: NDArray[np.int64],
    count_only: bool,
) -> NDArray[np.int64]:
    """Write the keys of the pairs that acts first..last-1 form with later acts; or count them per act."""
    sizes = np.zeros(last - first if count_only else 1, np.int64)
    m = 0
    for k in range(first, last):
        j = k + 1
        while j < account.size and cell[j] == cell[k] and time[j] - time[k] <= reach[k]:
            if count_only:
                sizes[k - first] += 1
            else:
                out[m] = (np.int64(min(account[j], account[k])) << 32) | np.int64(max(account[j], account[k]))
                m += 1
            j += 1
    return sizes


@nb.njit(cache=True)
def seek(values: NDArray[np.int32], at: int, end: int, wanted: int) -> int:
    """Return the first place from `at` on whose value is not below `wanted`; leaps, because long lists meet short."""
    if at >= end or values[at] >= wanted:
        return at
    step = 1
    while at + step < end and values[at + step] < wanted:
        at += step
        step *= 2
    low, high = at + 1, min(at + step, end)
    while low < high:
        middle = (low + high) // 2
        if values[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low


@nb.njit(cache=True)
def shared_objects(
    keys: NDArray[np.int64],
    obj: NDArray[np.int32],
    by_account: NDArray[np.int64],
    account_start: NDArray[np.int64],
    cell: NDArray[np.int32],
    most: int,
) -> NDArray[np.int32]:
    """On how many distinct objects each pair shares a cell, counted up to `most`."""
    out = np.zeros(keys.size, np.int32)
    cells = cell[by_account]  # side by side in memory: the pairs of an account read them again and again
    objects = obj[by_account]
    for z in range(keys.size):
        x = keys[z] >> 32
        y = keys[z] & 0xFFFFFFFF
        i, end_i = account_start[x], account_start[x + 1]
        j, end_j = account_start[y], account_start[y + 1]
        last = -1
        while i < end_i and j < end_j and out[z] < most:
            if cells[i] < cells[j]:
                i = seek(cells, i, end_i, cells[j])
            elif cells[i] > cells[j]:
                j = seek(cells, j, end_j, cells[i])
            else:
                # Cells are numbered by object, so those of one object follow each other.
                if objects[i] != last:
                    out[z] += 1
                    last = objects[i]
                i += 1
                j += 1
    return out
