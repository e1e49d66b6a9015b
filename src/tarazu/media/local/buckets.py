"""Codes of 128 bits by their neighbourhood: which pictures of a bank have points like those of a query. Compiled.

Four tables each look at 20 of the 128 bits; two codes of one point mostly agree on all 20 of some table. A table is
chains of rows that agree, so that adding is a matter of moments and takes nothing from those who search meanwhile.
It is a screen: a code that differs in an unlucky bit of each table is not found, and a picture is found by many codes.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

TABLES = 4
BITS = 20
NEAR = 18  # bits of 128 in which two codes of one point may differ, to screen
# Some codes are everywhere: the corners of letters, straight edges. A chain of more rows is of them and passed over,
# whoever they belong to; a code that more pictures have still votes, but says nothing about a pose.
LONGEST = 2000
COMMON = 1000


def _places() -> NDArray[np.int64]:
    """Return which bits each table looks at: 4 x 20, no bit twice, spread over the 128 by a fixed stride."""
    return (np.arange(TABLES * BITS, dtype=np.int64) * 45 % 128).reshape(BITS, TABLES).T.copy()


PLACES = _places()


def empty_heads() -> NDArray[np.int32]:
    """Return the beginnings of no chains."""
    return np.full((TABLES, 1 << BITS), -1, np.int32)


@njit(cache=True, nogil=True, inline="always")
def ones(x: Any) -> Any:
    """Return how many bits of a word are set."""
    x = x - ((x >> np.uint64(1)) & np.uint64(0x5555555555555555))
    x = (x & np.uint64(0x3333333333333333)) + ((x >> np.uint64(2)) & np.uint64(0x3333333333333333))
    x = (x + (x >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((x * np.uint64(0x0101010101010101)) >> np.uint64(56))


@njit(cache=True, nogil=True)
def _key(low: Any, high: Any, places: Any) -> Any:
    key = np.int64(0)
    for place in places:
        word = low if place < 64 else high
        key = (key << 1) | np.int64((word >> np.uint64(place & 63)) & np.uint64(1))
    return key


def no_loads() -> NDArray[np.int32]:
    """Return the lengths of no chains."""
    return np.zeros((TABLES, 1 << BITS), np.int32)


@njit(cache=True, nogil=True)
def chain(codes: Any, first: int, last: int, heads: Any, loads: Any, following: Any, places: Any) -> None:
    """Put the rows `first` to `last` (exclusive) of `codes` (n x 2 words) into the tables."""
    for row in range(first, last):
        for table in range(places.shape[0]):
            key = _key(codes[row, 0], codes[row, 1], places[table])
            following[row, table] = heads[table, key]
            heads[table, key] = row
            loads[table, key] += 1


@njit(cache=True, nogil=True)
def votes(
    queries: Any,
    codes: Any,
    owners: Any,
    alive: Any,
    heads: Any,
    loads: Any,
    following: Any,
    places: Any,
    pictures: int,
) -> Any:
    """Return (votes, pairs): how much speaks for each picture, in two ways (2 x pictures), and why.

    Both ways are sums over the query codes that are like one of the picture's own, and a code counts the more the
    fewer pictures have one like it: by log(1 + pictures / those that have), which serves a picture known in many
    versions, and by 1 / those that have, which serves one with little of its own among much that is everywhere, such
    as letters. The pairs are n x 3: picture, row of `queries`, row of `codes`.
    """
    out = np.zeros((2, pictures), np.float32)
    seen = np.full(pictures, -1, np.int32)
    having = np.empty(pictures, np.int32)
    through = np.empty(pictures, np.int32)
    pairs = np.empty((queries.shape[0] * min(COMMON, pictures), 3), np.int32)
    count = 0
    for query in range(queries.shape[0]):
        low, high = queries[query, 0], queries[query, 1]
        many = 0
        for table in range(places.shape[0]):
            key = _key(low, high, places[table])
            if loads[table, key] > LONGEST:
                continue
            row = heads[table, key]
            while row >= 0:
                if ones(codes[row, 0] ^ low) + ones(codes[row, 1] ^ high) <= NEAR:
                    owner = owners[row]
                    # A picture that was added after the search began has no place in `out`.
                    if owner < pictures and alive[owner] and seen[owner] != query:
                        seen[owner] = query
                        having[many], through[many] = owner, row
                        many += 1
                row = following[row, table]
        if many <= COMMON:
            for at in range(many):
                pairs[count, 0], pairs[count, 1], pairs[count, 2] = having[at], query, through[at]
                count += 1
        if many:
            weight = np.float32(np.log(1 + pictures / many))
            for at in range(many):
                out[0, having[at]] += weight
                out[1, having[at]] += np.float32(1 / many)
    return out, pairs[:count]
