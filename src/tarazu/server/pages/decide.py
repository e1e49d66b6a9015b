"""Deciding a case, agreeing to what somebody proposed, and taking back."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from tarazu.cases.objection import AlreadyDecided, DecisionRefused, SamePerson, WrongState
from tarazu.cases.refusal import CaseError, CaseLocked
from tarazu.server import decide_form
from tarazu.server.case_answer import answer, hold
from tarazu.server.casework import casework
from tarazu.server.guard import permit
from tarazu.server.page import language
from tarazu.server.pages.case import Decider, find
from tarazu.server.pages.queue import next_address
from tarazu.server.refusals import Conflict, NotFound, Unusable
from tarazu.server.visitor import Person
from tarazu.words import say

router = APIRouter(include_in_schema=False)
Text = Annotated[str, Form()]


@router.post("/cases/{case_id}/decide")
def decide(
    request: Request,
    case_id: str,
    person: Decider,
    action: Text = "",
    clause: Text = "",
    stance: Text = "",
    purpose: Text = "",
    place: Annotated[list[str], Form()] = [],  # noqa: B006
    days: Text = "",
    reason: Text = "",
    key: Annotated[str, Form(max_length=64)] = "",
    queue: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Decide, then go on with the next case; what cannot be decided comes back with the form as it was filled."""
    found = find(request, case_id)
    values = decide_form.Values(
        action=action, clause=clause, stance=stance, purpose=purpose, places=tuple(place), days=days,
        reason=reason.replace("\r\n", "\n"), key=key,
    )  # fmt: skip
    fault, said = decide_form.fault_of(values), ""
    if not fault and hold(found, person) == "theirs":
        fault = "decide.fault_held"
    if fault:
        return answer(request, person, found, status=422, values=values, fault=fault, queue=queue)
    try:
        made = casework(request).decisions.decide(case_id, person.actor, decide_form.choice(values))
    except AlreadyDecided:
        fault = "decide.fault_already"
    except CaseLocked:
        fault = "decide.fault_held"
    except DecisionRefused as refused:
        fault, said = "decide.fault_refused", str(refused)
    if fault:
        again = find(request, case_id)
        return answer(request, person, again, status=409, values=values, fault=fault, said=said, queue=queue)
    casework(request).exposure.decided(person.id)
    return RedirectResponse(next_address(request, person, queue, done=made.id), 303)


@router.post("/decisions/{decision_id}/second")
def second(
    request: Request,
    decision_id: str,
    person: Annotated[Person, Depends(permit("case.second"))],
    agree: Text = "",
    reason: Text = "",
) -> Response:
    """Agree to what somebody else proposed, or decline it."""
    if agree not in ("yes", "no"):
        raise Unusable
    try:
        made = casework(request).decisions.second(decision_id, person.actor, agree == "yes", reason.strip())
    except SamePerson:
        raise Conflict("decide.fault_same") from None
    except WrongState:
        raise Conflict from None
    except DecisionRefused as refused:
        raise _told(refused) from None
    return RedirectResponse(f"/cases/{made.case_id}", 303)


@router.post("/decisions/{decision_id}/undo")
def undo(request: Request, decision_id: str, person: Decider, reason: Text = "") -> Response:
    """Take a decision back; its case is open again."""
    why = reason.strip() or say(language(request), "decide.undo_reason")
    try:
        made = casework(request).decisions.undo(decision_id, person.actor, why)
    except WrongState:
        raise Conflict from None
    except CaseError as refused:
        raise _told(refused) from None
    return RedirectResponse(f"/cases/{made.case_id}?undone={decision_id}", 303)


def _told(refused: CaseError) -> Exception:
    from tarazu.cases.objection import DecisionNotFound

    return NotFound() if isinstance(refused, DecisionNotFound) else refused
