"""Two accounts share the same link."""

from __future__ import annotations

import polars as pl

from tarazu.coordination.events import Actors, Events
from tarazu.coordination.traces import acts
from tarazu.text.links import canonical_series


class CoUrl:
    """The object is the canonical link."""

    name = "co_url"
    version = "co_url.v1"

    def events(self, posts: pl.DataFrame, actors: Actors) -> Events | None:
        """Return who shared which page and when, or None without links."""
        links = acts.original(posts).select("row", key="urls").explode("key").drop_nulls().collect()
        if links.is_empty():
            return None
        links = links.with_columns(canonical_series(links["key"]).alias("key")).unique(maintain_order=True)
        return acts.events(posts, actors, links)
