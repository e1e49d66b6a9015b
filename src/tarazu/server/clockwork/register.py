"""The register of jobs in the store: who is at it, how it went, when it is due. Shared by all servers on the store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, insert, select, update

from tarazu.server.clockwork.job import Job
from tarazu.server.clockwork.outcome import Outcome
from tarazu.store import SYSTEM, Store
from tarazu.store.tables.jobs import jobs
from tarazu.store.times import moment, moment_or_none, ms

LEASE = timedelta(minutes=2)  # a process that does not say within it that it still works is taken for dead
ERROR = 1_000  # characters


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One job as it stands."""

    name: str
    holder: str | None
    until: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    worked_at: datetime | None  # start of the last run that succeeded
    took: timedelta | None
    done: int | None
    mark: str | None
    failures: int
    error: str | None
    next_at: datetime

    def held(self, now: datetime) -> bool:
        """Whether somebody is at it."""
        return self.until is not None and self.until > now


class Register:
    """Claims jobs for one holder."""

    def __init__(self, store: Store, holder: str) -> None:
        self.store, self.holder = store, holder[:80]

    def entries(self) -> dict[str, Entry]:
        """Every job that ever ran."""
        return entries(self.store)

    def claim(self, job: Job, now: datetime, *, early: bool = False) -> bool:
        """Begin a run; False where somebody else is at it, or has just done it. `early`: although it is not due."""
        with self.store.write(SYSTEM) as tx:
            row = tx.one(select(jobs).where(jobs.c.name == job.name))
            if row is not None and row.until is not None and row.until > ms(now):
                return False
            if row is not None and row.next_at > ms(now) and not early:
                return False
            values = {"holder": self.holder, "until": ms(now + LEASE), "started_at": ms(now)}
            if row is None:
                tx.run(insert(jobs).values(name=job.name, failures=0, next_at=ms(now), **values))
            else:
                tx.run(update(jobs).where(jobs.c.name == job.name).values(**values))
        return True

    def renew(self, job: Job, now: datetime) -> bool:
        """Say that it is still being worked on; False where it was taken from us."""
        with self.store.write(SYSTEM) as tx:
            return tx.run(update(jobs).where(self._mine(job)).values(until=ms(now + LEASE))) > 0

    def finish(self, job: Job, began: datetime, now: datetime, outcome: Outcome) -> int:
        """End a run; gives the failures so far. Where it was taken from us, nothing is written."""
        with self.store.write(SYSTEM) as tx:
            row = tx.one(select(jobs).where(self._mine(job)))
            if row is None:
                return 0
            failures = row.failures + 1 if outcome.error is not None else 0
            values: dict[str, object] = {
                "holder": None,
                "until": None,
                "ended_at": ms(now),
                "took": max(0, ms(now) - ms(began)),
                "failures": failures,
                "error": None if outcome.error is None else outcome.error[:ERROR],
                "next_at": ms(now + job.pause(failures)),
            }
            if outcome.error is None:
                values |= {"worked_at": ms(began), "done": outcome.done, "mark": outcome.mark}
            tx.run(update(jobs).where(self._mine(job)).values(**values))
            return failures

    def give_back(self, job: Job, now: datetime) -> None:
        """Leave a job undone because this process ends: another may take it at once."""
        with self.store.write(SYSTEM) as tx:
            values = {"holder": None, "until": None, "next_at": ms(now)}
            tx.run(update(jobs).where(self._mine(job)).values(**values))

    def _mine(self, job: Job) -> ColumnElement[bool]:
        return (jobs.c.name == job.name) & (jobs.c.holder == self.holder)


def entries(store: Store) -> dict[str, Entry]:
    """Every job that ever ran, by name."""
    with store.read() as view:
        rows = view.rows(select(jobs).order_by(jobs.c.name))
    return {
        row.name: Entry(
            name=row.name,
            holder=row.holder,
            until=moment_or_none(row.until),
            started_at=moment_or_none(row.started_at),
            ended_at=moment_or_none(row.ended_at),
            worked_at=moment_or_none(row.worked_at),
            took=None if row.took is None else timedelta(milliseconds=row.took),
            done=row.done,
            mark=row.mark,
            failures=row.failures,
            error=row.error,
            next_at=moment(row.next_at),
        )
        for row in rows
    }
