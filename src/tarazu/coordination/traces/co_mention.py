"""Two accounts mention the same account, or the same set of accounts."""

from __future__ import annotations

import polars as pl

from tarazu.coordination.events import Actors, Events
from tarazu.coordination.traces import acts

SET = 2  # mentioned accounts in one post


class CoMention:
    """Objects of two kinds: '@a' for a mentioned account, '@a @b' for a post's whole set of two or more.

    Replies are left out: their mentions are set by the thread, not by the author.
    """

    name = "co_mention"
    version = "co_mention.v1"

    def events(self, posts: pl.DataFrame, actors: Actors) -> Events | None:
        """Return who mentioned whom and when, or None without mentions."""
        mentions = (
            acts.original(posts)
            .filter(pl.col("reply_to").is_null(), pl.col("mentions").list.len() > 0)
            .select("row", key="mentions")
            .explode("key")
            .with_columns(key="@" + pl.col("key").str.strip_chars(" @").str.to_lowercase())
            .filter(pl.col("key") != "@")
            .unique(maintain_order=True)
            .collect()
        )
        if mentions.is_empty():
            return None
        sets = (
            mentions.lazy()
            .group_by("row", maintain_order=True)
            .agg("key")
            .filter(pl.col("key").list.len() >= SET)
            .select("row", key=pl.col("key").list.sort().list.join(" "))
        )
        return acts.events(posts, actors, pl.concat([mentions.lazy(), sets]).collect())
