"""Many hashes that stay as they are: sorted into buckets once, searched by any number of threads, never written to.

Only the marks of the dead change, a byte a row; a search that runs meanwhile may see them or not.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tarazu.media.index.chunk import CHUNKS, STARTS, WIDTHS, bucket_bits, probes, row_bits
from tarazu.media.index.hits import Hits

PADDING = 16  # postings after the last, because they are read sixteen at a time
_SLOW = 200_000  # rows from which building is worth two threads


@dataclass(frozen=True, kw_only=True, eq=False)
class Segment:
    """Hashes with their ids in rising order, and for each chunk the postings of its buckets."""

    name: str  # of its files; no two segments share it
    hashes: NDArray[np.uint64]  # rows x 4 words
    ids: NDArray[np.int64]
    dead: NDArray[np.uint8]
    offsets: NDArray[np.uint32]  # chunks x (buckets + 1): where each bucket starts in the postings
    postings: NDArray[np.uint32]

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def living(self) -> int:
        """How many rows are not removed."""
        return len(self.ids) - int(np.count_nonzero(self.dead))

    @classmethod
    def build(cls, name: str, hashes: NDArray[np.uint64], ids: NDArray[np.int64]) -> Segment:
        """Sort hashes into buckets. The arrays are kept, or sorted copies where the ids do not rise."""
        from tarazu.media.index.build import post

        if np.any(ids[1:] < ids[:-1]):
            order = np.argsort(ids, kind="stable")
            hashes, ids = hashes[order], ids[order]
        rows = len(ids)
        bits = bucket_bits(rows)
        offsets = np.zeros((CHUNKS, (1 << bits) + 1), dtype=np.uint32)
        postings = np.empty(CHUNKS * rows + PADDING, dtype=np.uint32)
        postings[-PADDING:] = 0

        def fill(chunk: int) -> None:
            start, width = int(STARTS[chunk]), int(WIDTHS[chunk])
            post(hashes, start, width, bits, row_bits(rows), offsets[chunk], postings, chunk * rows)

        if rows < _SLOW:
            for chunk in range(CHUNKS):
                fill(chunk)
        else:
            with ThreadPoolExecutor(2) as pool:
                list(pool.map(fill, range(CHUNKS)))
        dead = np.zeros(rows, dtype=np.uint8)
        return cls(name=name, hashes=hashes, ids=ids, dead=dead, offsets=offsets, postings=postings)

    @classmethod
    def merge(
        cls, name: str, parts: Sequence[tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.uint8]]]
    ) -> Segment:
        """Build one segment of the living rows of several (hashes, ids, dead)."""
        alive = [dead == 0 for _, _, dead in parts]
        hashes = np.concatenate([part[0][keep] for part, keep in zip(parts, alive, strict=True)])
        ids = np.concatenate([part[1][keep] for part, keep in zip(parts, alive, strict=True)])
        return cls.build(name, hashes, ids)

    def rows_of(self, ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the living rows that bear one of `ids` (rising, no repeats)."""
        first, last = np.searchsorted(self.ids, ids, "left"), np.searchsorted(self.ids, ids, "right")
        many = last - first
        starts = np.repeat(first - np.cumsum(many) + many, many)
        rows: NDArray[np.int64] = starts + np.arange(int(many.sum()))
        living: NDArray[np.int64] = rows[self.dead[rows] == 0]
        return living

    def search(self, queries: NDArray[np.uint64], distance: int) -> Hits:
        """Return every living row within `distance` bits of each query."""
        from tarazu.media.index.probe import probe
        from tarazu.media.index.scan import scan

        way = probes(len(self), distance)
        if way is None:
            query, row, bits = scan(queries, distance, self.hashes, self.dead)
            return Hits(query, self.ids[row], bits)
        query, row, bits, crowded = probe(
            queries, distance, self.hashes, self.dead, self.offsets, self.postings, STARTS, WIDTHS,
            way.thresholds, way.flips, way.until, row_bits(len(self)),
        )  # fmt: skip
        if not crowded.any():
            return Hits(query, self.ids[row], bits)
        done = crowded[query] == 0
        hits = Hits(query[done], self.ids[row[done]], bits[done])
        again = np.flatnonzero(crowded)
        query, row, bits = scan(queries[again], distance, self.hashes, self.dead)
        return Hits.sorted([hits, Hits(again[query], self.ids[row], bits)])
