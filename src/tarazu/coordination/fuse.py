"""One p-value a pair from all its traces.

Traces of one pair are not independent: a post that repeats another carries its link and its hashtags along. The Cauchy
rule (Liu and Xie 2020) holds under such dependence for the small tails that matter here, a missing channel simply does
not vote, and one strong channel is not drowned by quiet ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tarazu.coordination.events import PairTests


@dataclass(frozen=True, kw_only=True, eq=False)
class Fused:
    """One row a pair that any trace tested."""

    source: NDArray[np.int32]
    target: NDArray[np.int32]
    p: NDArray[np.float64]
    tested: int  # pairs to correct for

    def __len__(self) -> int:
        return int(self.source.size)


def fuse(traces: Sequence[PairTests]) -> Fused:
    """Combine the traces of each pair by the Cauchy rule over the traces that tested it."""
    if not traces or not sum(len(t) for t in traces):
        none = np.zeros(0, np.int32)
        return Fused(source=none, target=none, p=np.zeros(0), tested=0)
    keys = np.concatenate([(t.source.astype(np.int64) << 32) | t.target for t in traces])
    # A trace that corrects for more hypotheses than it lists pays for them here.
    p = np.concatenate([np.minimum(t.p * max(t.tested / max(len(t), 1), 1.0), 1.0) for t in traces])
    pairs, of = np.unique(keys, return_inverse=True)
    x = np.clip(p, 1e-300, 0.5)
    tiny = x < 1e-15
    score = np.where(tiny, 1.0 / (x * np.pi), np.tan((0.5 - np.where(tiny, 0.5, x)) * np.pi))
    mean = np.bincount(of, weights=score) / np.bincount(of)
    fused = np.where(
        mean > 1e14, 1.0 / (np.maximum(mean, 1.0) * np.pi), np.clip(0.5 - np.arctan(mean) / np.pi, 0, 1)
    )
    alone = np.bincount(of) == 1
    single = np.empty(pairs.size)
    single[of] = p
    fused = np.where(alone, single, fused)
    return Fused(
        source=(pairs >> 32).astype(np.int32),
        target=(pairs & 0xFFFFFFFF).astype(np.int32),
        p=np.maximum(fused, 1e-300),
        tested=int(pairs.size),
    )
