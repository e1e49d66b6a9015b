"""Behind every edge: the posts of the two accounts on the same object, side by side, with their times."""

from __future__ import annotations

from collections.abc import Sequence

import numba as nb
import numpy as np
import polars as pl
from numpy.typing import NDArray

from tarazu.coordination.cells import Cells
from tarazu.coordination.events import Actors, Events
from tarazu.records import TIME

# Joint actions kept for one edge and trace: a reader looks at a few, a check recounts from the posts.
PER_EDGE = 50


@nb.njit(cache=True)
def _joint(
    keys: NDArray[np.int64],
    cell: NDArray[np.int32],
    time: NDArray[np.int64],
    by_account: NDArray[np.int64],
    account_start: NDArray[np.int64],
    window: int,
    most: int,
    out: NDArray[np.int64],
) -> int:
    """Write (edge, act of source, act of target) for acts of a shared cell within the window.

    Only counts them if `out` is empty.
    """
    m = 0
    for z in range(keys.size):
        x = keys[z] >> 32
        y = keys[z] & 0xFFFFFFFF
        i, end_i = account_start[x], account_start[x + 1]
        j, end_j = account_start[y], account_start[y + 1]
        taken = 0
        while i < end_i and j < end_j and taken < most:
            ei, ej = by_account[i], by_account[j]
            if cell[ei] < cell[ej]:
                i += 1
            elif cell[ei] > cell[ej]:
                j += 1
            else:
                if abs(time[ei] - time[ej]) <= window:
                    if out.shape[0] > 0:
                        out[m, 0] = z
                        out[m, 1] = ei
                        out[m, 2] = ej
                    m += 1
                    taken += 1
                i += 1
                j += 1
    return m


def joint_acts(keys: NDArray[np.int64], cells: Cells, window: int) -> NDArray[np.int64]:
    """Return rows (edge, act, act): the acts of each pair on one object within `window` ms, at most `PER_EDGE`."""
    index = (cells.cell, cells.time, cells.by_account, cells.account_start)
    total = _joint(keys, *index, window, PER_EDGE, np.zeros((0, 3), np.int64))
    out = np.empty((total, 3), np.int64)
    if total:
        _joint(keys, *index, window, PER_EDGE, out)
    return out


def evidence(
    keys: NDArray[np.int64],
    label: NDArray[np.int32],
    traces: Sequence[tuple[str, Events, Cells]],
    windows: Sequence[int],
    actors: Actors,
    posts: pl.DataFrame,
) -> pl.DataFrame:
    """Build the evidence table of the pairs in `keys`: one row a pair of acts; see `Run.evidence`."""
    ids = actors.ids
    post_ids = posts["post_id"]
    parts: list[pl.DataFrame] = []
    for name, events, cells in traces:
        rows = joint_acts(keys, cells, max(windows) * 1000)
        if not rows.shape[0]:
            continue
        edge, a, b = rows[:, 0], rows[:, 1], rows[:, 2]
        swap = cells.account[a] != (keys[edge] >> 32)
        a, b = np.where(swap, b, a), np.where(swap, a, b)
        delta = (cells.time[b] - cells.time[a]) / 1000.0
        narrow = np.array(sorted(windows))[np.searchsorted(sorted(windows), np.abs(delta), "left")]
        parts.append(
            pl.DataFrame(
                {
                    "label": label[cells.account[a]],
                    "source": ids.gather(cells.account[a]),
                    "target": ids.gather(cells.account[b]),
                    "trace": pl.repeat(name, edge.size, eager=True),
                    "object": events.keys.gather(cells.object[a]),
                    "window": narrow.astype(np.int32),
                    "source_post": _posts(post_ids, cells.post[a]),
                    "target_post": _posts(post_ids, cells.post[b]),
                    "source_time": pl.Series(cells.time[a]).cast(TIME),
                    "target_time": pl.Series(cells.time[b]).cast(TIME),
                    "delta_seconds": delta,
                }
            )
        )
    if not parts:
        return pl.DataFrame(schema=SCHEMA)
    table = pl.concat(parts)
    return table.select(pl.format("N{}", pl.col("label") + 1).alias("network_id"), pl.exclude("label")).sort(
        "network_id", "source", "target", "source_time", "trace", "object"
    )


SCHEMA: dict[str, pl.DataType] = {
    "network_id": pl.String(),
    "source": pl.String(),
    "target": pl.String(),
    "trace": pl.String(),
    "object": pl.String(),
    "window": pl.Int32(),
    "source_post": pl.String(),
    "target_post": pl.String(),
    "source_time": TIME,
    "target_time": TIME,
    "delta_seconds": pl.Float64(),
}


def _posts(ids: pl.Series, row: NDArray[np.int32]) -> pl.Series:
    """Look up post ids; an act without a post (a report) has none."""
    found = ids.gather(np.maximum(row, 0)) if len(ids) else pl.Series([None] * row.size, dtype=pl.String)
    return pl.select(pl.when(pl.Series(row >= 0)).then(found).otherwise(None)).to_series()
