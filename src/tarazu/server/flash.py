"""The line after an act: what was done, and the way back."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from starlette.requests import Request

from tarazu.cases.decision import DecisionState
from tarazu.server.desk import desk
from tarazu.server.visitor import Person
from tarazu.store.tables.cases import cases
from tarazu.store.tables.decisions import decisions


@dataclass(frozen=True, kw_only=True, slots=True)
class Flash:
    """One line."""

    key: str  # of the sentence, in the catalogue `decide`
    title: str  # of the case
    case_id: str
    undo: str = ""  # the decision that can be taken back


def flash(request: Request, person: Person) -> Flash | None:
    """What the address says was just done; the way back only for who did it."""
    done = request.query_params.get("done") or request.query_params.get("undone") or ""
    passed = request.query_params.get("passed", "")
    up = request.query_params.get("escalated", "")
    if not (done or passed or up) or len(done + passed + up) > 64:
        return None
    with desk(request).store.read() as view:
        if passed or up:
            row = view.one(select(cases.c.title).where(cases.c.id == (up or passed)))
            key = "case.escalated" if up else "decide.passed"
            return None if row is None else Flash(key=key, title=row.title, case_id=up or passed)
        asked = select(decisions, cases.c.title).join(cases, cases.c.id == decisions.c.case_id)
        row = view.one(asked.where(decisions.c.id == done))
    if row is None:
        return None
    if row.state in (DecisionState.UNDONE, DecisionState.DECLINED):
        return Flash(key="decide.did_undo", title=row.title, case_id=row.case_id)
    if row.state not in (DecisionState.PROPOSED, DecisionState.EFFECTIVE) or row.actor_id != person.id:
        return None
    key = "decide.did_propose" if row.state == DecisionState.PROPOSED else f"decide.did_{row.action}"
    return Flash(key=key, title=row.title, case_id=row.case_id, undo=row.id)
