"""A plain index to hold the real one against: every query compared with every hash."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tarazu.media import pdq
from tarazu.media.index import Hits

Triples = list[tuple[int, int, int]]


def brute(
    queries: NDArray[np.uint64], hashes: NDArray[np.uint64], ids: NDArray[np.int64], distance: int
) -> Triples:
    """Return (query, id, distance), sorted as `Hits` are."""
    found = []
    for query, words in enumerate(queries):
        apart = pdq.distance(hashes, words) if len(hashes) else np.zeros(0, np.int64)
        found += [(query, int(ids[row]), int(apart[row])) for row in np.flatnonzero(apart <= distance)]
    return sorted(found, key=lambda hit: (hit[0], hit[2], hit[1]))


def triples(hits: Hits) -> Triples:
    return list(zip(hits.query.tolist(), hits.id.tolist(), hits.distance.tolist(), strict=True))


def flipped(
    hashes: NDArray[np.uint64], bits: NDArray[np.int64], random: np.random.Generator
) -> NDArray[np.uint64]:
    """Return copies that differ in so many bits each."""
    order = np.argsort(random.random((len(hashes), 256), dtype=np.float32), axis=1)
    chosen = np.take_along_axis(np.arange(256)[None] < bits[:, None], np.argsort(order, axis=1), axis=1)
    words = np.packbits(chosen, axis=1, bitorder="little").view("<u8").astype(np.uint64)
    copies: NDArray[np.uint64] = hashes ^ words
    return copies


def random_hashes(count: int, random: np.random.Generator) -> NDArray[np.uint64]:
    return random.integers(0, 1 << 64, (count, 4), dtype=np.uint64)
