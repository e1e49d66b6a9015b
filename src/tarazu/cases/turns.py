"""Whose turn it is to look at a case without knowing what was decided: one at a time, for a while."""

from __future__ import annotations

import random
from collections.abc import Callable
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
    asked: bool  # they asked for a second look; else it came among the ordinary ones, and they do not know


class Turns:
    """Second looks under way. They change nothing that anybody is affected by."""

    def __init__(self, quality: Quality, draw: Callable[[], float] = random.random) -> None:
        """`draw` gives a number from 0 up to 1; it decides when a golden case comes among the ordinary ones."""
        self.quality, self.store, self.clock, self.draw = quality, quality.store, quality.clock, draw

    def ask(self, person: Worker) -> str | None:
        """A case for somebody who asked for one; None where there is none."""
        return self._take(person, asked=True)

    def mix(self, person: Worker) -> str | None:
        """Now and then, a golden case for somebody who takes the next of the queue; mostly None."""
        if not self.draw() < self.quality.settings.mixed:
            return None
        return self._take(person, asked=False)

    def of(self, person_id: str) -> Turn | None:
        """What somebody looks at now."""
        with self.store.read() as view:
            here = select(look_turns).where(
                look_turns.c.person_id == person_id, look_turns.c.until > ms(self.clock())
            )
            row = view.one(here)
        return None if row is None else Turn(case_id=row.case_id, asked=bool(row.asked))

    def end(self, person_id: str) -> None:
        """They answered, or passed on."""
        with self.store.write(Actor("person", person_id)) as tx:
            tx.run(delete(look_turns).where(look_turns.c.person_id == person_id))

    def _take(self, person: Worker, *, asked: bool) -> str | None:
        found = self.quality.next(person.id, person.languages, person.skills, only_golden=not asked)
        with self.store.write(Actor("person", person.id)) as tx:
            tx.run(delete(look_turns).where(look_turns.c.person_id == person.id))
            if found is not None:
                until = ms(self.clock() + LASTS)
                row = {"person_id": person.id, "case_id": found, "asked": int(asked), "until": until}
                tx.run(insert(look_turns), [row])
        return found
