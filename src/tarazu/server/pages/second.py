"""What waits for a second person, and the page on which that person agrees or declines."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlalchemy import select

from tarazu.cases.decision import EXCLUDED, DecisionState
from tarazu.cases.objection import DecisionNotFound
from tarazu.server.casework import casework
from tarazu.server.desk import desk
from tarazu.server.guard import permit
from tarazu.server.page import render
from tarazu.server.queue_page import names
from tarazu.server.refusals import NotFound
from tarazu.server.visitor import Person
from tarazu.store.tables.cases import cases, items

router = APIRouter(include_in_schema=False)
Viewer = Annotated[Person, Depends(permit("case.view"))]
SHOWN = 500  # subjects listed on the page


@router.get("/second")
def waiting(request: Request, person: Viewer) -> Response:
    """The list, the oldest first."""
    decisions = casework(request).decisions
    found = decisions.waiting()
    mine = {one.id for one in decisions.waiting(person.id)} if person.may("case.second") else set()
    with desk(request).store.read() as view:
        asked = select(cases.c.id, cases.c.title, cases.c.kind).where(
            cases.c.id.in_([one.case_id for one in found])
        )
        about = {row.id: row for row in view.rows(asked)}
    return render(
        request,
        "second_list.html",
        waiting=[(one, about[one.case_id]) for one in found],
        mine=mine,
        people=names(desk(request).store, [one.actor_id for one in found]),
    )


@router.get("/second/{decision_id}")
def confirm(request: Request, decision_id: str, person: Viewer) -> Response:
    """One proposal with whom it touches; agreeing happens here, with the consequences in sight."""
    decisions = casework(request).decisions
    try:
        decision = decisions.get(decision_id)
    except DecisionNotFound:
        raise NotFound from None
    with desk(request).store.read() as view:
        case = view.one(select(cases).where(cases.c.id == decision.case_id))
        ids = [one.item_id for one in decision.subjects[:SHOWN] if one.item_id]
        asked = select(items.c.id, items.c.author_name).where(items.c.id.in_(ids))
        called = {row.id: row.author_name for row in view.rows(asked) if row.author_name}
    may = person.may("case.second") and any(one.id == decision_id for one in decisions.waiting(person.id))
    touched = [one for one in decision.subjects if one.state != EXCLUDED]
    return render(
        request,
        "second_confirm.html",
        decision=decision,
        case=case,
        touched=touched[:SHOWN],
        many=len(touched),
        left_out=[one for one in decision.subjects if one.state == EXCLUDED],
        called=called,
        may=may,
        open=decision.state == DecisionState.PROPOSED,
        people=names(desk(request).store, [decision.actor_id, decision.second_id]),
    )
