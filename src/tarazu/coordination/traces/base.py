"""What a trace is: a name, a version, and a way from posts to events."""

from __future__ import annotations

from typing import Protocol

import polars as pl

from tarazu.coordination.events import Actors, Events


class Trace(Protocol):
    """One kind of joint action. Implementations are stateless and listed in `traces.TRACES`."""

    name: str  # as in edges.csv: "co_url"
    version: str  # stored with every finding: "co_url.v1"

    def events(self, posts: pl.DataFrame, actors: Actors) -> Events | None:
        """Return who acted on what and when, or None when these data do not have the channel."""
