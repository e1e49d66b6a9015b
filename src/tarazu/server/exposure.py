"""What somebody has looked at today: counted quietly, never judged, and a reminder to rest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, insert, select, update

from tarazu.store import Store
from tarazu.store.tables.people import exposure
from tarazu.store.times import ms
from tarazu.store.transaction import Transaction
from tarazu.store.view import View

LONGEST = 120  # seconds that one sign of life may count for: a page left open is no work


@dataclass(frozen=True, kw_only=True, slots=True)
class Rest:
    """After how much work without a break one is suggested, and how it can be put off."""

    minutes: int = 50
    reveals: int = 25
    put_off: int = 10  # minutes for which it can be put off, once
    pause: int = 5  # minutes without work that are a break


@dataclass(frozen=True, kw_only=True, slots=True)
class Day:
    """One person's day so far."""

    reveals: int = 0
    seconds: int = 0
    decisions: int = 0
    rest: bool = False  # a break would do good now
    may_put_off: bool = False  # it was not put off since the last one

    @property
    def minutes(self) -> int:
        """Whole minutes on cases."""
        return self.seconds // 60


class Exposure:
    """Counts for each person and day (UTC); what was done since the last break ends with the day, too."""

    def __init__(self, store: Store, clock: Callable[[], datetime], rest: Rest | None = None) -> None:
        self.store = store
        self.clock = clock
        self.rest = rest or Rest()

    def today(self, person_id: str) -> Day:
        """What is counted so far."""
        with self.store.read() as view:
            return self._read(view, person_id)

    def revealed(self, person_id: str, case_id: str, picture: int) -> Day:
        """A picture was shown; the ledger says whose eyes it met, so that others can be spared it."""
        from tarazu.store import Actor

        with self.store.write(Actor("person", person_id)) as tx:
            self._add(tx, person_id, reveals=1)
            tx.log("media.revealed", f"case:{case_id}", {"picture": picture})
            return self._read(tx, person_id)

    def spent(self, person_id: str, seconds: int) -> Day:
        """Some time on a case."""
        from tarazu.store import Actor

        with self.store.write(Actor("person", person_id)) as tx:
            self._add(tx, person_id, seconds=min(max(seconds, 0), LONGEST))
            return self._read(tx, person_id)

    def decided(self, person_id: str) -> None:
        """A case was decided."""
        from tarazu.store import Actor

        with self.store.write(Actor("person", person_id)) as tx:
            self._add(tx, person_id, decisions=1)

    def put_off(self, person_id: str) -> Day:
        """Say it again in some minutes. It works once, then not until a break was taken."""
        from tarazu.store import Actor

        with self.store.write(Actor("person", person_id)) as tx:
            if self._read(tx, person_id).may_put_off:
                until = ms(self.clock() + timedelta(minutes=self.rest.put_off))
                tx.run(update(exposure).where(self._mine(person_id)).values(quiet_until=until))
            return self._read(tx, person_id)

    def _day(self) -> str:
        return self.clock().date().isoformat()

    def _mine(self, person_id: str) -> ColumnElement[bool]:
        return and_(exposure.c.person_id == person_id, exposure.c.day == self._day())

    def _rested(self, last_at: int | None) -> bool:
        """Whether the work that came last is so long ago that there was a break."""
        return last_at is None or ms(self.clock()) - last_at >= self.rest.pause * 60_000

    def _read(self, view: View, person_id: str) -> Day:
        row = view.one(select(exposure).where(self._mine(person_id)))
        if row is None:
            return Day()
        much = row.run_seconds >= self.rest.minutes * 60 or row.run_reveals >= self.rest.reveals
        due = much and not self._rested(row.last_at)
        return Day(
            reveals=row.reveals,
            seconds=row.seconds,
            decisions=row.decisions,
            rest=due and (row.quiet_until is None or row.quiet_until <= ms(self.clock())),
            may_put_off=due and row.quiet_until is None,
        )

    def _add(self, tx: Transaction, person_id: str, **counts: int) -> None:
        mine = self._mine(person_id)
        row = tx.one(select(exposure.c.last_at).where(mine))
        values: dict[str, object] = {"last_at": ms(self.clock())}
        fresh = row is not None and self._rested(row.last_at)
        if fresh:
            values["quiet_until"] = None
        for name in ("reveals", "seconds"):
            more, run = counts.get(name, 0), exposure.c[f"run_{name}"]
            values[run.name] = more if fresh or row is None else run + more
        if row is None:
            tx.run(insert(exposure).values(person_id=person_id, day=self._day(), **counts, **values))
        else:
            tx.run(
                update(exposure)
                .where(mine)
                .values({**values, **{name: exposure.c[name] + more for name, more in counts.items()}})
            )
