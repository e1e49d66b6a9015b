"""The newest hashes, not yet sorted into buckets: appended by one writer, compared one by one by every reader."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tarazu.media.index.hits import Hits


class Tail:
    """A fixed number of rows. Those before a reader's `count` never change, but for the marks of the dead."""

    def __init__(self, rows: int):
        self.hashes = np.empty((rows, 4), dtype=np.uint64)
        self.ids = np.empty(rows, dtype=np.int64)
        self.dead = np.zeros(rows, dtype=np.uint8)

    def write(self, at: int, hashes: NDArray[np.uint64], ids: NDArray[np.int64]) -> int:
        """Put rows from `at` on, which no reader looks at yet; return the count with them."""
        end = at + len(ids)
        self.hashes[at:end] = hashes
        self.ids[at:end] = ids
        return end

    def parts(self, count: int) -> tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.uint8]]:
        """Return the first `count` rows: hashes, ids, dead."""
        return self.hashes[:count], self.ids[:count], self.dead[:count]

    def search(self, queries: NDArray[np.uint64], distance: int, count: int) -> Hits:
        """Return every living row among the first `count` within `distance` bits of each query."""
        from tarazu.media.index.scan import scan

        query, row, bits = scan(queries, distance, self.hashes[:count], self.dead[:count])
        return Hits(query, self.ids[row], bits)
