"""Escalation: a case that somebody hands to a lead, with a word why. It stays open, and leads are given it first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, insert, select, update

from tarazu.cases import clean, locks
from tarazu.cases.case import CaseState
from tarazu.cases.refusal import CaseError, CaseLocked, CaseNotFound
from tarazu.store import Actor, Store
from tarazu.store.ids import new_id
from tarazu.store.tables.cases import cases, escalations
from tarazu.store.tables.cases import locks as held
from tarazu.store.times import moment, moment_or_none, ms

WHY = 2_000  # characters


@dataclass(frozen=True, kw_only=True)
class Escalation:
    """A case was handed up."""

    id: str
    case_id: str
    by: str  # a person
    why: str
    at: datetime
    ended_at: datetime | None
    ended_by: str | None
    answer: str | None  # of the lead who handed it back


class Escalations:
    """Hands cases up to leads, and back."""

    def __init__(self, store: Store, clock: Callable[[], datetime] | None = None) -> None:
        """Take the time from `clock`; default the store's."""
        self.store, self.clock = store, clock or store.clock

    def escalate(self, case_id: str, person: Actor, why: str) -> Escalation:
        """Hand an open case to a lead, and let go of it. Raises CaseError, CaseNotFound, CaseLocked."""
        said = clean.text(why.strip())[:WHY]
        if not said:
            raise CaseError("Say in a word why a lead has to look at this.")
        now = self.clock()
        with self.store.write(person) as tx:
            state = tx.value(select(cases.c.state).where(cases.c.id == case_id))
            if state is None:
                raise CaseNotFound(case_id)
            if state != CaseState.OPEN:
                raise CaseError("This case is not open any more, so there is nothing to hand to a lead.")
            holder = locks.holder(tx, case_id, now)
            if holder is not None and holder[0] != person.id:
                raise CaseLocked(case_id, *holder)
            if tx.value(select(escalations.c.id).where(escalations.c.case_id == case_id, _open())):
                raise CaseError("This case is with the leads already. Take another.")
            row = {"id": new_id(ms(now)), "case_id": case_id, "by": person.id, "why": said, "at": ms(now)}
            tx.run(insert(escalations), [row])
            tx.run(delete(held).where(held.c.case_id == case_id))
            tx.log("case.escalated", f"case:{case_id}", {"escalation": row["id"]})
        return Escalation(
            id=str(row["id"]), case_id=case_id, by=person.id, why=said, at=moment(ms(now)),
            ended_at=None, ended_by=None, answer=None,
        )  # fmt: skip

    def hand_back(self, case_id: str, person: Actor, answer: str) -> None:
        """Give it back to everybody, with a word for who handed it up. Raises CaseError where it is not there."""
        said = clean.text(answer.strip())[:WHY]
        if not said:
            raise CaseError("Write a word for whoever handed this case up.")
        values = {"ended_at": ms(self.clock()), "ended_by": person.id, "answer": said}
        with self.store.write(person) as tx:
            if not tx.run(
                update(escalations).where(escalations.c.case_id == case_id, _open()).values(**values)
            ):
                raise CaseError("This case is not with the leads. Load the page again.")
            tx.log("case.handed_back", f"case:{case_id}")

    def of(self, case_id: str) -> list[Escalation]:
        """All of one case, the latest first."""
        with self.store.read() as view:
            asked = select(escalations).where(escalations.c.case_id == case_id)
            return [
                Escalation(
                    id=row.id,
                    case_id=row.case_id,
                    by=row.by,
                    why=row.why,
                    at=moment(row.at),
                    ended_at=moment_or_none(row.ended_at),
                    ended_by=row.ended_by,
                    answer=row.answer,
                )
                for row in view.rows(asked.order_by(escalations.c.id.desc()))
            ]

    def among(self, case_ids: Sequence[str]) -> set[str]:
        """Those of some cases that are with the leads."""
        with self.store.read() as view:
            asked = select(escalations.c.case_id).where(escalations.c.case_id.in_(case_ids), _open())
            return {row.case_id for row in view.rows(asked)}

    def count(self) -> int:
        """How many open cases are with the leads."""
        with self.store.read() as view:
            asked = select(func.count()).select_from(cases)
            return int(view.value(asked.where(cases.c.state == str(CaseState.OPEN), with_leads())) or 0)


def with_leads(not_by: str | None = None) -> ColumnElement[bool]:
    """Cases that are with the leads; leaving out those that `not_by` handed up."""
    asked = select(escalations.c.case_id).where(_open())
    if not_by is not None:
        asked = asked.where(escalations.c.by != not_by)
    return cases.c.id.in_(asked)


def _open() -> ColumnElement[bool]:
    return escalations.c.ended_at.is_(None)
