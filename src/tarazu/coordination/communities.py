"""From flagged accounts to networks: who belongs with whom.

*Whether* accounts are coordinated is decided by the tests; *which* of them form one network is a question of what they
do together. Communities are found (Leiden, modularity) on the joint actions of flagged accounts and of the accounts
around them, because two halves of a network are often tied by members that no test could flag. Weights grow
faster than the joint actions, so that chance meetings tie nobody. Teams that meet each other a tenth as often as
their own, or that significant edges tie, are one network.
"""

from __future__ import annotations

from collections.abc import Sequence

import graspologic_native
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array

from tarazu.coordination.events import Events
from tarazu.coordination.pairs import count_pairs

CONTEXT_WINDOW = 3_600_000
# Modularity's resolution: below 1, because a network with teams is one network.
RESOLUTION = 0.3
# Power of the joint actions in the weight of a pair: many meetings of two tie more than few meetings of many.
_STEEP = 1.5
# Accounts around the flagged ones that may serve as context.
_CONTEXT_MAX = 20_000
# Objects with more actors among those looked at tie nobody.
_CROWD = 2_000
# Share of the smaller community's members with a significant edge into the larger one that makes them one.
_TIED = 0.1
# Joint actions per pair across two communities, as a share of those inside the looser one, that make them one.
_MET = 0.1


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
    nodes = by_first_act(
        np.flatnonzero(_with_context(flagged, *around)), [(e.account, e.time) for e in traces], flagged.size
    )
    place = np.full(flagged.size, -1, np.int64)
    place[nodes] = np.arange(nodes.size)
    size = (nodes.size, nodes.size)
    met = csr_array(size)
    for events in traces:
        a, b, n = _meetings(events, place)
        met = met + coo_array((n.astype(np.float64), (a, b)), shape=size).tocsr()
    source, target, strength = ties
    tied = coo_array((strength, (place[source], place[target])), shape=size).tocsr()
    known = flagged[nodes]
    graph = met.power(_STEEP).maximum(tied)
    graph = (graph + graph.T).tocsr()
    graph.sort_indices()
    _, found = graspologic_native.leiden_csr(
        graph.indptr.astype(np.int64), graph.indices.astype(np.int32), graph.data.astype(np.float64),
        nodes.size, resolution=RESOLUTION, seed=1, trials=3,
    )  # fmt: skip
    node = np.fromiter(found.keys(), np.int64, len(found))
    community = np.fromiter(found.values(), np.int32, len(found))
    # Accounts that nothing ties to anybody are no community.
    linked = known[node] & (np.diff(graph.indptr)[node] > 0)
    label[nodes[node[linked]]] = community[linked]
    label = _joined(renumber(label), source, target)
    return renumber(_met(renumber(label), nodes, met))


def by_first_act(
    nodes: NDArray[np.int64],
    acts: Sequence[tuple[NDArray[np.int32], NDArray[np.int64]]],
    accounts: int,
) -> NDArray[np.int64]:
    """Sort accounts by when they first acted: Leiden walks in order, and its walk must not depend on names."""
    first = np.full(accounts, np.iinfo(np.int64).max)
    total = np.zeros(accounts)
    for account, time in acts:
        np.minimum.at(first, account, time)
        # Where first acts tie, as in data by the minute, the sum of all times decides.
        total += np.bincount(account, weights=time % 1_000_000_007, minlength=accounts)
    return nodes[np.lexsort((total[nodes], first[nodes]))]


def _with_context(
    flagged: NDArray[np.bool_], source: NDArray[np.int32], target: NDArray[np.int32]
) -> NDArray[np.bool_]:
    """Add the accounts that were tested most often against flagged ones."""
    beside = np.r_[target[flagged[source]], source[flagged[target]]]
    times = np.bincount(beside, minlength=flagged.size)
    times[flagged] = 0
    near = np.argsort(-times, kind="stable")[:_CONTEXT_MAX]
    out = flagged.copy()
    out[near[times[near] > 0]] = True
    return out


def _meetings(
    events: Events, place: NDArray[np.int64]
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int64]]:
    """Count the objects on which the accounts with a place met within the hour; crowds left out."""
    here = place[events.account] >= 0
    account, obj, time = place[events.account[here]].astype(np.int32), events.object[here], events.time[here]
    if obj.size:
        calm = (np.bincount(obj) <= _CROWD)[obj]
        account, obj, time = account[calm], obj[calm], time[calm]
    return count_pairs(account, obj, time, CONTEXT_WINDOW)


def _joined(
    label: NDArray[np.int32], source: NDArray[np.int32], target: NDArray[np.int32]
) -> NDArray[np.int32]:
    """Join communities that significant edges tie: modularity splits dense teams, the test says they are one."""
    out = label.copy()
    while True:
        a, b = out[source], out[target]
        across = (a >= 0) & (b >= 0) & (a != b)
        if not across.any():
            return out
        size = np.bincount(out[out >= 0])
        # (community, its member, the other community): who has a significant edge across
        rows = np.unique(
            np.r_[
                np.c_[a[across], source[across], b[across]],
                np.c_[b[across], target[across], a[across]],
            ],
            axis=0,
        )
        pairs, tied = np.unique(rows[:, [0, 2]], axis=0, return_counts=True)
        smaller = size[pairs[:, 0]] <= size[pairs[:, 1]]
        share = np.where(smaller & (tied >= 2), tied / size[pairs[:, 0]], 0.0)
        best = int(share.argmax())
        if share[best] < _TIED:
            return out
        out[out == pairs[best, 0]] = pairs[best, 1]


def _met(label: NDArray[np.int32], nodes: NDArray[np.int64], met: csr_array) -> NDArray[np.int32]:
    """Join communities whose members meet across nearly as often as inside."""
    out = label.copy()
    while True:
        of = out[nodes]
        count = int(of.max(initial=-1)) + 1
        has = np.flatnonzero(of >= 0)
        if count < 2:
            return out
        member = coo_array((np.ones(has.size), (has, of[has])), shape=(nodes.size, count)).tocsr()
        total = (member.T @ (met + met.T) @ member).toarray()
        size = np.bincount(of[has], minlength=count).astype(np.float64)
        inside = total.diagonal() / np.maximum(size * (size - 1), 1.0)
        across = total / np.maximum(np.outer(size, size), 1.0)
        np.fill_diagonal(across, 0.0)
        ratio = across / np.maximum(np.minimum.outer(inside, inside), 1e-12)
        ratio[(size == 0), :] = 0.0
        ratio[:, (size == 0)] = 0.0
        best = int(ratio.argmax())
        if ratio.flat[best] < _MET:
            return out
        a, b = divmod(best, count)
        out[out == max(a, b)] = min(a, b)


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
