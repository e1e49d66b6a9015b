"""Cells: who acted on one object within one block of hours, once each.

Conditioning on a cell ("both acted on this object this morning") removes shared interest, the object's popularity and
most of the daily rhythm from what is tested; only *how close* the two acts were is left.
"""

from __future__ import annotations

from dataclasses import dataclass

import numba as nb
import numpy as np
from numpy.typing import NDArray

from tarazu.coordination.events import Events

HOUR = 3_600_000
BLOCK = 6 * HOUR
# Upper bounds of the size classes of cells: 2, 3, 4-5, 6-10, 11-30, 31-100, more.
SIZES = np.array([2, 3, 5, 10, 30, 100], np.int64)


@dataclass(frozen=True, kw_only=True, eq=False)
class Cells:
    """Acts in cells with at least two accounts, sorted by (cell, time)."""

    account: NDArray[np.int32]
    object: NDArray[np.int32]
    time: NDArray[np.int64]  # ms
    post: NDArray[np.int32]
    cell: NDArray[np.int32]
    start: NDArray[np.int64]  # first row of each cell, and the end
    size: NDArray[np.int64]  # accounts in each cell
    kind: NDArray[np.int64]  # size class of each cell
    by_account: NDArray[np.int64]  # rows in order of (account, cell)
    account_start: NDArray[np.int64]  # where each account begins in by_account, and the end
    accounts: int

    @property
    def count(self) -> int:
        """How many cells there are."""
        return int(self.size.size)


def make_cells(events: Events, accounts: int) -> Cells:
    """Put events into cells of object and 6 h block (UTC), keeping each account's first act in a cell."""
    block = events.time // BLOCK
    order = np.lexsort((events.time, events.account, block, events.object))
    a, o, t, b, p = (x[order] for x in (events.account, events.object, events.time, block, events.post))
    same = (o[1:] == o[:-1]) & (b[1:] == b[:-1])
    first = np.r_[True, ~(same & (a[1:] == a[:-1]))] if a.size else np.zeros(0, np.bool_)
    a, o, t, b, p = a[first], o[first], t[first], b[first], p[first]
    opens = np.r_[True, (o[1:] != o[:-1]) | (b[1:] != b[:-1])] if a.size else np.zeros(0, np.bool_)
    cell = np.cumsum(opens) - 1
    several = np.bincount(cell)[cell] >= 2 if a.size else np.zeros(0, np.bool_)
    a, o, t, p = a[several], o[several], t[several], p[several]
    cell = np.unique(cell[several], return_inverse=True)[1]
    return build_cells(a, o, t, p, cell, accounts)


def build_cells(
    account: NDArray[np.int32],
    obj: NDArray[np.int32],
    time: NDArray[np.int64],
    post: NDArray[np.int32],
    cell: NDArray[np.int64],
    accounts: int,
) -> Cells:
    """Index acts that already carry their cell."""
    order = np.lexsort((account, time, cell))
    account, obj, time, post, cell = account[order], obj[order], time[order], post[order], cell[order]
    size = np.bincount(cell) if cell.size else np.zeros(0, np.int64)
    return Cells(
        account=account,
        object=obj,
        time=time,
        post=post,
        cell=cell.astype(np.int32),
        start=np.r_[0, np.cumsum(size)].astype(np.int64),
        size=size.astype(np.int64),
        kind=np.searchsorted(SIZES, size, "left").astype(np.int64),
        by_account=np.lexsort((cell, account)).astype(np.int64),
        account_start=np.r_[0, np.cumsum(np.bincount(account, minlength=accounts))].astype(np.int64),
        accounts=accounts,
    )


@nb.njit(cache=True)
def later_within(
    time: NDArray[np.int64], cell: NDArray[np.int32], windows: NDArray[np.int64]
) -> NDArray[np.int64]:
    """For each act and window: how many later acts of its cell lie within the window."""
    n = time.size
    out = np.zeros((n, windows.size), np.int64)
    for w in range(windows.size):
        h = 0
        for k in range(n):
            h = max(h, k)
            while h + 1 < n and cell[h + 1] == cell[k] and time[h + 1] - time[k] <= windows[w]:
                h += 1
            out[k, w] = h - k
    return out
