"""Compares each query with every row. Compiled; right for few rows, wide distances and crowded buckets."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from tarazu.media.index.bits import apart

BLOCK = 8192  # rows that stay in the processor's cache while every query passes


@njit(cache=True, nogil=True)
def scan(queries: Any, distance: int, hashes: Any, dead: Any) -> tuple[Any, Any, Any]:
    """Return (query, row, distance) of every living row within `distance` bits."""
    hit_query, hit_row, hit_distance = np.empty(64, np.int64), np.empty(64, np.int64), np.empty(64, np.int16)
    hits = 0
    rows, bits = np.empty(BLOCK, np.int64), np.empty(BLOCK, np.int16)
    for start in range(0, hashes.shape[0], BLOCK):
        stop = min(start + BLOCK, hashes.shape[0])
        for query in range(queries.shape[0]):
            found = _near(queries, query, distance, hashes, start, stop, rows, bits)
            for one in range(found):
                if not dead[rows[one]]:
                    if hits == hit_query.shape[0]:
                        hit_query = np.append(hit_query, np.empty_like(hit_query))
                        hit_row = np.append(hit_row, np.empty_like(hit_row))
                        hit_distance = np.append(hit_distance, np.empty_like(hit_distance))
                    hit_query[hits], hit_row[hits], hit_distance[hits] = query, rows[one], bits[one]
                    hits += 1
    return hit_query[:hits], hit_row[:hits], hit_distance[:hits]


@njit(nogil=True)
def _near(
    queries: Any, query: int, distance: int, hashes: Any, start: int, stop: int, rows: Any, bits: Any
) -> int:
    """Write the rows within the distance, and how far they are; return how many. Without a branch in its loop."""
    found = np.uint64(0)
    for row in range(np.uint64(start), np.uint64(stop)):
        differing = apart(queries, query, hashes, row)
        rows[found] = row
        bits[found] = differing
        found += np.uint64(differing <= distance)
    return int(found)
