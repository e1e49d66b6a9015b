"""A second look: a decided case, judged again by somebody who does not know what was decided."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from tarazu.cases.refusal import CaseError
from tarazu.server import look_answer
from tarazu.server.page import render
from tarazu.server.pages.case import Decider, find
from tarazu.server.refusals import Conflict

router = APIRouter(include_in_schema=False)
Text = Annotated[str, Form(max_length=200)]


@router.get("/quality/look")
def look(request: Request, person: Decider) -> Response:
    """The case that they look at now, or how to get one."""
    turn = look_answer.turns(request).of(person.id)
    if turn is not None:
        return look_answer.answer(request, person, find(request, turn.case_id))
    said = request.query_params.get("said", "")
    return render(request, "look_ask.html", said=said if said in ("kept", "none") else "")


@router.post("/quality/look")
def ask(request: Request, person: Decider) -> Response:
    """Give them a case."""
    turns = look_answer.turns(request)
    there = turns.of(person.id) is not None or turns.ask(person) is not None
    return RedirectResponse("/quality/look" if there else "/quality/look?said=none", 303)


@router.post("/quality/look/answer")
def keep(
    request: Request, person: Decider, case: Text = "", action: Text = "", clause: Text = ""
) -> Response:
    """Keep what they would do; nothing about the case changes."""
    turns = look_answer.turns(request)
    turn = turns.of(person.id)
    if turn is None or turn.case_id != case:
        raise Conflict
    said = look_answer.read(action, clause)
    if said is None:
        found = find(request, case)
        return look_answer.answer(request, person, found, action=action, clause=clause, fault=True)
    try:
        turns.quality.answer(case, person.actor, said)
    except CaseError:  # they had a part in it meanwhile
        turns.end(person.id)
        raise
    turns.end(person.id)
    return RedirectResponse("/quality/look?said=kept", 303)


@router.post("/quality/look/end")
def end(request: Request, person: Decider) -> Response:
    """Pass it on."""
    look_answer.turns(request).end(person.id)
    return RedirectResponse("/quality/look", 303)
