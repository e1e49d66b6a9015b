"""What people have judged: what rules are measured by. A rule's own decision is no evidence for the rule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from tarazu.cases.decision import Action
from tarazu.store.tables.cases import cases
from tarazu.store.tables.decisions import appeals, decisions
from tarazu.store.times import moment
from tarazu.store.view import View

# A milder action than the people's is no mistake; a harsher one is.
STRENGTH = {
    Action.WARN: 1,
    Action.LABEL: 1,
    Action.LIMIT: 2,
    Action.REMOVE: 3,
    Action.SUSPEND: 4,
}
_HOLDS = ("effective", "expired")
_SETTLED = ("decided", "closed")


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What people made of a case in the end."""

    case_id: str
    action: Action  # `no_action` where what was imposed was found wrong
    clause_id: str | None
    at: datetime  # when the first of it was decided: what was known then counts


def judgements(view: View, case_ids: Sequence[str] | None = None) -> list[Judgement]:
    """Every case that people have settled, in the order of their ids."""
    asked = (
        select(
            decisions.c.id,
            decisions.c.case_id,
            decisions.c.number,
            decisions.c.actor_kind,
            decisions.c.action,
            decisions.c.clause_id,
            decisions.c.state,
            decisions.c.second_id,
            decisions.c.undoes,
            decisions.c.made_at,
        )
        .join(cases, cases.c.id == decisions.c.case_id)
        .where(cases.c.state.in_(_SETTLED))
        .order_by(decisions.c.case_id, decisions.c.number)
    )
    if case_ids is not None:
        asked = asked.where(decisions.c.case_id.in_(case_ids))
    upheld = {
        row.decision_id for row in view.rows(select(appeals.c.decision_id).where(appeals.c.state == "upheld"))
    }
    of_case: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in view.each(asked):
        of_case[row.case_id].append(row)
    return [one for rows in of_case.values() if (one := _judgement(rows, upheld)) is not None]


def _judgement(rows: Sequence[Row[Any]], upheld: set[str]) -> Judgement | None:
    made = [row for row in rows if row.undoes is None]
    by_people = {row.undoes for row in rows if row.undoes is not None and row.actor_kind != "rule"}
    holding = [
        row
        for row in made
        if row.state in _HOLDS and (row.actor_kind != "rule" or row.second_id is not None or row.id in upheld)
    ]
    first = moment(made[0].made_at) if made else None
    if first is None:
        return None
    if holding:
        last = max(holding, key=lambda row: (STRENGTH.get(Action(row.action), 0), row.number))
        return Judgement(case_id=last.case_id, action=Action(last.action), clause_id=last.clause_id, at=first)
    if any(row.state in _HOLDS for row in made):
        return None  # a rule decided, and nobody has looked since
    wrong = [row for row in made if row.state in ("declined", "reversed") or row.id in by_people]
    if not wrong:
        return None
    return Judgement(case_id=wrong[-1].case_id, action=Action.NO_ACTION, clause_id=None, at=first)


def agrees(action: Action, clause_id: str, judged: Judgement) -> bool:
    """Whether doing this would have been no harsher than what people did, and for the same reason."""
    people = STRENGTH.get(judged.action, 0)
    if action == Action.NO_ACTION:
        return people == 0
    return people >= STRENGTH[action] and judged.clause_id == clause_id
