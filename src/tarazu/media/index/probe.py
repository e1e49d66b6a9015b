"""Finds the rows near each query through the buckets of a segment. Compiled."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from tarazu.media.index.bits import LANES, agreeing, apart, cut, popcount, prefetch, trailing_zeros


@njit(cache=True, nogil=True)
def probe(
    queries: Any,
    distance: int,
    hashes: Any,
    dead: Any,
    offsets: Any,
    postings: Any,
    starts: Any,
    widths: Any,
    thresholds: Any,
    flips: Any,
    turned: Any,
    until: Any,
    row_bits: int,
) -> tuple[Any, Any, Any, Any]:
    """Return (query, row, distance) of every living row within `distance`, each once, and which queries to scan for.

    A query whose buckets hold so much that comparing with every row is quicker is given up and marked (1) in the
    last of the four; it has no hits here. `offsets` is chunks x (buckets + 1); the rest is from `chunk.Probes` and
    `Segment`.
    """
    rows, chunks = np.uint64(hashes.shape[0]), starts.shape[0]
    # Comparing a candidate costs as much as twelve rows of a scan, going over postings a sixth of it.
    found = np.empty(1024 + hashes.shape[0] // 12, np.uint32)
    enough = 100_000 + 6 * hashes.shape[0]
    ends, values = np.empty(chunks, np.int64), np.empty(chunks, np.uint64)
    first, last = np.empty(flips.shape[0], np.uint32), np.empty(flips.shape[0], np.uint32)
    given_up = np.zeros(queries.shape[0], np.uint8)
    hit_query, hit_row, hit_distance = np.empty(64, np.int64), np.empty(64, np.int64), np.empty(64, np.int16)
    hits = 0
    for query in range(queries.shape[0]):
        candidates, looked = 0, 0
        for chunk in range(chunks):
            if thresholds[chunk] >= 0 and candidates >= 0:
                values[chunk] = cut(queries, query, starts[chunk], widths[chunk])
                candidates, more = _gather(
                    values[chunk], thresholds[chunk], offsets[chunk], postings, flips, turned, until, row_bits,
                    first, last, found, candidates,
                )  # fmt: skip
                looked += more
                if looked > enough:
                    candidates = -1
            ends[chunk] = candidates
        if candidates < 0:
            given_up[query] = 1
            continue
        for candidate in range(candidates):
            prefetch(hashes, np.uint64(found[candidate]) * np.uint64(4))
        chunk = 0
        for candidate in range(candidates):
            while ends[chunk] <= candidate:
                chunk += 1
            row = np.uint64(found[candidate])
            if row >= rows:  # only in a damaged file
                continue
            bits = apart(queries, query, hashes, row)
            if bits > distance or dead[row]:
                continue
            # Every chunk within its threshold finds the row; it counts where it is found first.
            again = False
            for earlier in range(chunk):
                if thresholds[earlier] >= 0 and not again:
                    differing = cut(hashes, row, starts[earlier], widths[earlier]) ^ values[earlier]
                    again = np.int64(popcount(differing)) <= thresholds[earlier]
            if not again:
                if hits == hit_query.shape[0]:
                    hit_query = np.append(hit_query, np.empty_like(hit_query))
                    hit_row = np.append(hit_row, np.empty_like(hit_row))
                    hit_distance = np.append(hit_distance, np.empty_like(hit_distance))
                hit_query[hits], hit_row[hits], hit_distance[hits] = query, np.int64(row), np.int16(bits)
                hits += 1
    return hit_query[:hits], hit_row[:hits], hit_distance[:hits], given_up


@njit(nogil=True)
def _gather(
    value: Any,
    threshold: int,
    bounds: Any,
    postings: Any,
    flips: Any,
    turned: Any,
    until: Any,
    row_bits: int,
    first: Any,
    last: Any,
    found: Any,
    candidates: int,
) -> tuple[int, int]:
    """Append the rows whose chunk is within the threshold of `value` to `found`.

    Returns how many rows `found` holds now (-1: it is full) and how many postings were gone over.
    """
    inside = np.uint64(bounds.shape[0] - 2)  # buckets are a power of two
    bucket = value & inside
    row_mask = np.uint32((np.uint32(1) << np.uint32(row_bits)) - np.uint32(1))
    rest_mask = np.uint32(~row_mask)
    rest = np.uint32((value >> popcount(inside)) << np.uint64(row_bits))
    # All look-ups before all readings: memory answers many requests at a time.
    for flip in range(until[threshold]):
        other = bucket ^ flips[flip]
        first[flip] = bounds[other]
        last[flip] = bounds[other + np.uint64(1)]
        prefetch(postings, np.uint64(first[flip]))
    looked = 0
    for flip in range(until[threshold]):
        left = np.uint32(threshold - turned[flip])
        at, end = np.uint64(first[flip]), np.uint64(last[flip])
        looked += int(end - at)
        while at < end:
            if candidates + LANES > found.shape[0]:
                return -1, looked
            near = agreeing(postings, at, rest, rest_mask, left)
            valid = (np.uint32(1) << np.uint32(min(np.uint64(LANES), end - at))) - np.uint32(1)
            near = np.uint32(near & valid)
            while near:
                found[candidates] = postings[at + np.uint64(trailing_zeros(near))] & row_mask
                candidates += 1
                near = np.uint32(near & (near - np.uint32(1)))
            at += np.uint64(LANES)
    return candidates, looked
