"""What a trace is: a name, a version, and a way from posts to events."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import polars as pl

from tarazu.coordination.events import Actors, Events, PairTests


class Trace(Protocol):
    """One kind of joint action. Implementations are stateless and listed in `traces.TRACES`."""

    name: str  # as in edges.csv: "co_url"
    version: str  # stored with every finding: "co_url.v1"

    def events(self, posts: pl.DataFrame, actors: Actors) -> Events | None:
        """Return who acted on what and when, or None when these data do not have the channel."""


class OwnTest(Protocol):
    """A trace without shared objects: it brings its own test. Listed in `traces.OWN_TESTS`."""

    name: str
    version: str

    def tests(
        self, posts: pl.DataFrame, accounts: pl.DataFrame | None, actors: Actors, windows: Sequence[int]
    ) -> PairTests | None:
        """Return the tested pairs, or None when these data do not have the channel. `windows` are seconds."""
