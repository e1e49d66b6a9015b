"""Two accounts repost the same post."""

from __future__ import annotations

import polars as pl

from tarazu.coordination.events import Actors, Events
from tarazu.coordination.traces import acts


class CoRepost:
    """The object is the post that was repeated."""

    name = "co_repost"
    version = "co_repost.v1"

    def events(self, posts: pl.DataFrame, actors: Actors) -> Events | None:
        """Return who reposted what and when, or None without reposts."""
        rows = posts.lazy().with_row_index("row").filter(pl.col("repost_of").is_not_null())
        return acts.events(posts, actors, rows.select("row", key="repost_of").collect())
