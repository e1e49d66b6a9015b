"""Sorts the rows of a segment into the buckets of one chunk. Compiled."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from tarazu.media.index.bits import cut


@njit(cache=True, nogil=True)
def post(
    hashes: Any, start: int, width: int, bucket_bits: int, row_bits: int, offsets: Any, postings: Any, at: int
) -> None:
    """Fill `offsets` (buckets + 1, of zeros) and `postings` from `at` on: a counting sort, rows in rising order.

    `hashes` is rows x 4 words; the chunk is its `width` bits from `start` on.
    """
    inside = (np.uint64(1) << np.uint64(bucket_bits)) - np.uint64(1)
    for row in range(hashes.shape[0]):
        offsets[(cut(hashes, row, start, width) & inside) + np.uint64(1)] += np.uint32(1)
    total = np.uint32(at)
    for bucket in range(offsets.shape[0]):
        total = np.uint32(total + offsets[bucket])
        offsets[bucket] = total
    for row in range(hashes.shape[0]):
        value = cut(hashes, row, start, width)
        bucket = value & inside
        rest = (value >> np.uint64(bucket_bits)) << np.uint64(row_bits)
        postings[offsets[bucket]] = np.uint32(rest | np.uint64(row))
        offsets[bucket] += np.uint32(1)
    # Each offset has moved to the start of the next bucket.
    for bucket in range(offsets.shape[0] - 1, 0, -1):
        offsets[bucket] = offsets[bucket - 1]
    offsets[0] = np.uint32(at)
