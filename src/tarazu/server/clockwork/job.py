"""A job: a name, how often, what it does, and how it is known that there is something to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tarazu.server.clockwork.supplies import Supplies

FIRST = timedelta(minutes=1)  # before a job that failed is tried again; doubled with every failure
LONGEST = timedelta(
    hours=1
)  # until a job that goes on failing is tried again, or its own interval if that is longer

Wanted = Callable[
    [Supplies, datetime | None], bool
]  # whether there is work since the time; None: it never worked


@dataclass(frozen=True, kw_only=True)
class Job:
    """One job. It must bear being done twice at once: a process that is taken for dead may still be at it."""

    name: str
    every: timedelta
    work: Callable[[Supplies], int]  # gives how much it did
    wanted: Wanted = lambda _supplies, _since: True
    mark: Callable[[Supplies], str | None] = lambda _supplies: (
        None
    )  # what it goes by: if it changes, there is work
    apart: bool = False  # in a process of its own: what needs much memory or computing must not slow requests
    rung: timedelta | None = None  # the shortest time between two runs, for one that can be rung for

    def pause(self, failures: int) -> timedelta:
        """How long until the next run, after so many failures one after the other."""
        if not failures:
            return self.every
        doubled: timedelta = FIRST * (1 << min(failures - 1, 12))
        return min(doubled, max(LONGEST, self.every))
