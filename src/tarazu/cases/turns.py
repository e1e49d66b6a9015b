"""Whose turn it is to look at a case without knowing what was decided: one at a time, for a while."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, insert, select

from tarazu.cases.quality import Quality
from tarazu.cases.queue import Worker
from tarazu.store import Actor
from tarazu.store.tables.quality import look_turns
from tarazu.store.times import ms

LASTS = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Turn:
    """A case that somebody looks at now."""

    case_id: str


class Turns:
    """Second looks under way. They change nothing that anybody is affected by."""

    def __init__(self, quality: Quality) -> None:
        """Take cases and time from `quality`."""
        self.quality, self.store, self.clock = quality, quality.store, quality.clock

    def ask(self, person: Worker) -> str | None:
        """A case for somebody who asked for one; None where there is none."""
        found = self.quality.next(person.id, person.languages, person.skills)
        with self.store.write(Actor("person", person.id)) as tx:
            tx.run(delete(look_turns).where(look_turns.c.person_id == person.id))
            if found is not None:
                row = {"person_id": person.id, "case_id": found, "until": ms(self.clock() + LASTS)}
                tx.run(insert(look_turns), [row])
        return found

    def of(self, person_id: str) -> Turn | None:
        """What somebody looks at now."""
        with self.store.read() as view:
            here = select(look_turns).where(
                look_turns.c.person_id == person_id, look_turns.c.until > ms(self.clock())
            )
            row = view.one(here)
        return None if row is None else Turn(case_id=row.case_id)

    def end(self, person_id: str) -> None:
        """They answered, or passed on."""
        with self.store.write(Actor("person", person_id)) as tx:
            tx.run(delete(look_turns).where(look_turns.c.person_id == person_id))
