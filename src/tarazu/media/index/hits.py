"""What a search finds: which query is how near to which entry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Hits:
    """Pairs within the distance asked for, by query, then distance, then id. Columns of one length."""

    query: NDArray[np.int64]  # row of the query
    id: NDArray[np.int64]
    distance: NDArray[np.int16]  # bits in which the two differ

    def __len__(self) -> int:
        return len(self.query)

    @classmethod
    def sorted(cls, parts: Sequence[Hits]) -> Hits:
        """Unite the hits of several searches over the same queries."""
        if len(parts) == 1 and len(parts[0]) < 2:
            return parts[0]
        query = np.concatenate([part.query for part in parts])
        ids = np.concatenate([part.id for part in parts])
        distance = np.concatenate([part.distance for part in parts])
        order = np.lexsort((ids, query * 512 + distance))
        return cls(query[order], ids[order], distance[order])
