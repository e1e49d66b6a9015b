"""From a table of (row, key) to events: the last step that every trace shares."""

from __future__ import annotations

import numpy as np
import polars as pl

from tarazu.coordination.events import Actors, Events


def original(posts: pl.DataFrame) -> pl.LazyFrame:
    """Return the posts written by their author, with their row number as `row`.

    A repost carries somebody else's links, hashtags and text: it is evidence once, in the repost traces, not
    in every trace again.
    """
    return posts.lazy().with_row_index("row").filter(pl.col("repost_of").is_null())


def events(posts: pl.DataFrame, actors: Actors, acts: pl.DataFrame) -> Events | None:
    """Build the events of one trace from `acts`, or None if there are none.

    `acts` has the columns row (of posts) and key (String: what a person reads), and object (String) where
    different objects may have the same key. Objects on which only one account acted are left out: no pair can
    come from them.
    """
    if acts.is_empty():
        return None
    acts = acts.with_columns(account=pl.Series(actors.of_post[acts["row"].to_numpy()], dtype=pl.Int32))
    name = "object" if "object" in acts.columns else "key"
    objects = (
        acts.lazy()
        .group_by(name, maintain_order=True)
        .agg(low=pl.col("account").min(), high=pl.col("account").max(), shown=pl.col("key").first())
        .filter(pl.col("low") != pl.col("high"))
        .select(name, "shown")
        .collect()
        .with_row_index("code")
    )
    joint = acts.join(objects, on=name, how="inner", maintain_order="left")
    row = joint["row"].to_numpy().astype(np.int32)
    time = posts["created_at"].dt.epoch("ms").to_numpy().astype(np.int64)
    return Events(
        account=joint["account"].to_numpy().astype(np.int32),
        object=joint["code"].to_numpy().astype(np.int32),
        time=time[row],
        post=row,
        keys=objects["shown"].alias("keys"),
    )
