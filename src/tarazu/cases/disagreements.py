"""Where a second look and the decision differ: put before somebody who had a part in neither."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select, update

from tarazu.cases import clean
from tarazu.cases.answer import Answer
from tarazu.cases.comparing import first_answers
from tarazu.cases.refusal import CaseError
from tarazu.store import Actor, Store
from tarazu.store.tables.cases import cases
from tarazu.store.tables.decisions import decisions
from tarazu.store.tables.quality import second_looks
from tarazu.store.times import moment, ms
from tarazu.store.view import View


class Settled(StrEnum):
    """What a lead says about a disagreement."""

    FIRST = "first"  # the decision was right
    LOOK = "look"  # the second look was right: the case has to be decided anew
    UNCLEAR = "unclear"  # the rule allows both: it has to be written better


@dataclass(frozen=True, kw_only=True)
class Disagreement:
    """One of them. Who said what is not in it: the case is judged, not the people."""

    case_id: str
    looker_id: str  # only to name this one among several of a case
    title: str
    lang: str | None
    first: Answer
    look: Answer
    at: datetime


class Disagreements:
    """Second looks that said something else than the decision."""

    def __init__(self, store: Store, clock: Callable[[], datetime] | None = None) -> None:
        """Take the time from `clock`; default the store's."""
        self.store, self.clock = store, clock or store.clock

    def open(self, person_id: str | None = None) -> list[Disagreement]:
        """Those that nobody settled, the latest first; of `person_id`, those that they may settle."""
        with self.store.read() as view:
            found = self._open(view)
            return [one for one in found if person_id is None or not _part_in(view, one, person_id)]

    def settle(self, case_id: str, looker_id: str, person: Actor, said: Settled | str, note: str) -> None:
        """Say who was right, and why. It changes nothing about the case. Raises CaseError."""
        if said not in set(Settled):
            raise CaseError("Say which answer was right, or that the rule allows both.")
        if not note.strip():
            raise CaseError("Say why: whoever writes the rules will read it.")
        with self.store.write(person) as tx:
            here = [one for one in self._open(tx) if (one.case_id, one.looker_id) == (case_id, looker_id)]
            if not here:
                raise CaseError("Somebody has settled this already. Take the next one.")
            if _part_in(tx, here[0], person.id):
                raise CaseError("You gave one of the two answers; somebody else has to say which was right.")
            values = {"settled": str(said), "settled_note": clean.text(note.strip()), "settled_by": person.id}
            row = (second_looks.c.case_id == case_id) & (second_looks.c.person_id == looker_id)
            tx.run(update(second_looks).where(row).values(**values, settled_at=ms(self.clock())))
            tx.log("quality.settled", f"case:{case_id}", {"said": str(said)})

    @staticmethod
    def _open(view: View) -> list[Disagreement]:
        asked = (
            select(second_looks, cases.c.title, cases.c.lang)
            .join(cases, cases.c.id == second_looks.c.case_id)
            .where(second_looks.c.kind == "look", second_looks.c.settled.is_(None))
            .order_by(second_looks.c.at.desc(), second_looks.c.case_id)
        )
        first = first_answers(view, rules=True)
        found = []
        for row in view.rows(asked):
            said, before = Answer.of(row.answer), first.get(row.case_id)
            if before is not None and before.label != said.label:
                found.append(
                    Disagreement(
                        case_id=row.case_id, looker_id=row.person_id, title=row.title, lang=row.lang,
                        first=before, look=said, at=moment(row.at),
                    )
                )  # fmt: skip
        return found


def _part_in(view: View, one: Disagreement, person_id: str) -> bool:
    part = (decisions.c.actor_id == person_id) | (decisions.c.second_id == person_id)
    asked = select(decisions.c.id).where(decisions.c.case_id == one.case_id, part).limit(1)
    return one.looker_id == person_id or view.one(asked) is not None
