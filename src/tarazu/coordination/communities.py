"""From flagged accounts to networks: who belongs with whom.

*Whether* accounts are coordinated is decided by the tests; *which* of them form one network is a question of what they
do together. Communities are found (Leiden, modularity) on the joint actions of flagged accounts and of the accounts
around them, because two halves of a network are often tied by members that no test could flag. Weights grow with the
square of the joint actions, so that chance meetings do not tie anybody.
"""

from __future__ import annotations

from collections.abc import Sequence

import graspologic_native
import numpy as np
from numpy.typing import NDArray

from tarazu.coordination.events import Events
from tarazu.coordination.pairs import count_pairs

CONTEXT_WINDOW = 3_600_000
# Modularity's resolution: below 1, because a network with teams is one network.
RESOLUTION = 0.3
# Accounts around the flagged ones that may serve as context.
_CONTEXT_MAX = 20_000


def communities(
    traces: Sequence[Events],
    flagged: NDArray[np.bool_],
    ties: tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float64]],
    around: tuple[NDArray[np.int32], NDArray[np.int32]],
) -> NDArray[np.int32]:
    """Label the flagged accounts with their community, 0.. by size; -1 for everybody else.

    `ties` are the significant edges (source, target, strength), always part of the graph; `around` are the pairs that
    were tested, whose unflagged ends next to a flagged account serve as context.
    """
    label = np.full(flagged.size, -1, np.int32)
    if not flagged.any():
        return label
    source, target = around
    beside = np.r_[target[flagged[source]], source[flagged[target]]]
    most = np.bincount(beside, minlength=flagged.size)
    most[flagged] = 0
    near = np.argsort(-most, kind="stable")[:_CONTEXT_MAX]
    context = flagged.copy()
    context[near[most[near] > 0]] = True
    pairs: dict[tuple[int, int], float] = {}
    for events in traces:
        here = context[events.account]
        a, b, w = count_pairs(events.account[here], events.object[here], events.time[here], CONTEXT_WINDOW, min_weight=1)
        for x, y, n in zip(a.tolist(), b.tolist(), w.tolist(), strict=True):
            pairs[x, y] = pairs.get((x, y), 0.0) + n
    weights = {pair: n * n for pair, n in pairs.items() if n >= 2 or (flagged[pair[0]] and flagged[pair[1]])}
    for x, y, s in zip(*(t.tolist() for t in ties), strict=True):
        weights[x, y] = max(weights.get((x, y), 0.0), s)
    edges = [(str(x), str(y), w) for (x, y), w in sorted(weights.items())]
    _, found = graspologic_native.leiden(edges, resolution=RESOLUTION, seed=1, trials=3, use_modularity=True)
    for name, community in found.items():
        if flagged[int(name)]:
            label[int(name)] = community
    return renumber(label)


def renumber(label: NDArray[np.int32]) -> NDArray[np.int32]:
    """Number the communities 0.. by falling size, ties by their first account."""
    out = np.full(label.size, -1, np.int32)
    has = np.flatnonzero(label >= 0)
    if not has.size:
        return out
    names, first, counts = np.unique(label[has], return_index=True, return_counts=True)
    order = np.lexsort((first, -counts))
    rank = np.empty(names.size, np.int32)
    rank[order] = np.arange(names.size)
    out[has] = rank[np.searchsorted(names, label[has])]
    return out
