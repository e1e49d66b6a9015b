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


# Pairs whose moments are listed; a campaign of hundreds has more, and they all look alike.
_PAIRS = 20_000


def own_evidence(
    edges: pl.DataFrame,
    label: NDArray[np.int32],
    windows: Sequence[int],
    actors: Actors,
    posts: pl.DataFrame,
    accounts: pl.DataFrame | None,
) -> pl.DataFrame:
    """Build evidence for the traces without shared objects, from the edge list: equal moments, equal birth.

    The object of a moment is the minute (UTC) of the earlier post; of a birth, the day of the earlier creation.
    """
    codes = {name: actors.ids.search_sorted(edges[name]).to_numpy() for name in ("source", "target")}
    same = (label[codes["source"]] >= 0) & (label[codes["source"]] == label[codes["target"]])
    inside = edges.filter(pl.Series(same, dtype=pl.Boolean))
    sync = inside.filter(pl.col("trace") == "synchrony").head(_PAIRS)
    born = inside.filter(pl.col("trace") == "birth").head(_PAIRS)
    order = np.lexsort((posts["created_at"].dt.epoch("ms").to_numpy(), actors.of_post))
    time = posts["created_at"].dt.epoch("ms").to_numpy()[order]
    start = np.r_[0, np.cumsum(np.bincount(actors.of_post, minlength=actors.count))]
    rows: list[tuple[object, ...]] = []
    post_ids = posts["post_id"]
    for source, target, window in sync.select("source", "target", "window").iter_rows():
        a, b = (int(actors.ids.search_sorted(x)) for x in (source, target))
        mine, theirs = time[start[a] : start[a + 1]], time[start[b] : start[b + 1]]
        right = np.clip(np.searchsorted(theirs, mine), 0, theirs.size - 1)
        left = np.maximum(right - 1, 0)
        near = np.where(np.abs(theirs[left] - mine) < np.abs(theirs[right] - mine), left, right)
        close = np.flatnonzero(np.abs(theirs[near] - mine) <= window * 1000)[:PER_EDGE]
        for i in close.tolist():
            j = int(near[i])
            mine_post, their_post = int(order[start[a] + i]), int(order[start[b] + j])
            rows.append(
                (
                    int(label[a]), source, target, "synchrony", int(min(mine[i], theirs[j])), window,
                    post_ids[mine_post], post_ids[their_post], int(mine[i]), int(theirs[j]),
                )
            )  # fmt: skip
    if accounts is not None and born.height:
        made = dict(
            accounts.select("account_id", pl.col("created_at").dt.epoch("ms")).drop_nulls().iter_rows()
        )
        for source, target, window in born.select("source", "target", "window").iter_rows():
            if source in made and target in made:
                x, y = made[source], made[target]
                at = int(label[int(actors.ids.search_sorted(source))])
                rows.append((at, source, target, "birth", min(x, y), window, None, None, x, y))
    if not rows:
        return pl.DataFrame(schema=SCHEMA)
    table = pl.DataFrame(
        rows,
        orient="row",
        schema={
            "label": pl.Int32, "source": pl.String, "target": pl.String, "trace": pl.String, "at": pl.Int64,
            "window": pl.Int32, "source_post": pl.String, "target_post": pl.String, "x": pl.Int64, "y": pl.Int64,
        },
    )  # fmt: skip
    moment = pl.col("at").cast(TIME)
    return table.select(
        pl.format("N{}", pl.col("label") + 1).alias("network_id"),
        "source",
        "target",
        "trace",
        pl.when(pl.col("trace") == "birth")
        .then(moment.dt.strftime("%Y-%m-%d"))
        .otherwise(moment.dt.strftime("%Y-%m-%d %H:%M UTC"))
        .alias("object"),
        "window",
        "source_post",
        "target_post",
        pl.col("x").cast(TIME).alias("source_time"),
        pl.col("y").cast(TIME).alias("target_time"),
        ((pl.col("y") - pl.col("x")) / 1000.0).alias("delta_seconds"),
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
