"""Shingles of folded texts: 5-character pieces, hashed, and their MinHash signatures. Compiled."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

LENGTH = 5  # characters in a shingle
MINIMA = 42  # numbers in a signature: 14 bands of 3 meet at Jaccard 0.7 with probability 0.997
TABLE = 1 << 14  # slots to count distinct shingles of one text of at most 4,096 characters

_random = np.random.default_rng(20210926)
FACTORS: NDArray[np.uint64] = _random.integers(1, 1 << 62, MINIMA).astype(np.uint64) * np.uint64(
    2
) + np.uint64(1)


@njit(cache=True, nogil=True)
def shingle(data: Any, first: int, last: int, out: Any) -> int:
    """Write the hashes of the shingles of data[first:last] (UTF-8) to `out`, and return how many there are.

    A character begins at every byte that is no continuation byte. Repeated shingles are written again.
    """
    count = 0
    begin = 0
    h0, h1, h2, h3 = np.uint64(0), np.uint64(0), np.uint64(0), np.uint64(0)
    letter = np.uint64(0)
    for at in range(first, last + 1):
        if at == last or (data[at] & 0xC0) != 0x80:
            if at > first:
                begin += 1
                if begin >= 5 and count < out.size:
                    mix = (((h0 * 0x9E3779B1 + h1) * 0x9E3779B1 + h2) * 0x9E3779B1 + h3) * 0x9E3779B1 + letter
                    mix = (mix ^ (mix >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
                    out[count] = mix ^ (mix >> np.uint64(32))
                    count += 1
                h0, h1, h2, h3 = h1, h2, h3, letter
            letter = np.uint64(0)
        if at < last:
            letter = (letter << np.uint64(8)) | np.uint64(data[at])
    return count


@njit(cache=True, nogil=True)
def signatures(data: Any, start: Any, factors: Any, out: Any) -> None:
    """Fill out[i, k] with the smallest of factors[k] * shingle over the shingles of text i, upper 32 bits."""
    scratch = np.empty(4096, np.uint64)
    best = np.empty(factors.size, np.uint32)
    for text in range(start.size - 1):
        count = shingle(data, start[text], start[text + 1], scratch)
        for k in range(factors.size):  # loops, not slices: those cost seconds to compile
            best[k] = np.uint32(0xFFFFFFFF)
        for i in range(count):
            value = scratch[i]
            for k in range(factors.size):
                rank = np.uint32((value * factors[k]) >> np.uint64(32))
                if rank < best[k]:
                    best[k] = rank
        for k in range(factors.size):
            out[text, k] = best[k]


@njit(cache=True, nogil=True)
def jaccard(
    data: Any, start: Any, one: int, two: int, scratch: Any, slots: Any, stamps: Any, stamp: int
) -> float:
    """Return the exact Jaccard similarity of two texts' shingle sets.

    `slots` (uint64) and `stamps` (int64) are a hash table of TABLE places that is never cleared: only places
    written under `stamp` or `stamp + 1` count, so each call needs a stamp two above the last.
    """
    both = 0
    total = 0
    mask = np.uint64(slots.size - 1)
    for side in range(2):
        text = one if side == 0 else two
        count = shingle(data, start[text], start[text + 1], scratch)
        for i in range(count):
            value = scratch[i]
            place = value & mask
            while stamps[place] >= stamp and slots[place] != value:
                place = (place + np.uint64(1)) & mask
            if stamps[place] < stamp:
                slots[place] = value
                stamps[place] = stamp + side
                total += 1
            elif side == 1 and stamps[place] == stamp:
                stamps[place] = stamp + 1  # seen in the first text, now counted once
                both += 1
    return both / total if total else 0.0
