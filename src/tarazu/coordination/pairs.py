"""Exact counts of joint actions within a time window, never quadratic in what is not asked for.

Rows are sorted once by (object, time); each row then sees its window as one contiguous slice. Pairs are counted
before they are stored, stored as 64-bit keys, and counted by sorting them, one range of accounts at a time, so
that memory stays bounded however many pairs there are.

Three ways of counting are in use in the field, and all three are here so that their users can check us:

- ``objects``: one row an unordered pair, weight = distinct objects on which both acted within the window;
- ``coortweet``: one row an unordered pair, weight = pairs of messages (CooRTweet's count);
- ``cnt``: both directions, weight = distinct messages of the source that have a message of the target on the same
  object within the window (coordination-network-toolkit's count).
"""

from __future__ import annotations

from typing import Literal, cast, get_args

import numba as nb
import numpy as np
from numpy.typing import NDArray

from tarazu.errors import OptionError

Semantics = Literal["objects", "coortweet", "cnt"]

# Keys held at a time: 32 M keys are 256 MB, and sorting them takes about a second.
_BATCH = 32_000_000
# A list of more pairs than this helps nobody: 100,000 actors on one object within the window are 5,000 M pairs.
_LIMIT = 1_500_000_000


@nb.njit(cache=True)
def _slices(obj: NDArray[np.int32], time: NDArray[np.int64], window: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return for each row of the sorted table the first and one past the last row within `window` on its object."""
    n = obj.size
    low = np.empty(n, np.int64)
    high = np.empty(n, np.int64)
    a = 0
    for i in range(n):
        if a < i and obj[a] != obj[i]:
            a = i
        while obj[a] != obj[i] or time[i] - time[a] > window:
            a += 1
        low[i] = a
    b = n
    for k in range(n):
        i = n - 1 - k
        if obj[b - 1] != obj[i]:
            b = i + 1
        while time[b - 1] - time[i] > window:
            b -= 1
        high[i] = b
    return low, high


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
    accounts: int,
    out: NDArray[np.int64],
) -> int:
    """Walk groups first..last-1 (rows of one account that count once); store keys in `out` if it has room for any.

    mode 0: other accounts with a larger code, once a group; 1: every later row of another account; 2: every other
    account once a group. Returns how many keys there are.
    """
    m = 0
    store = out.size > 0
    seen = np.full(accounts, -1, np.int32)
    for g in range(first, last):
        for r in range(start[g], start[g + 1]):
            i = row[r]
            me = np.int64(account[i])
            begin = i + 1 if mode == 1 else low[i]
            for j in range(begin, high[i]):
                other = np.int64(account[j])
                if other == me:
                    continue
                if mode == 1:
                    if store:
                        out[m] = (min(me, other) << 32) | max(me, other)
                    m += 1
                elif (mode == 2 or other > me) and seen[other] != g - first:
                    seen[other] = g - first
                    if store:
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


def count_pairs(
    account: NDArray[np.int32],
    object: NDArray[np.int32],  # noqa: A002 - the field's own word
    time: NDArray[np.int64],
    window: int,
    semantics: str = "objects",
    message: NDArray[np.int32] | None = None,
    min_weight: int = 1,
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int64]]:
    """Count joint actions of every pair of accounts.

    `account`, `object`, `message` are codes from 0, `time` and `window` in ms (inclusive). `message` is needed by
    ``cnt`` when a message can name several objects; without it every row is its own message. With `min_weight` above 1
    accounts that cannot reach it are left out before any pair is formed, which changes no result.

    Returns (source, target, weight) sorted by source and target; see the module for what a weight is.
    """
    if semantics not in get_args(Semantics):
        raise OptionError(f"Unknown way of counting {semantics!r}; choose one of {', '.join(get_args(Semantics))}.")
    if window < 0:
        raise OptionError("The window must be zero seconds or longer.")
    empty = np.zeros(0, np.int32)
    if account.size == 0:
        return empty, empty, np.zeros(0, np.int64)
    if min_weight > 1 and semantics == "objects":
        keep = _can_reach(account, object, min_weight)
        account, object, time = account[keep], object[keep], time[keep]  # noqa: A001
        if account.size == 0:
            return empty, empty, np.zeros(0, np.int64)
    order = np.lexsort((account, time, object))
    acc, obj, tim = account[order], object[order], time[order]
    low, high = _slices(obj, tim, window)
    mode = {"objects": 0, "coortweet": 1, "cnt": 2}[semantics]
    row, start, owner = _groups(acc, obj, None if message is None else message[order], mode)
    sizes = np.bincount(owner, weights=_group_sizes(low, high, row, start)).astype(np.int64)
    if sizes.sum() > _LIMIT:
        raise OptionError(
            f"About {int(sizes.sum()):,} pairs lie within the window, more than can be listed; ask for pairs that meet "
            "on at least two objects (--min-weight 2) or for a shorter window."
        )
    count = int(account.max()) + 1
    found: list[tuple[NDArray[np.int64], NDArray[np.int64]]] = []
    bounds = np.searchsorted(owner, _ranges(sizes), side="left")
    for first, last in zip(bounds[:-1], bounds[1:], strict=True):
        if first == last:
            continue
        total = _walk(acc, low, high, row, start, first, last, mode, count, np.zeros(0, np.int64))
        if not total:
            continue
        keys = np.empty(total, np.int64)
        _walk(acc, low, high, row, start, first, last, mode, count, keys)
        keys.sort()
        found.append(_runs(keys))
    if not found:
        return empty, empty, np.zeros(0, np.int64)
    keys, weight = _merge(found) if mode == 1 and len(found) > 1 else _join(found)
    if min_weight > 1:
        keys, weight = keys[weight >= min_weight], weight[weight >= min_weight]
    return (keys >> 32).astype(np.int32), (keys & 0xFFFFFFFF).astype(np.int32), weight


def _can_reach(account: NDArray[np.int32], obj: NDArray[np.int32], weight: int) -> NDArray[np.bool_]:
    """Rows of accounts with at least `weight` distinct objects, on objects with at least two such accounts."""
    keep = np.ones(account.size, np.bool_)
    while True:
        pairs = np.unique((account[keep].astype(np.int64) << 32) | obj[keep])
        distinct = np.bincount(pairs >> 32, minlength=int(account.max()) + 1)
        actors = np.bincount(pairs & 0xFFFFFFFF, minlength=int(obj.max()) + 1)
        fresh = keep & (distinct[account] >= weight) & (actors[obj] >= 2)
        if fresh.sum() == keep.sum():
            return keep
        keep = fresh


def _groups(
    account: NDArray[np.int32], obj: NDArray[np.int32], message: NDArray[np.int32] | None, mode: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int32]]:
    """Order the rows by account and by what counts once; return rows, group starts, and each group's account."""
    n = account.size
    if mode == 1 or (mode == 2 and message is None):
        row = np.argsort(account, kind="stable")
        return row, np.arange(n + 1), account[row]
    unit = cast(NDArray[np.int32], obj if mode == 0 else message)
    row = np.lexsort((unit, account))
    a, u = account[row], unit[row]
    new = np.r_[True, (a[1:] != a[:-1]) | (u[1:] != u[:-1])]
    start = np.flatnonzero(new)
    return row, np.r_[start, n], a[start]


def _ranges(sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Cut the accounts into ranges of at most `_BATCH` keys each (an account alone may hold more)."""
    filled = np.cumsum(sizes) // _BATCH
    return np.r_[0, np.flatnonzero(np.diff(filled)) + 1, sizes.size].astype(np.int64)


def _runs(keys: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Run-length encode sorted keys."""
    start = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]])
    return keys[start], np.diff(np.r_[start, keys.size])


def _join(parts: list[tuple[NDArray[np.int64], NDArray[np.int64]]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Put parts one after the other; their sources are ascending ranges, so the whole is sorted."""
    return np.concatenate([p[0] for p in parts]), np.concatenate([p[1] for p in parts])


def _merge(parts: list[tuple[NDArray[np.int64], NDArray[np.int64]]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Add the weights of keys that occur in several parts."""
    keys, weight = _join(parts)
    unique, inverse = np.unique(keys, return_inverse=True)
    return unique, np.bincount(inverse, weights=weight).astype(np.int64)
