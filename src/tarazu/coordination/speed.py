"""A label, never a gate: are the members synchronised beyond their own reaction speed?

For a pair, one account's delays (since each object first appeared) are shuffled over the objects they share: if they
would be as close anyway, because both are always quick or always punctual, their closeness says "one source", not
"one hand". Quick followers, feed readers and accounts that publish the objects themselves cannot be told apart by this.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from tarazu.coordination.events import Actors
from tarazu.coordination.tail import upper_tail
from tarazu.coordination.timing import cauchy

if TYPE_CHECKING:
    from tarazu.coordination.run import TraceRun

# Edges looked at for one network, and shared cells of one edge.
_EDGES = 60
_CELLS = 200


def speed_p(runs: Sequence[TraceRun], edges: pl.DataFrame, actors: Actors) -> float | None:
    """Return the median p-value of synchrony beyond speed over a network's strongest edges; None without objects."""
    strongest = edges.sort("p_value", "source", "target").head(_EDGES)
    by_name = {run.name: run for run in runs}
    found: list[float] = []
    codes = {
        a: int(actors.ids.search_sorted(a))
        for a in pl.concat([strongest["source"], strongest["target"].rename("source")]).unique()
    }
    first: dict[str, np.ndarray[tuple[int], np.dtype[np.int64]]] = {}
    for source, target, trace in strongest.select("source", "target", "trace").iter_rows():
        run = by_name.get(trace)
        if run is None:
            continue
        if trace not in first:
            first[trace] = np.full(int(run.events.object.max()) + 1, np.iinfo(np.int64).max)
            np.minimum.at(first[trace], run.events.object, run.events.time)
        cells = run.cells
        a, b = (
            cells.by_account[cells.account_start[c] : cells.account_start[c + 1]]
            for c in (codes[source], codes[target])
        )
        _, i, j = np.intersect1d(cells.cell[a], cells.cell[b], assume_unique=True, return_indices=True)
        a, b = a[i][:_CELLS], b[j][:_CELLS]
        late = [cells.time[x] - first[trace][cells.object[x]] for x in (a, b)]
        apart = np.abs(late[0][:, None] - late[1][None, :])
        p = np.ones((1, run.null.windows.size))
        for w, window in enumerate(run.null.windows):
            chance = (apart <= window).mean(axis=1)
            hits = int((np.diag(apart) <= window).sum())
            p[0, w] = upper_tail(chance, chance.size, hits, np.empty(chance.size + 1))
        found.append(float(cauchy(p)[0]))
    return float(np.median(found)) if found else None
