"""What was decided first, beside what those said who looked again without knowing it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from tarazu.cases.answer import Answer
from tarazu.cases.decision import Action
from tarazu.store.tables.cases import cases
from tarazu.store.tables.decisions import decisions
from tarazu.store.tables.quality import second_looks
from tarazu.store.times import moment, ms
from tarazu.store.view import View


@dataclass(frozen=True, kw_only=True)
class Compared:
    """One case that was looked at again."""

    case_id: str
    first: str | None  # label of the first decision; None where no person made it
    looks: tuple[str, ...]  # labels of the second looks, the earliest first
    at: datetime  # of the first second look
    lang: str
    clause_id: str  # that it was found to break


def compared(view: View, since: datetime | None = None) -> list[Compared]:
    """Every case with a second look (since a time); golden cases are not among them: they measure people."""
    asked = (
        select(
            second_looks.c.case_id, second_looks.c.answer, second_looks.c.at, cases.c.lang, cases.c.clause_id
        )
        .join(cases, cases.c.id == second_looks.c.case_id)
        .where(second_looks.c.kind == "look")
        .order_by(second_looks.c.case_id, second_looks.c.at, second_looks.c.person_id)
    )
    if since is not None:
        asked = asked.where(second_looks.c.at >= ms(since))
    first = first_answers(view)
    found: dict[str, Compared] = {}
    for row in view.rows(asked):
        said = Answer.of(row.answer).label
        if row.case_id in found:
            one = found[row.case_id]
            found[row.case_id] = Compared(**{**vars(one), "looks": (*one.looks, said)})
            continue
        found[row.case_id] = Compared(
            case_id=row.case_id,
            first=first[row.case_id].label if row.case_id in first else None,
            looks=(said,),
            at=moment(row.at),
            lang=(row.lang or "").split("-")[0],
            clause_id=row.clause_id or "",
        )
    return list(found.values())


def first_answers(view: View, *, rules: bool = False) -> dict[str, Answer]:
    """What a person (or, if `rules`, anybody) decided first in each case that was looked at again."""
    asked = (
        select(decisions.c.case_id, decisions.c.action, decisions.c.clause_id)
        .where(decisions.c.case_id.in_(select(second_looks.c.case_id)), decisions.c.undoes.is_(None))
        .order_by(decisions.c.case_id, decisions.c.number.desc())
    )
    if not rules:
        asked = asked.where(decisions.c.actor_kind != "rule")
    # The latest first, so that the earliest is what stays.
    return {
        row.case_id: Answer(action=Action(row.action), clause_id=row.clause_id) for row in view.rows(asked)
    }
