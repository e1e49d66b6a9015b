"""Groups as a whole: campaigns too thin, too loose or too much in rotation for any pair to stand out.

*What* accounts share is no evidence of coordination, and therefore free to use for choosing what to test. Communities
of accounts that share the same objects are formed without looking at times; then each is put to one test of *when*: in
every cell with several of its members, how many were together within W? Under the null the members act independently
of each other at the strangers' rate, which itself varies from cell to cell (beta-binomial). A cell where that chance
is small is a success; cells of one episode or object count once; the number of successes has an exact tail; windows
combine by Cauchy's rule. One p-value a group, Benjamini-Hochberg over groups. A group that passes proves only that
somebody in it is coordinated, so each member must pass the membership test against the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, lgamma

import graspologic_native
import numba as nb
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array

from tarazu.coordination.candidates import candidate_pairs, emission_windows, shared_objects
from tarazu.coordination.cells import BLOCK, later_within
from tarazu.coordination.communities import by_first_act
from tarazu.coordination.membership import close_inside, examine_members
from tarazu.coordination.multiplicity import q_values
from tarazu.coordination.tail import upper_tail
from tarazu.coordination.timing import EPISODE_GAP, FACTOR_MAX, FACTOR_PRIOR, Null, cauchy

# The sensitivity factor of the test of a whole group.
GAMMA = 1.5
# Fewer accounts than this are no group here: a chance meeting of two sessions can tie three or four together.
_SMALLEST = 6
# Rounds in which bystanders leave, and the p-value from which on an account is one.
_ROUNDS = 3
_BYSTANDER = 0.2
# A cell is surprising if as many members together have at most this chance.
_SURPRISE = 0.2
# Coarse and fine communities are all candidates: each resolution may see a campaign that another drowns.
_RESOLUTIONS = (0.1, 1.0, 5.0, 25.0)
# Shared objects are counted up to this many, so that two mass sharers do not tie a community together.
_MOST_SHARED = 50


def coordinated_groups(nulls: Sequence[Null], label: NDArray[np.int32], fdr: float) -> NDArray[np.int32]:
    """Return `label` with the members of significant groups added under new labels."""
    groups = communities_of_interest(nulls)
    if not groups:
        return label
    p = np.array([burst_p(nulls, group) for group in groups])
    passed = q_values(p) <= fdr
    out = label.copy()
    for k in np.lexsort((np.array([g.size for g in groups]), p)):
        free = groups[k][out[groups[k]] < 0]
        if passed[k] and free.size:
            out[free] = _home(out, groups[k])
    return _confirmed(nulls, label, out, fdr)


def _home(label: NDArray[np.int32], group: NDArray[np.int64]) -> int:
    """Return the label that most of the group has already, else a new one."""
    known = label[group][label[group] >= 0]
    if known.size * 2 >= group.size:
        return int(np.bincount(known).argmax())
    return int(label.max()) + 1


def _confirmed(
    nulls: Sequence[Null], before: NDArray[np.int32], after: NDArray[np.int32], fdr: float
) -> NDArray[np.int32]:
    """Keep only those newcomers that act near the rest of their group more often than strangers do.

    A community of interest holds bystanders. Those with no sign at all of acting near the rest leave first, round by
    round, because they blur what "near the group" means; who is left must pass at rate `fdr`.
    """
    label = after.copy()
    tested = int(((before < 0) & (after >= 0)).sum())  # who left was tested too
    for last in [False] * _ROUNDS + [True]:
        new = (before < 0) & (label >= 0)
        if not new.any():
            break
        found = examine_members(nulls, label)
        own = new[found.account] & (label[found.account] == found.group)
        passes = q_values(found.p[own], tested) <= fdr if last else found.p[own] <= _BYSTANDER
        leaves = new.copy()
        leaves[found.account[own][passes]] = False
        label[leaves] = -1
    sizes = np.bincount(label[label >= 0], minlength=1)
    small = (before < 0) & (label >= 0) & (sizes[np.maximum(label, 0)] < _SMALLEST)
    label[small] = -1
    return label


def communities_of_interest(nulls: Sequence[Null]) -> list[NDArray[np.int64]]:
    """Form communities of accounts that share at least two objects, whenever they acted on them."""
    graph = csr_array((0, 0))
    for null in nulls:
        cells = null.cells
        whole = np.array([BLOCK], np.int64)
        emission = emission_windows(cells, later_within(cells.time, cells.cell, whole))
        keys = candidate_pairs(cells, whole, emission)
        index = (cells.object, cells.by_account, cells.account_start, cells.cell)
        shared = shared_objects(keys, *index, _MOST_SHARED).astype(np.float64)
        size = (cells.accounts, cells.accounts)
        part = coo_array((shared, (keys >> 32, keys & 0xFFFFFFFF)), shape=size).tocsr()
        graph = part if graph.shape[0] == 0 else graph + part
    if not graph.nnz:
        return []
    acts = [(null.cells.account, null.cells.time) for null in nulls]
    order = by_first_act(np.arange(graph.shape[0]), acts, graph.shape[0])
    graph = (graph + graph.T).tocsr()[order][:, order]
    graph.sort_indices()
    found: dict[bytes, NDArray[np.int64]] = {}
    for resolution in _RESOLUTIONS:
        _, of = graspologic_native.leiden_csr(
            graph.indptr.astype(np.int64), graph.indices.astype(np.int32), graph.data.astype(np.float64),
            graph.shape[0], resolution=resolution, seed=1,
        )  # fmt: skip
        account = order[np.fromiter(of.keys(), np.int64, len(of))]
        community = np.fromiter(of.values(), np.int64, len(of))
        rank = np.lexsort((account, community))
        parts = np.split(account[rank], np.flatnonzero(np.diff(community[rank])) + 1)
        found |= {part.tobytes(): part for part in parts if part.size >= _SMALLEST}
    return list(found.values())


def burst_p(nulls: Sequence[Null], group: NDArray[np.int64]) -> float:
    """Return the p-value of a group that was chosen without a look at times."""
    label = np.full(nulls[0].cells.accounts, -1, np.int32)
    label[group] = 0
    parts: list[tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.int64], NDArray[np.int64]]] = []
    offset = 0
    for null in nulls:
        cells = null.cells
        rows = np.concatenate(
            [cells.by_account[cells.account_start[a] : cells.account_start[a + 1]] for a in group]
        )
        rows = rows[np.lexsort((cells.time[rows], cells.cell[rows]))]
        cell = cells.cell[rows]
        start = np.flatnonzero(np.r_[True, cell[1:] != cell[:-1]]) if cell.size else np.zeros(0, np.int64)
        ends = np.r_[start, cell.size].astype(np.int64)
        several = np.diff(ends) >= 2
        if several.any():
            of = cell[start].astype(np.int64)
            known, close = close_inside(
                np.zeros(of.size, np.int32), of, label, cells.start, cells.account, cells.time, null.windows
            )
            # Two ways to keep the group's own bursts out of the strangers' rate; each has a blind spot: members who
            # share one object pass for strangers in the first, members not yet in the group in the second.
            chance = np.minimum(null.chance[of], null.reference.chance_outside(cells, of, known, close))
            quick = _quickness(null, group, of, known, close)
            odds = GAMMA * quick * quick
            chance = chance * odds / (1.0 - chance + chance * odds)
            weight = null.reference.prior[cells.kind[of]]
            level, surprising = _bursts(cells.time[rows], ends, null.windows, chance, weight)
            first = start[several]
            parts.append(
                (
                    level[several],
                    surprising[several],
                    cells.time[rows][first],
                    cells.object[rows][first] + offset,
                )
            )
        offset += int(cells.object.max(initial=0)) + 1
    if not parts:
        return 1.0
    level, surprising, when, what = (np.concatenate([part[i] for part in parts]) for i in range(4))
    order = np.argsort(when, kind="stable")
    level, surprising, when, what = level[order], surprising[order], when[order], what[order]
    fresh = np.zeros(when.size, np.bool_)
    fresh[np.unique(what, return_index=True)[1]] = True
    level, surprising, when = level[fresh], surprising[fresh], when[fresh]
    apart = _units(when)
    level, surprising = level[apart], surprising[apart]
    scratch = np.empty(when.size + 1)
    p = [
        upper_tail(np.ascontiguousarray(level[:, w]), level.shape[0], int(surprising[:, w].sum()), scratch)
        for w in range(level.shape[1])
    ]
    return float(cauchy(np.array(p)[None, :])[0])


def _quickness(
    null: Null,
    group: NDArray[np.int64],
    cell: NDArray[np.int64],
    members: NDArray[np.int64],
    close: NDArray[np.float64],
) -> NDArray[np.float64]:
    """How much oftener than strangers the group's members are close to everybody but each other, a window."""
    pairs = (members * (members - 1) / 2.0)[:, None]
    met = null.met[group].sum(axis=0) - 2.0 * close.sum(axis=0)
    due = null.due[group].sum(axis=0) - 2.0 * (null.chance[cell] * pairs).sum(axis=0)
    ratio = (np.maximum(met, 0.0) + FACTOR_PRIOR) / (np.maximum(due, 0.0) + FACTOR_PRIOR)
    # As with the strangers' rate: what either way of leaving the group out explains is not held against it.
    return np.asarray(np.minimum(np.clip(ratio, 1.0, FACTOR_MAX), null.factor[group].mean(axis=0)))


def _units(when: NDArray[np.int64]) -> list[int]:
    """Pick one moment a half hour from sorted times: what happens in one session is one unit."""
    taken: list[int] = []
    for k, moment in enumerate(when.tolist()):
        if not taken or moment - when[taken[-1]] > EPISODE_GAP:
            taken.append(k)
    return taken


@nb.njit(cache=True)
def _bursts(
    time: NDArray[np.int64],
    ends: NDArray[np.int64],
    windows: NDArray[np.int64],
    chance: NDArray[np.float64],
    weight: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """For each cell and window: is the largest number of members within W of one of them surprising, and how often
    would it be? Surprising is what has a chance of at most `_SURPRISE`; the chance returned is the exact one.
    """
    cells = ends.size - 1
    level = np.zeros((cells, windows.size))
    surprising = np.zeros((cells, windows.size), np.bool_)
    for c in range(cells):
        first, n = ends[c], ends[c + 1] - ends[c]
        if n < 2:
            continue
        others = n - 1
        centres = n if n > 2 else 1  # two members share one distance; of more, any may be the centre
        for w in range(windows.size):
            most = 0
            low = first
            high = first
            for k in range(first, first + n):
                while time[k] - time[low] > windows[w]:
                    low += 1
                while high < first + n and time[high] - time[k] <= windows[w]:
                    high += 1
                most = max(most, high - low - 1)
            q = min(max(chance[c, w], 1e-9), 1.0 - 1e-9)
            a = q * weight[c, w]
            b = (1.0 - q) * weight[c, w]
            base = lgamma(a + b) - lgamma(a) - lgamma(b) - lgamma(a + b + others) + lgamma(others + 1.0)
            tail = 0.0
            for step in range(others):
                x = others - step  # from everybody downwards, as long as the tail stays surprising
                more = exp(
                    base + lgamma(x + a) + lgamma(others - x + b) - lgamma(x + 1.0) - lgamma(step + 1.0)
                )
                if (tail + more) * centres > _SURPRISE:
                    break
                tail += more
                if most >= x:
                    surprising[c, w] = True
            level[c, w] = min(tail * centres, 1.0)
    return level, surprising
