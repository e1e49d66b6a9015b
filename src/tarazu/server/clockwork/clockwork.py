"""The thread that runs what is due, and the bell by which a request says that there is work."""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tarazu.server.clockwork.apart import Apart
from tarazu.server.clockwork.job import Job
from tarazu.server.clockwork.outcome import Outcome, failed
from tarazu.server.clockwork.register import LEASE, Entry, Register
from tarazu.server.clockwork.supplies import Supplies

LOG = logging.getLogger("tarazu.server.clockwork")
SLEEP = 30.0  # seconds at most between two looks: another server may have left something undone
WATCH = 0.5  # while a job runs apart
TROUBLE = 10.0  # after the store could not be asked
LIMIT = timedelta(hours=2)  # a job that runs apart for longer is ended
STOPS = 5.0  # seconds within which the thread ends


@dataclass(kw_only=True)
class _Running:
    job: Job
    child: Apart
    began: datetime
    renewed: datetime


class Clockwork:
    """Runs jobs. `start` and `stop` are for a server; `look` does what is due once; `run` for the command line."""

    def __init__(self, supplies: Supplies, jobs: Sequence[Job], *, apart: bool = True) -> None:
        """`apart=False` runs every job in this process."""
        self.supplies, self.jobs, self.apart = supplies, tuple(jobs), apart
        holder = f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"
        self.register = Register(supplies.store, holder)
        self._running: _Running | None = None
        self._rung: set[str] = set()
        self._bell, self._stop = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin, in a thread that ends with the process at the latest."""
        self._thread = threading.Thread(target=self._turn, name="tarazu-jobs", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End within seconds: what runs apart is ended, and may be begun by another server at once."""
        self._stop.set()
        self._bell.set()
        if self._thread is not None:
            self._thread.join(STOPS)
            self._thread = None

    def ring(self, *names: str) -> None:
        """There is work for these; from any thread, in no time."""
        self._rung.update(names)
        self._bell.set()

    def look(self) -> float:
        """Do what is due; gives the seconds until there may be more to do."""
        now = self.supplies.clock()
        self._watch(now)
        found, rung = self.register.entries(), set(self._rung)
        waits = [SLEEP]
        for job in self.jobs:
            if self._stop.is_set():
                break
            wait = _wait(job, found.get(job.name), now, job.name in rung)
            if wait > 0:
                waits.append(wait)
            elif not job.apart or self._running is None:  # one at a time is apart; the next when it has ended
                self._rung.discard(job.name)
                self._begin(job, found.get(job.name), now, early=job.name in rung)
        return WATCH if self._running is not None else max(WATCH, min(waits))

    def run(self, names: Sequence[str] = ()) -> dict[str, Outcome | None]:
        """Do these now, or all that are due, in this process; None stands for one that somebody else is at."""
        found, now = self.register.entries(), self.supplies.clock()
        outcomes: dict[str, Outcome | None] = {}
        for job in self.jobs:
            if job.name in names or (not names and _wait(job, found.get(job.name), now, rung=False) <= 0):
                claimed = self.register.claim(job, now, early=job.name in names)
                outcomes[job.name] = self._here(job, now) if claimed else None
        return outcomes

    def _turn(self) -> None:
        wait = WATCH  # the first page comes first
        while not self._stop.is_set():
            self._bell.wait(wait)
            self._bell.clear()
            if self._stop.is_set():
                break
            try:
                wait = self.look()
            except Exception as error:  # the store cannot be asked: it is asked again, for ever
                LOG.error("jobs: %s", failed(error).error)
                wait = TROUBLE
            self._stop.wait(WATCH)  # however often the bell rings
        self._give_back()

    def _begin(self, job: Job, entry: Entry | None, now: datetime, *, early: bool) -> None:
        if not self.register.claim(job, now, early=early):
            return
        try:
            if not _has_work(job, self.supplies, entry):
                mark = entry.mark if entry is not None else None
                self._finish(job, now, Outcome(mark=mark))
            elif job.apart and self.apart:
                child = Apart(job.name, self.supplies)
                self._running = _Running(job=job, child=child, began=now, renewed=now)
            else:
                self._here(job, now)
        except Exception as error:
            self._finish(job, now, failed(error))

    def _here(self, job: Job, began: datetime) -> Outcome:
        try:
            outcome = Outcome(mark=job.mark(self.supplies), done=job.work(self.supplies))
        except Exception as error:
            outcome = failed(error)
        self._finish(job, began, outcome)
        return outcome

    def _watch(self, now: datetime) -> None:
        """Look after the job that runs apart."""
        running = self._running
        if running is None:
            return
        outcome = running.child.outcome()
        if outcome is None and now - running.began < LIMIT:
            if now - running.renewed >= LEASE / 4:
                self.register.renew(running.job, now)
                running.renewed = now
            return
        self._running = None
        if outcome is None:
            running.child.end()
            outcome = Outcome(error=f"It ran for more than {LIMIT} and was ended.")
        self._finish(running.job, running.began, outcome)

    def _finish(self, job: Job, began: datetime, outcome: Outcome) -> None:
        now = self.supplies.clock()
        failures = self.register.finish(job, began, now, outcome)
        if outcome.error is not None:
            pause = job.pause(failures)
            LOG.error(
                "job %s failed (%d in a row, again in %s): %s", job.name, failures, pause, outcome.error
            )
        elif outcome.done:
            LOG.info("job %s: %d in %s", job.name, outcome.done, now - began)

    def _give_back(self) -> None:
        running, self._running = self._running, None
        if running is None:
            return
        running.child.end()
        try:
            self.register.give_back(running.job, self.supplies.clock())
        except Exception as error:  # its lease will end by itself
            LOG.error("jobs: %s", failed(error).error)


def _wait(job: Job, entry: Entry | None, now: datetime, rung: bool) -> float:
    """The seconds until a job may begin; 0 or less: now."""
    if entry is None:
        return 0.0
    if entry.until is not None and entry.until > now:
        return (entry.until - now).total_seconds()
    due = entry.next_at
    if rung and job.rung is not None and not entry.failures and entry.started_at is not None:
        due = min(due, entry.started_at + job.rung)
    return (due - now).total_seconds()


def _has_work(job: Job, supplies: Supplies, entry: Entry | None) -> bool:
    if entry is None or entry.worked_at is None or job.mark(supplies) != entry.mark:
        return job.wanted(supplies, None)
    return job.wanted(supplies, entry.worked_at)
