"""What somebody has looked at today: counted quietly, never judged, and a reminder to rest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update

from tarazu.store import Store
from tarazu.store.tables.people import exposure
from tarazu.store.transaction import Transaction
from tarazu.store.view import View

LONGEST = 120  # seconds that one sign of life may count for: a page left open is no work


@dataclass(frozen=True, kw_only=True, slots=True)
class Rest:
    """After how much a break is suggested, and again after as much."""

    minutes: int = 50
    reveals: int = 25
    said: int = 4  # minutes for which it is said


@dataclass(frozen=True, kw_only=True, slots=True)
class Day:
    """One person's day so far."""

    reveals: int = 0
    seconds: int = 0
    decisions: int = 0

    @property
    def minutes(self) -> int:
        """Whole minutes on cases."""
        return self.seconds // 60

    def long(self, rest: Rest) -> bool:
        """Whether a break would do good just now: said for some minutes, then not again until as much was done."""
        worked = self.minutes >= rest.minutes and self.minutes % rest.minutes < rest.said
        return worked or (self.reveals > 0 and self.reveals % rest.reveals == 0)


class Exposure:
    """Counts for each person and day (UTC)."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self.store = store
        self.clock = clock

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

    def _day(self) -> str:
        return self.clock().date().isoformat()

    def _read(self, view: View, person_id: str) -> Day:
        row = view.one(
            select(exposure).where(exposure.c.person_id == person_id, exposure.c.day == self._day())
        )
        return (
            Day() if row is None else Day(reveals=row.reveals, seconds=row.seconds, decisions=row.decisions)
        )

    def _add(self, tx: Transaction, person_id: str, **counts: int) -> None:
        mine = (exposure.c.person_id == person_id) & (exposure.c.day == self._day())
        changes = {name: exposure.c[name] + more for name, more in counts.items()}
        if not tx.run(update(exposure).where(mine).values(changes)):
            tx.run(insert(exposure).values(person_id=person_id, day=self._day(), **counts))
