"""Exact counts of joint actions within a time window, never quadratic in what is not asked for.

Rows are sorted once by (object, time); each row then sees its window as one contiguous slice. Pairs are
counted before they are stored, stored as 64-bit keys, and counted by sorting them. If all keys fit into one
table they are emitted in the order of the rows, which is what memory likes; if not, one range of accounts at
a time, so that memory stays bounded however many pairs there are. An object on which nobody acts twice
(nearly all of them) has each pair once, so only the others need a look at what has been seen.

Three ways of counting are in use in the field, and all three are here so that their users can check us:

- ``objects``: one row an unordered pair, weight = distinct objects on which both acted within the window;
- ``coortweet``: one row an unordered pair, weight = pairs of messages (CooRTweet's count);
- ``cnt``: both directions, weight = distinct messages of the source that have a message of the target on
  the same object within the window (coordination-network-toolkit's count).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, cast, get_args

import numba as nb
import numpy as np
from numpy.typing import NDArray

from tarazu.errors import OptionError

Semantics = Literal["objects", "coortweet", "cnt"]
Counted = tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int64]]
_Runs = tuple[NDArray[np.int64], NDArray[np.int64]]

# Keys held at a time: 32 M keys are 256 MB, and sorting them takes about a second.
_BATCH = 32_000_000
# A list of more pairs than this helps nobody: 100,000 actors on one object at once are 5,000 M pairs.
_LIMIT = 1_500_000_000
# Objects with fewer pairs than this are never worth setting aside.
_HEAVY = 1_000_000
# Objects that are set aside at most; each costs a look at every pair that is left.
_HEAVY_MOST = 64
_MODES = {"objects": 0, "coortweet": 1, "cnt": 2}


@dataclass(frozen=True, kw_only=True, eq=False)
class _Rows:
    """The acts sorted by (object, time), each with its window."""

    account: NDArray[np.int32]
    object: NDArray[np.int32]
    time: NDArray[np.int64]
    message: NDArray[np.int32] | None
    low: NDArray[np.int64]  # first row within the window on the same object
    high: NDArray[np.int64]  # one past the last
    single: NDArray[np.bool_]  # nobody acted twice on this row's object

    @property
    def later(self) -> int:
        """How many pairs of rows lie within the window."""
        return int((self.high - np.arange(self.high.size) - 1).sum())


def count_pairs(
    account: NDArray[np.int32],
    object: NDArray[np.int32],
    time: NDArray[np.int64],
    window: int,
    semantics: str = "objects",
    message: NDArray[np.int32] | None = None,
    min_weight: int = 1,
) -> Counted:
    """Count joint actions of every pair of accounts.

    `account`, `object`, `message` are codes from 0, `time` and `window` in ms (inclusive). `message` matters
    to ``cnt`` where a message can name several objects; without it every row is its own message. With
    `min_weight` above 1 and ``objects``, accounts that cannot reach it and objects that cannot decide it are
    set aside before any pair is formed, which changes no result.

    Returns (source, target, weight) sorted by source and target; see the module for what a weight is. Raises
    `OptionError` if the list would be longer than anybody can use.
    """
    if semantics not in get_args(Semantics):
        raise OptionError(
            f"Unknown way of counting {semantics!r}; choose one of {', '.join(get_args(Semantics))}."
        )
    if window < 0:
        raise OptionError("The window must be zero seconds or longer.")
    mode = _MODES[semantics]
    prune = min_weight > 1 and mode == 0
    if prune and account.size:
        keep = _can_reach(account, object, min_weight)
        account, object, time = account[keep], object[keep], time[keep]
    if account.size == 0:
        return _counted(_none())
    rows = _sort(account, object, time, message if mode == 2 else None, window)
    heavy = _heavy(rows, min_weight) if prune else np.zeros(0, np.bool_)
    if heavy.any():
        light = _count(_without(rows, heavy), mode, 1)
        keys, weight = light
        weight = weight + _on_heavy(keys, rows, heavy, window)
        return _counted((keys[weight >= min_weight], weight[weight >= min_weight]))
    return _counted(_count(rows, mode, min_weight))


def _count(rows: _Rows, mode: int, min_weight: int) -> _Runs:
    """Count by the way that fits: all keys at once, or a range of accounts at a time."""
    bound = rows.later * (2 if mode == 2 else 1)
    if bound > _LIMIT:
        raise OptionError(
            f"About {bound:,} pairs lie within the window, more than can be listed; ask for pairs that meet "
            "on at least two objects or for a shorter window."
        )
    if not bound:
        return _none()
    found = _at_once(rows, mode, bound) if bound <= _BATCH else _by_ranges(rows, mode, min_weight)
    enough = found[1] >= min_weight
    return found if enough.all() else (found[0][enough], found[1][enough])


def _at_once(rows: _Rows, mode: int, bound: int) -> _Runs:
    """Emit all keys in the order of the rows, then sort them."""
    plain = np.ones(rows.account.size, np.bool_) if mode == 1 else rows.single
    if mode == 2 and rows.message is not None:
        plain = plain & (np.bincount(rows.message) == 1)[rows.message]
    keys = np.empty(bound, np.int64)
    total = _emit(rows.account, rows.low, rows.high, plain, mode == 2, keys)
    if not plain.all():
        row, start = _units(rows, np.flatnonzero(~plain), mode)
        seen = np.full(int(rows.account.max()) + 1, -1, np.int64)
        total += _walk(
            rows.account, rows.low, rows.high, row, start, 0, start.size - 1, mode, plain, seen, keys[total:]
        )
    keys = keys[:total]
    keys.sort()
    return _runs(keys)


def _by_ranges(rows: _Rows, mode: int, min_weight: int) -> _Runs:
    """Count the pairs of one range of sources after the other."""
    row, start, owner = _groups(rows, np.arange(rows.account.size), mode)
    sizes = np.bincount(owner, weights=_group_sizes(rows.low, rows.high, row, start)).astype(np.int64)
    seen = np.full(int(rows.account.max()) + 1, -1, np.int64)
    bounds = np.searchsorted(owner, _ranges(sizes), side="left")
    plain = np.ones(rows.account.size, np.bool_) if mode == 1 else rows.single
    if mode == 2 and rows.message is not None:
        plain = plain & (np.bincount(rows.message) == 1)[rows.message]
    found: list[_Runs] = []
    total = np.r_[0, np.cumsum(sizes)]
    for first, last in pairwise(bounds.tolist()):
        if first == last:
            continue
        room = int(total[owner[last - 1] + 1] - total[owner[first]])
        keys = np.empty(room, np.int64)
        keys = keys[
            : _walk(rows.account, rows.low, rows.high, row, start, first, last, mode, plain, seen, keys)
        ]
        keys.sort()
        unique, weight = _runs(keys)
        enough = weight >= min_weight
        found.append((unique[enough], weight[enough]))
    # The sources of the ranges ascend, so the whole is sorted.
    return np.concatenate([f[0] for f in found]), np.concatenate([f[1] for f in found])


def _none() -> _Runs:
    return np.zeros(0, np.int64), np.zeros(0, np.int64)


def _counted(found: _Runs) -> Counted:
    keys, weight = found
    return (keys >> 32).astype(np.int32), (keys & 0xFFFFFFFF).astype(np.int32), weight


def _sort(
    account: NDArray[np.int32],
    obj: NDArray[np.int32],
    time: NDArray[np.int64],
    message: NDArray[np.int32] | None,
    window: int,
) -> _Rows:
    """Sort the acts by (object, time) and find their windows."""
    order = _order(obj, time)
    account, obj, time = account[order], obj[order], time[order]
    low, high = _slices(obj, time, window)
    pairs = (obj.astype(np.int64) << 32) | account
    pairs.sort()
    repeated = np.zeros(int(obj[-1]) + 1, np.bool_)
    repeated[pairs[1:][pairs[1:] == pairs[:-1]] >> 32] = True
    return _Rows(
        account=account,
        object=obj,
        time=time,
        message=None if message is None else message[order],
        low=low,
        high=high,
        single=~repeated[obj],
    )


def _order(obj: NDArray[np.int32], time: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the order by (object, time); one packed key, if it fits into 63 bits, sorts ten times faster."""
    first, last = int(time.min()), int(time.max())
    bits = (last - first).bit_length()
    if bits + int(obj.max()).bit_length() > 63:
        return np.lexsort((time, obj))
    return np.argsort((obj.astype(np.int64) << bits) | (time - first))


def _without(rows: _Rows, heavy: NDArray[np.bool_]) -> _Rows:
    """Close the windows of the rows on heavy objects, so that they form no pair."""
    here = np.arange(rows.low.size)
    aside = heavy[rows.object]
    return _Rows(
        account=rows.account,
        object=rows.object,
        time=rows.time,
        message=rows.message,
        low=np.where(aside, here, rows.low),
        high=np.where(aside, here + 1, rows.high),
        single=rows.single,
    )


def _heavy(rows: _Rows, min_weight: int) -> NDArray[np.bool_]:
    """Choose the objects to set aside, at most `min_weight` - 1: who counts meets on another one too."""
    later = rows.high - np.arange(rows.high.size) - 1
    pairs = np.bincount(rows.object, weights=later)
    top = np.argsort(-pairs, kind="stable")[: min(min_weight - 1, _HEAVY_MOST)]
    heavy = np.zeros(pairs.size, np.bool_)
    heavy[top[pairs[top] >= _HEAVY]] = True
    return heavy


def _on_heavy(
    keys: NDArray[np.int64], rows: _Rows, heavy: NDArray[np.bool_], window: int
) -> NDArray[np.int64]:
    """Count for each pair the heavy objects on which both acted within the window."""
    here = np.flatnonzero(heavy[rows.object])
    here = here[np.argsort(rows.account[here], kind="stable")]  # by (account, object, time)
    start = np.r_[0, np.cumsum(np.bincount(rows.account[here], minlength=int(rows.account.max()) + 1))]
    met: NDArray[np.int64] = _met(keys, rows.object[here], rows.time[here], start, window)
    return met


def _can_reach(account: NDArray[np.int32], obj: NDArray[np.int32], weight: int) -> NDArray[np.bool_]:
    """Rows of accounts with `weight` distinct objects or more, on objects with at least two such accounts."""
    keep = np.ones(account.size, np.bool_)
    while True:
        pairs = np.unique((account[keep].astype(np.int64) << 32) | obj[keep])
        distinct = np.bincount(pairs >> 32, minlength=int(account.max()) + 1)
        actors = np.bincount(pairs & 0xFFFFFFFF, minlength=int(obj.max()) + 1)
        fresh = keep & (distinct[account] >= weight) & (actors[obj] >= 2)
        if fresh.sum() == keep.sum():
            return keep
        keep = fresh


def _units(rows: _Rows, chosen: NDArray[np.int64], mode: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return rows and group starts, in any order; rows that count alone stay in the order of memory."""
    if mode != 2 or rows.message is None:
        return (chosen, np.arange(chosen.size + 1)) if mode else _groups(rows, chosen, mode)[:2]
    alone = (np.bincount(rows.message) == 1)[rows.message[chosen]]
    row, start, _ = _groups(rows, chosen[~alone], mode)
    return np.r_[chosen[alone], row], np.r_[np.arange(alone.sum()), start + alone.sum()]


def _groups(
    rows: _Rows, chosen: NDArray[np.int64], mode: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int32]]:
    """Order rows by account and by what counts once; return rows, group starts, and each group's account."""
    account = rows.account[chosen]
    if mode == 1 or (mode == 2 and rows.message is None):
        row = chosen[np.argsort(account, kind="stable")]
        return row, np.arange(row.size + 1), rows.account[row]
    unit = cast(NDArray[np.int32], rows.object if mode == 0 else rows.message)
    row = chosen[np.lexsort((unit[chosen], account))]
    a, u = rows.account[row], unit[row]
    start = np.flatnonzero(np.r_[np.ones(min(row.size, 1), np.bool_), (a[1:] != a[:-1]) | (u[1:] != u[:-1])])
    return row, np.r_[start, row.size], a[start]


def _ranges(sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Cut the accounts into ranges of at most about `_BATCH` keys each (an account alone may hold more)."""
    filled = np.cumsum(sizes) // _BATCH
    cuts: NDArray[np.int64] = np.r_[0, np.flatnonzero(np.diff(filled)) + 1, sizes.size].astype(np.int64)
    return cuts


def _runs(keys: NDArray[np.int64]) -> _Runs:
    """Run-length encode sorted keys."""
    start = np.flatnonzero(np.r_[np.ones(min(keys.size, 1), np.bool_), keys[1:] != keys[:-1]])
    return keys[start], np.diff(np.r_[start, keys.size])


@nb.njit(cache=True)
def _slices(
    obj: NDArray[np.int32], time: NDArray[np.int64], window: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return for each sorted row the first and one past the last row within `window` on its object."""
    n = obj.size
    low = np.empty(n, np.int64)
    high = np.empty(n, np.int64)
    a = 0
    for i in range(n):
        while obj[a] != obj[i] or time[i] - time[a] > window:
            high[a] = i
            a += 1
        low[i] = a
    while a < n:
        high[a] = n
        a += 1
    return low, high


@nb.njit(cache=True)
def _emit(
    account: NDArray[np.int32],
    low: NDArray[np.int64],
    high: NDArray[np.int64],
    plain: NDArray[np.bool_],
    directed: bool,
    out: NDArray[np.int64],
) -> int:
    """Write the keys of plain rows, whose pairs all count: with later rows, or with all of the window."""
    m = 0
    for i in range(account.size):
        if not plain[i]:
            continue
        me = np.int64(account[i])
        if directed:
            for j in range(low[i], high[i]):
                out[m] = (me << 32) | np.int64(account[j])
                m += j != i
        else:
            for j in range(i + 1, high[i]):
                other = np.int64(account[j])
                out[m] = (min(me, other) << 32) | max(me, other)
                m += other != me
    return m


@nb.njit(cache=True)
def _walk(
    account: NDArray[np.int32],
    low: NDArray[np.int64],
    high: NDArray[np.int64],
    row: NDArray[np.int64],
    start: NDArray[np.int64],
    first: int,
    last: int,
    mode: int,
    plain: NDArray[np.bool_],
    seen: NDArray[np.int64],
    out: NDArray[np.int64],
) -> int:
    """Write the keys of groups first..last-1, rows of one account that count once; return how many there are.

    mode 0: other accounts with a larger code, once a group; 1: every row of an account with a larger code;
    2: every other account, once a group. `seen` holds for each account the last group that saw it; plain rows
    need no look.
    """
    m = 0
    for g in range(first, last):
        for r in range(start[g], start[g + 1]):
            i = row[r]
            me = np.int64(account[i])
            for j in range(low[i], high[i]):
                other = np.int64(account[j])
                if other == me or (mode != 2 and other < me):
                    continue
                if not plain[i]:
                    if seen[other] == g:
                        continue
                    seen[other] = g
                out[m] = (me << 32) | other
                m += 1
    return m


@nb.njit(cache=True)
def _group_sizes(
    low: NDArray[np.int64], high: NDArray[np.int64], row: NDArray[np.int64], start: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return an upper bound of the keys of each group."""
    out = np.zeros(start.size - 1, np.int64)
    for g in range(start.size - 1):
        for r in range(start[g], start[g + 1]):
            out[g] += high[row[r]] - low[row[r]] - 1
    return out


@nb.njit(cache=True)
def _met(
    keys: NDArray[np.int64],
    obj: NDArray[np.int32],
    time: NDArray[np.int64],
    start: NDArray[np.int64],
    window: int,
) -> NDArray[np.int64]:
    """Count for each pair the objects where both acted within the window; rows by (account, object, time)."""
    out = np.zeros(keys.size, np.int64)
    for z in range(keys.size):
        x = keys[z] >> 32
        y = keys[z] & 0xFFFFFFFF
        i, end_i = start[x], start[x + 1]
        j, end_j = start[y], start[y + 1]
        while i < end_i and j < end_j:
            if obj[i] < obj[j]:
                i += 1
            elif obj[i] > obj[j]:
                j += 1
            elif abs(time[i] - time[j]) <= window:
                out[z] += 1
                met = obj[i]
                while i < end_i and obj[i] == met:
                    i += 1
            elif time[i] < time[j]:
                i += 1
            else:
                j += 1
    return out
