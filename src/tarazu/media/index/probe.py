"""Finds the rows near each query through the buckets of a segment. Compiled."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from tarazu.media.index.bits import LANES, agreeing, apart, cut, popcount, prefetch, trailing_zeros

_HELD = 4096  # candidates that are compared together, so that memory answers many requests at a time


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
    until: Any,
    row_bits: int,
) -> tuple[Any, Any, Any, Any]:
    """Return (query, row, distance) of every living row within `distance`, each once, and which queries to scan for.

    A query whose buckets hold so much that comparing with every row is quicker is given up and marked (1) in the
    last of the four; hits that it has here are to be left out. `offsets` is chunks x (buckets + 1); the rest is from
    `chunk.Probes` and `Segment`. One chunk after the other, each for all queries, while it is in the processor's cache.
    """
    # Comparing a candidate costs as much as some thirty rows of a scan, going over a posting a sixth of one.
    most_candidates, most_postings = 1024 + hashes.shape[0] // 32, 100_000 + 6 * hashes.shape[0]
    candidates, looked = np.zeros(queries.shape[0], np.int64), np.zeros(queries.shape[0], np.int64)
    given_up = np.zeros(queries.shape[0], np.uint8)
    first, last = np.empty(flips.shape[0], np.uint32), np.empty(flips.shape[0], np.uint32)
    # Past the most, up to a row a bucket is written before it is seen.
    room = _HELD + most_candidates + LANES + flips.shape[0]
    found_query, found_row = np.empty(room, np.uint32), np.empty(room, np.uint32)
    hit_query, hit_row, hit_distance = np.empty(64, np.int64), np.empty(64, np.int64), np.empty(64, np.int16)
    hits = 0
    for chunk in range(starts.shape[0]):
        if thresholds[chunk] < 0:
            continue
        held = 0
        for query in range(queries.shape[0]):
            if given_up[query]:
                continue
            value = cut(queries, query, starts[chunk], widths[chunk])
            looked[query] += _look_up(
                value, offsets[chunk], postings, flips, until[thresholds[chunk]], first, last
            )
            if looked[query] <= most_postings:
                before = held
                most = held + most_candidates - candidates[query]
                held = _read(
                    value, offsets.shape[1] - 2, row_bits, postings, first, last, until, thresholds[chunk],
                    found_row, held, most,
                )  # fmt: skip
                for one in range(before, held):
                    found_query[one] = query
                    prefetch(hashes, np.uint64(found_row[one]) * np.uint64(4))  # compared later
                candidates[query] += held - before
            given_up[query] = looked[query] > most_postings or candidates[query] > most_candidates
            if held >= _HELD or query == queries.shape[0] - 1:
                hit_query, hit_row, hit_distance, hits = _compare(
                    queries, distance, hashes, dead, starts, widths, thresholds, chunk,
                    found_query, found_row, held, hit_query, hit_row, hit_distance, hits,
                )  # fmt: skip
                held = 0
    return hit_query[:hits], hit_row[:hits], hit_distance[:hits], given_up


@njit(nogil=True)
def _look_up(value: Any, bounds: Any, postings: Any, flips: Any, count: int, first: Any, last: Any) -> Any:
    """Write where the buckets of the first `count` flips begin and end; return how many postings they hold.

    All look-ups come before all readings, because memory answers many requests at a time.
    """
    bucket = value & np.uint64(bounds.shape[0] - 2)  # buckets are a power of two
    looked = np.uint64(0)
    for flip in range(count):
        other = bucket ^ flips[flip]
        begin, end = np.uint64(bounds[other]), np.uint64(bounds[other + np.uint64(1)])
        first[flip] = begin
        last[flip] = end
        looked += end - begin
        prefetch(postings, begin)
        prefetch(postings, end)
    return np.int64(looked)


@njit(nogil=True)
def _read(
    value: Any,
    inside: int,
    row_bits: int,
    postings: Any,
    first: Any,
    last: Any,
    until: Any,
    threshold: int,
    found: Any,
    held: int,
    most: int,
) -> Any:
    """Add the rows whose chunk is within the threshold to `found`; stop past `most`. Returns how many are held."""
    row_mask = np.uint32((np.uint32(1) << np.uint32(row_bits)) - np.uint32(1))
    rest_mask = np.uint32(~row_mask)
    rest = np.uint32((value >> popcount(np.uint64(inside))) << np.uint64(row_bits))
    to, full, flip = np.uint64(held), np.uint64(most), np.uint64(0)
    for turned in range(threshold + 1):
        left = np.uint32(threshold - turned)
        while flip < np.uint64(until[turned]):
            at, end = np.uint64(first[flip]), np.uint64(last[flip])
            flip += np.uint64(1)
            # The first sixteen, and the first row among them, without a branch that the processor would guess wrong.
            near = np.uint32(agreeing(postings, at, rest, rest_mask, left) & _lowest(end - at))
            found[to] = postings[at + np.uint64(trailing_zeros(near) & np.uint32(LANES - 1))] & row_mask
            to += np.uint64(near != 0)
            near = np.uint32(near & (near - np.uint32(1)))
            if near != 0 or end - at > LANES:
                while True:
                    while near:
                        found[to] = postings[at + np.uint64(trailing_zeros(near))] & row_mask
                        to += np.uint64(1)
                        near = np.uint32(near & (near - np.uint32(1)))
                    at += np.uint64(LANES)
                    if at >= end or to > full:
                        break
                    near = np.uint32(agreeing(postings, at, rest, rest_mask, left) & _lowest(end - at))
                if to > full:
                    return np.int64(to)
    return np.int64(to)


@njit(nogil=True)
def _lowest(count: Any) -> Any:
    """Return a word with the `count` lowest bits set, all sixteen if there are more."""
    return np.uint32((np.uint32(1) << np.uint32(min(np.uint64(LANES), count))) - np.uint32(1))


@njit(nogil=True)
def _compare(
    queries: Any,
    distance: int,
    hashes: Any,
    dead: Any,
    starts: Any,
    widths: Any,
    thresholds: Any,
    chunk: int,
    found_query: Any,
    found_row: Any,
    held: int,
    hit_query: Any,
    hit_row: Any,
    hit_distance: Any,
    hits: int,
) -> tuple[Any, Any, Any, int]:
    """Add those of the candidates of one chunk that are within the distance to the hits; return these."""
    for one in range(held):
        query, row = np.uint64(found_query[one]), np.uint64(found_row[one])
        if row >= np.uint64(hashes.shape[0]):  # only in a damaged file
            continue
        bits = apart(queries, query, hashes, row)
        if bits > distance or dead[row]:
            continue
        # Every chunk within its threshold finds the row; it counts where it is found first.
        again = False
        for earlier in range(chunk):
            if thresholds[earlier] >= 0 and not again:
                one_cut = cut(queries, query, starts[earlier], widths[earlier])
                other_cut = cut(hashes, row, starts[earlier], widths[earlier])
                again = np.int64(popcount(one_cut ^ other_cut)) <= thresholds[earlier]
        if not again:
            if hits == hit_query.shape[0]:
                hit_query = np.append(hit_query, np.empty_like(hit_query))
                hit_row = np.append(hit_row, np.empty_like(hit_row))
                hit_distance = np.append(hit_distance, np.empty_like(hit_distance))
            hit_query[hits], hit_row[hits], hit_distance[hits] = query, row, bits
            hits += 1
    return hit_query, hit_row, hit_distance, hits
