"""Many tests at once: false-discovery rates over edges and over accounts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def q_values(p: NDArray[np.float64], tested: int | None = None) -> NDArray[np.float64]:
    """Benjamini and Hochberg (1995) adjusted p-values; `tested` >= p.size counts hypotheses whose p is 1."""
    n = max(tested or 0, p.size)
    if not p.size:
        return np.zeros(0)
    order = np.argsort(p, kind="stable")
    adjusted = np.minimum.accumulate((p[order] * n / np.arange(1, p.size + 1))[::-1])[::-1]
    out = np.empty(p.size)
    out[order] = np.minimum(adjusted, 1.0)
    return out


def simes(group: NDArray[np.int64], p: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Simes' p-value (1986) of each group of tests; returns the groups, sorted, and their p-values."""
    if not p.size:
        return np.zeros(0, np.int64), np.zeros(0)
    order = np.lexsort((p, group))
    g, x = group[order], p[order]
    start = np.flatnonzero(np.r_[True, g[1:] != g[:-1]])
    size = np.diff(np.r_[start, g.size])
    rank = np.arange(g.size) - np.repeat(start, size) + 1
    return g[start], np.minimum(np.minimum.reduceat(x * np.repeat(size, size) / rank, start), 1.0)


def select(
    source: NDArray[np.int32], target: NDArray[np.int32], p: NDArray[np.float64], fdr: float
) -> tuple[NDArray[np.bool_], NDArray[np.int64], NDArray[np.float64]]:
    """Select edges so that the *accounts* they name are false at most at rate `fdr`.

    A dense clique has hundreds of true edges; a rate promised over edges would let it buy false ones elsewhere. So an
    account's p-value is Simes' over its own tests, Benjamini-Hochberg selects accounts, and within a selected account
    edges are kept at the level fdr * selected / accounts (Benjamini and Bogomolov 2014). An edge that is kept must
    also have a q-value of at most `fdr` over all tests.

    Returns the mask of kept edges, all accounts that were tested, and their p-values.
    """
    keep = np.zeros(p.size, np.bool_)
    ends = np.r_[source, target].astype(np.int64)
    both = np.r_[p, p]
    accounts, account_p = simes(ends, both)
    if not p.size:
        return keep, accounts, account_p
    chosen = q_values(account_p) <= fdr
    level = fdr * chosen.sum() / accounts.size
    edge = np.r_[np.arange(p.size), np.arange(p.size)]
    inside = np.isin(ends, accounts[chosen])
    order = np.lexsort((both[inside], ends[inside]))
    g, x, e = ends[inside][order], both[inside][order], edge[inside][order]
    if g.size:
        start = np.flatnonzero(np.r_[True, g[1:] != g[:-1]])
        size = np.diff(np.r_[start, g.size])
        total = np.repeat(
            np.bincount(np.searchsorted(accounts, ends))[np.searchsorted(accounts, g[start])], size
        )
        rank = np.arange(g.size) - np.repeat(start, size) + 1
        passes = x <= level * rank / total
        # Step-up: everything up to the last passing rank of the account.
        last = np.maximum.reduceat(np.where(passes, rank, 0), start)
        keep[e[rank <= np.repeat(last, size)]] = True
    return keep & (q_values(p) <= fdr), accounts, account_p
