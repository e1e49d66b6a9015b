"""How a hash is cut: ten chunks of 23 or 24 bits and one of 20, each a bucket (its low bits) and a rest (the others).

Two hashes within r bits: give the chunks thresholds t that sum, with one more each, to r + 1. If every chunk
differed in more than its threshold, all would differ in r + 1 bits; so at least one chunk is within its own, and
looking up every chunk within its threshold misses nothing (the pigeonhole principle of multi-index hashing,
Norouzi, Punjani and Fleet 2012, with a threshold a chunk).

A posting is one word of 32 bits: the row, and above it the rest of the chunk. So a bucket may be coarse, some eight
rows that lie side by side and are looked at in one step, and still each says whether it is within the threshold
before its hash is fetched. Eleven chunks measured best for a distance of 31: 1,558 buckets and 250 hashes looked at
among a million, against 272 and 4,150 for sixteen chunks of one bucket a value.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from math import comb, log2

import numpy as np
from numpy.typing import NDArray

BITS = 256
CHUNKS = 11
# The last is narrower, because for 31 bits it needs one flip less than the others: a fifth fewer hashes to look at.
WIDTHS = np.array([24] * 6 + [23] * 4 + [20], dtype=np.int64)
STARTS = np.cumsum(WIDTHS) - WIDTHS
MOST_ROWS = 1 << 24  # of one segment: what a posting can number beside the rest of a chunk
MOST_FLIPS = 4  # beyond, comparing with every row is quicker at every size

# Measured nanoseconds: looking up a bucket, going over one posting, comparing a hash far away, and one beside the last.
_BUCKET, _POSTING, _FAR, _NEAR = 12.0, 0.3, 15.0, 1.2


def bucket_bits(rows: int) -> int:
    """Return the bits of a chunk that choose its bucket, for 6 to 11 rows a bucket: mostly one line of memory."""
    return min(max(4, round(log2(max(1, rows))) - 3), int(WIDTHS.min()))


def row_bits(rows: int) -> int:
    """Return the bits of a posting that number the row."""
    return max(1, (int(rows) - 1).bit_length())


@dataclass(frozen=True, kw_only=True, eq=False)
class Probes:
    """Which buckets to look up for a distance: for each chunk all within its threshold of the query's own."""

    thresholds: NDArray[np.int64]  # bits a chunk may differ in; -1: the chunk is not needed
    flips: NDArray[np.uint64]  # bits to turn in the bucket's number, fewest first
    until: NDArray[np.int64]  # how many flips turn at most t bits, for each t


@lru_cache(maxsize=256)
def probes(rows: int, distance: int) -> Probes | None:
    """Return how to search `rows` rows for `distance` bits; None where comparing with every row is quicker."""
    thresholds = np.full(CHUNKS, -1, dtype=np.int64)
    for share in range(distance + 1):
        thresholds[share % CHUNKS] += 1  # the wide ones first
    most = int(thresholds.max())
    bits = bucket_bits(rows)
    if most > min(MOST_FLIPS, bits) or _cost(rows, bits, thresholds) >= rows * _NEAR:
        return None
    flips, until = _flips(bits, most)
    return Probes(thresholds=thresholds, flips=flips, until=until)


def _cost(rows: int, bits: int, thresholds: NDArray[np.int64]) -> float:
    """Return the expected nanoseconds of one query among hashes spread evenly."""
    total = 0.0
    for width, threshold in zip(WIDTHS.tolist(), thresholds.tolist(), strict=True):
        buckets = sum(comb(bits, turned) for turned in range(threshold + 1))
        within = sum(comb(width, turned) for turned in range(threshold + 1))
        total += buckets * (_BUCKET + _POSTING * rows / 2**bits) + within * rows / 2**width * _FAR
    return total


@lru_cache(maxsize=64)
def _flips(bits: int, most: int) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    flips: list[int] = []
    until: list[int] = []
    for turned in range(most + 1):
        # In rising order, because buckets that differ in low bits lie side by side.
        flips += sorted(sum(1 << place for place in places) for places in combinations(range(bits), turned))
        until.append(len(flips))
    return np.array(flips, np.uint64), np.array(until, np.int64)
