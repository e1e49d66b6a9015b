"""Appeals: what waits for an answer, and one appeal with everything the answer has to weigh."""

from __future__ import annotations

import json
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import select

from tarazu.cases.appeals import Answer, Appeal, Appeals
from tarazu.cases.objection import AppealRefused, DecisionRefused, SamePerson
from tarazu.server import sentences
from tarazu.server.casework import casework
from tarazu.server.desk import desk
from tarazu.server.guard import permit
from tarazu.server.page import language, render
from tarazu.server.queue_page import names
from tarazu.server.refusals import Conflict, NotFound, Unusable
from tarazu.server.visitor import Person
from tarazu.store.tables.cases import cases
from tarazu.store.tables.decisions import appeals as table
from tarazu.store.tables.decisions import decisions, notices

router = APIRouter(include_in_schema=False)
Viewer = Annotated[Person, Depends(permit("appeal.view"))]
STATES = ("open", "upheld", "reversed")
LIMIT = 200


@router.get("/appeals")
def waiting(request: Request, person: Viewer, state: str = "open") -> Response:
    """Appeals in one state; those to be answered first at the beginning."""
    state = state if state in STATES else "open"
    at_hand, lang = desk(request), language(request)
    order = (table.c.due_at, table.c.id) if state == "open" else (table.c.decided_at.desc(), table.c.id)
    asked = (
        select(table.c.id, decisions.c.action, cases.c.title, decisions.c.case_id, decisions.c.actor_id)
        .join(decisions, decisions.c.id == table.c.decision_id)
        .join(cases, cases.c.id == decisions.c.case_id)
        .where(table.c.state == state)
    )
    with at_hand.store.read() as view:
        found = view.rows(asked.order_by(*order).limit(LIMIT))
    court = _appeals(request)
    rows = [(court.get(row.id), row) for row in found]
    now = at_hand.clock()
    return render(
        request,
        "appeals.html",
        state=state,
        states=STATES,
        rows=[(one, row, sentences.left(lang, one.due_at, now), one.due_at < now) for one, row in rows],
        mine={one.id for one, _ in rows if state == "open" and court.may_answer(one.id, person.actor)},
        people=names(at_hand.store, [one.person_id for one, _ in rows]),
    )


@router.get("/appeals/{appeal_id}")
def one(request: Request, appeal_id: str, person: Viewer) -> Response:
    """One appeal."""
    return _answer(request, person, _find(request, appeal_id))


@router.post("/appeals/{appeal_id}/answer")
def answer(
    request: Request,
    appeal_id: str,
    person: Annotated[Person, Depends(permit("appeal.decide"))],
    answer: Annotated[str, Form()] = "",
    reason: Annotated[str, Form(max_length=10_000)] = "",
) -> Response:
    """Uphold or reverse, with reasons that both sides read."""
    found = _find(request, appeal_id)
    if answer not in set(Answer):
        raise Unusable
    reason = reason.replace("\r\n", "\n").strip()
    if not reason:
        return _answer(request, person, found, 422, fault="appeal.fault_reason", chosen=answer)
    try:
        _appeals(request).decide(appeal_id, person.actor, answer, reason)
    except SamePerson:
        raise Conflict("appeal.not_you") from None
    except AppealRefused:
        raise Conflict("appeal.over") from None
    except DecisionRefused as refused:
        return _answer(
            request, person, found, 409, fault="decide.fault_refused", said=str(refused), chosen=answer, reason=reason
        )  # fmt: skip
    return RedirectResponse(f"/appeals/{appeal_id}", 303)


def _appeals(request: Request) -> Appeals:
    at_hand = desk(request)
    return Appeals(at_hand.store, at_hand.clock, casework(request).settings)


def _find(request: Request, appeal_id: str) -> Appeal:
    try:
        return _appeals(request).get(appeal_id)
    except AppealRefused:
        raise NotFound from None


def _answer(
    request: Request,
    person: Person,
    appeal: Appeal,
    status: int = 200,
    *,
    fault: str = "",
    said: str = "",
    chosen: str = "",
    reason: str = "",
) -> Response:
    at_hand, lang = desk(request), language(request)
    decision = casework(request).decisions.get(appeal.decision_id)
    with at_hand.store.read() as view:
        body = json.loads(
            str(view.value(select(notices.c.body).where(notices.c.id == appeal.notice_id)) or "{}")
        )
    facts = json.loads(decision.facts)
    clause = facts.get("clause") or {}
    written = clause.get("text") or {}
    found = [
        (str(one["kind"]), sentences.reason(lang, str(one["kind"]), one.get("body") or {}))
        for one in facts.get("findings") or ()
    ]
    now = at_hand.clock()
    return render(
        request,
        "appeal.html",
        status,
        appeal=appeal,
        decision=decision,
        post=next(iter(facts.get("items") or ()), {}),
        more=max(0, len(facts.get("items") or ()) - 1),
        rule=written.get(lang) or next(iter(written.values()), ""),
        found=found[:10],
        sections=body.get("sections") or (),
        title=body.get("title") or "",
        notice_lang=(body.get("statement") or {}).get("lang") or "",
        due=sentences.left(lang, appeal.due_at, now),
        late=appeal.due_at < now,
        may=person.may("appeal.decide") and _appeals(request).may_answer(appeal.id, person.actor),
        people=names(at_hand.store, [decision.actor_id, decision.second_id, appeal.person_id]),
        fault=fault,
        said=said,
        chosen=chosen,
        reason=reason,
    )
