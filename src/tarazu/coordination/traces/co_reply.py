"""Two accounts answer the same post."""

from __future__ import annotations

import polars as pl

from tarazu.coordination.events import Actors, Events
from tarazu.coordination.traces import acts


class CoReply:
    """The object is the post that was answered."""

    name = "co_reply"
    version = "co_reply.v1"

    def events(self, posts: pl.DataFrame, actors: Actors) -> Events | None:
        """Return who answered what and when, or None without replies."""
        replies = acts.original(posts).filter(pl.col("reply_to").is_not_null())
        return acts.events(posts, actors, replies.select("row", key="reply_to").collect())
