"""How every job stands, for people and for who watches the server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from tarazu.server.clockwork.job import Job
from tarazu.server.clockwork.register import Entry, entries
from tarazu.store import Store

LATE = timedelta(minutes=10)  # after which a job that is due and that nobody does is late


class State(StrEnum):
    """Whether it goes well."""

    NEVER = "never"  # it has not run yet
    WORKS = "works"  # somebody is at it now
    WELL = "well"
    FAILED = "failed"
    LATE = "late"  # it is due, and nobody does it


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One job."""

    name: str
    state: State
    entry: Entry | None

    @property
    def seconds(self) -> float | None:
        """How long its last run took."""
        took = self.entry.took if self.entry is not None else None
        return None if took is None else round(took.total_seconds(), 1)

    @property
    def line(self) -> dict[str, object]:
        """For everybody who asks whether the server lives: no word of what went wrong."""
        ended = self.entry.ended_at if self.entry is not None else None
        return {
            "name": self.name,
            "state": str(self.state),
            "last_at": None if ended is None else ended.isoformat(timespec="seconds"),
            "failures": 0 if self.entry is None else self.entry.failures,
        }


def standings(store: Store, jobs: Sequence[Job], now: datetime) -> list[Standing]:
    """All of them, in their order."""
    found = entries(store)
    return [
        Standing(name=job.name, state=_state(found.get(job.name), now), entry=found.get(job.name))
        for job in jobs
    ]


def _state(entry: Entry | None, now: datetime) -> State:
    if entry is None:
        return State.NEVER
    if entry.held(now):
        return State.WORKS
    if entry.next_at < now - LATE:
        return State.LATE
    if entry.failures:
        return State.FAILED
    return State.WELL if entry.ended_at is not None else State.NEVER
