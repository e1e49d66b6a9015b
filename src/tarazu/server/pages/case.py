"""One case: everything a person needs to decide, and the lock that keeps others away meanwhile."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from tarazu.cases.case import Case
from tarazu.cases.escalation import Escalations
from tarazu.cases.refusal import CaseError, CaseLocked, CaseNotFound
from tarazu.server.case_answer import answer, hold
from tarazu.server.casework import casework
from tarazu.server.desk import desk
from tarazu.server.guard import permit
from tarazu.server.page import render
from tarazu.server.pages.queue import next_address
from tarazu.server.queue_page import names
from tarazu.server.refusals import Conflict, NotFound, Unusable
from tarazu.server.visitor import Person

router = APIRouter(include_in_schema=False)
Decider = Annotated[Person, Depends(permit("case.decide"))]


def find(request: Request, case_id: str) -> Case:
    """A case, or a page that says that there is none."""
    try:
        return casework(request).cases.case(case_id)
    except CaseNotFound:
        raise NotFound from None


@router.get("/cases/{case_id}")
def case(request: Request, case_id: str, person: Annotated[Person, Depends(permit("case.view"))]) -> Response:
    """The case."""
    return answer(request, person, find(request, case_id))


@router.post("/cases/{case_id}/lock")
def lock(
    request: Request,
    case_id: str,
    person: Decider,
    seconds: Annotated[int, Form()] = 0,
    queue: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Take the case, or hold it longer; `seconds` is how long it was worked on since the last time."""
    work = casework(request)
    found = find(request, case_id)
    if hold(found, person) in ("free", "mine"):
        with suppress(CaseLocked):  # somebody was quicker: the answer says who
            work.queue.lock(case_id, person.id, _lasts(request))
        found = find(request, case_id)
    before = work.exposure.today(person.id)
    day = work.exposure.spent(person.id, seconds) if seconds else before
    if request.headers.get("hx-request") != "true":
        return RedirectResponse(f"/cases/{case_id}" + (f"?queue={queue}" if queue else ""), 303)
    return render(
        request,
        "hold.html",
        row=found.row,
        hold=hold(found, person),
        people=names(desk(request).store, [found.row.locked_by]),
        queue=queue,
        day_so_far=day if day.rest and not before.rest else None,  # said once, when it is time
        rest=work.exposure.rest,
    )


@router.post("/cases/{case_id}/pass")
def pass_on(
    request: Request, case_id: str, person: Decider, queue: Annotated[str, Form(max_length=2000)] = ""
) -> Response:
    """Leave the case to somebody else, and go on with the next."""
    find(request, case_id)
    where = next_address(request, person, queue, passed=case_id)
    casework(request).queue.unlock(case_id, person.id)
    return RedirectResponse(where, 303)


@router.post("/cases/{case_id}/escalate")
def escalate(
    request: Request,
    case_id: str,
    person: Decider,
    why: Annotated[str, Form(max_length=4000)] = "",
    queue: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Hand the case to a lead, with a word why, and go on with the next."""
    find(request, case_id)
    if not why.strip():
        raise Unusable("case.fault_why")
    try:
        _escalations(request).escalate(case_id, person.actor, why)
    except CaseError:
        raise Conflict("case.fault_escalate") from None
    return RedirectResponse(next_address(request, person, queue, escalated=case_id), 303)


@router.post("/cases/{case_id}/hand-back")
def hand_back(
    request: Request,
    case_id: str,
    person: Annotated[Person, Depends(permit("case.second"))],
    answer: Annotated[str, Form(max_length=4000)] = "",
) -> Response:
    """Give the case back to everybody, with a word for who handed it up."""
    find(request, case_id)
    if not answer.strip():
        raise Unusable("case.fault_why")
    try:
        _escalations(request).hand_back(case_id, person.actor, answer)
    except CaseError:
        raise Conflict("case.fault_escalate") from None
    return RedirectResponse(f"/cases/{case_id}", 303)


def _escalations(request: Request) -> Escalations:
    return Escalations(desk(request).store, desk(request).clock)


def _lasts(request: Request) -> timedelta:
    return timedelta(minutes=desk(request).settings.limits.lock_minutes)
