"""Two accounts post the same picture."""

from __future__ import annotations

import polars as pl

from tarazu.coordination.events import Actors, Events
from tarazu.coordination.traces import acts
from tarazu.media import pdq


class CoMedia:
    """The object is the picture: PDQ hashes within 31 bits are one, any other id stands for itself."""

    name = "co_media"
    version = "co_media.v1"

    def events(self, posts: pl.DataFrame, actors: Actors) -> Events | None:
        """Return who posted which picture and when, or None without media."""
        media = acts.original(posts).select("row", key="media").explode("key").drop_nulls().collect()
        if media.is_empty():
            return None
        hashes = (
            media.filter(pdq.is_pdq(media["key"]))
            .with_columns(hash=pl.col("key").str.to_lowercase())
            .group_by("hash")
            .len()
            .sort("len", "hash", descending=[True, False])
        )
        if len(hashes):
            from tarazu.media.near import leaders  # compiled code: loaded when used

            leader = hashes["hash"].gather(leaders(pdq.parse(hashes["hash"])))
            same = hashes.select("hash").with_columns(leader=leader)
            media = (
                media.with_columns(hash=pl.col("key").str.to_lowercase())
                .join(same, on="hash", how="left", maintain_order="left")
                .select("row", key=pl.coalesce("leader", "key"))
            )
        return acts.events(posts, actors, media.unique(maintain_order=True))
