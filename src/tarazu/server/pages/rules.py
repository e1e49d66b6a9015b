"""Rules that may act alone: written, run in shadow, measured, let loose, stopped, lifted by somebody else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from tarazu.cases.objection import SamePerson
from tarazu.cases.refusal import CaseError
from tarazu.cases.rule import ACTIONS, Rule, RuleNotFound
from tarazu.cases.rules import Rules
from tarazu.cases.saved_queries import Queries
from tarazu.errors import NotValid
from tarazu.server.casework import casework
from tarazu.server.desk import desk
from tarazu.server.guard import permit
from tarazu.server.page import render
from tarazu.server.queue_page import names
from tarazu.server.refusals import Conflict, NotFound
from tarazu.server.rule_form import SAID, RuleForm, choices
from tarazu.server.visitor import Person

router = APIRouter(include_in_schema=False)
Viewer = Annotated[Person, Depends(permit("policy.view"))]
Editor = Annotated[Person, Depends(permit("rule.edit"))]
Text = Annotated[str, Form()]
Faults = Mapping[str, list[tuple[int, str]]]
LOGGED = 50  # meetings with cases that are shown


async def _filled(request: Request) -> FormData:
    return await request.form()


Filled = Annotated[FormData, Depends(_filled)]


@router.get("/rules")
def rules(request: Request, person: Viewer, query: str = "") -> Response:
    """All rules, and the form of a new one; `query` is a saved search that it begins with."""
    if not query or not person.may("rule.edit"):
        return _list(request)
    kept = {one.id: one for one in Queries(desk(request).store, desk(request).clock).of(person.id)}
    if query not in kept:
        raise NotFound
    try:
        begun = RuleForm.of_condition(kept[query].condition)
    except CaseError as refused:
        return _list(request, 422, said=str(refused))
    return _list(
        request, form=replace(begun, name=kept[query].name, clause=kept[query].filter.clause_id or "")
    )


@router.post("/rules")
def create(request: Request, person: Editor, given: Filled) -> Response:
    """Keep a new rule: a draft, which does nothing."""
    form = RuleForm.of(given)
    if faults := form.faults():
        return _list(request, 422, form=form, faults=faults)
    try:
        made = _rules(request).create(person.actor, form.draft())
    except (CaseError, NotValid) as refused:
        return _list(request, 422, form=form, said=str(refused))
    return RedirectResponse(f"/rules/{made.id}", 303)


@router.post("/rules/{rule_id}/edit")
def edit(request: Request, person: Editor, rule_id: str, given: Filled) -> Response:
    """Change it; where it would do something else, it is a draft again."""
    found, form = _find(request, rule_id), RuleForm.of(given)
    if faults := form.faults():
        return _one(request, person, found, 422, form=form, faults=faults)
    try:
        _rules(request).edit(rule_id, person.actor, form.draft())
    except (CaseError, NotValid) as refused:
        return _one(request, person, found, 422, str(refused), form=form)
    return RedirectResponse(f"/rules/{rule_id}", 303)


@router.get("/rules/{rule_id}")
def rule(request: Request, person: Viewer, rule_id: str) -> Response:
    """One rule with how well it was measured."""
    return _one(request, person, _find(request, rule_id))


@router.post("/rules/{rule_id}/shadow")
def shadow(request: Request, person: Editor, rule_id: str) -> Response:
    """Let it note what it would do."""
    found = _find(request, rule_id)
    try:
        _rules(request).shadow(rule_id, person.actor)
    except CaseError as refused:
        return _one(request, person, found, 409, str(refused))
    return RedirectResponse(f"/rules/{rule_id}", 303)


@router.post("/rules/{rule_id}/live")
def go_live(request: Request, person: Editor, rule_id: str) -> Response:
    """Let it act."""
    found = _find(request, rule_id)
    try:
        _rules(request).go_live(rule_id, person.actor)
    except CaseError as refused:
        return _one(request, person, found, 409, str(refused))
    return RedirectResponse(f"/rules/{rule_id}", 303)


@router.post("/rules/{rule_id}/stop")
def stop(
    request: Request,
    person: Annotated[Person, Depends(permit("rule.stop"))],
    rule_id: str,
    reason: Text = "",
) -> Response:
    """Stop it at once."""
    found = _find(request, rule_id)
    try:
        _rules(request).stop(rule_id, person.actor, reason)
    except CaseError as refused:
        return _one(request, person, found, 409, str(refused))
    return RedirectResponse(f"/rules/{rule_id}", 303)


@router.post("/rules/{rule_id}/lift")
def lift(request: Request, person: Editor, rule_id: str, reason: Text = "") -> Response:
    """Let it act again; never by who wrote it."""
    found = _find(request, rule_id)
    try:
        _rules(request).lift(rule_id, person.actor, reason)
    except SamePerson:
        raise Conflict("policy.lift_other") from None
    except CaseError as refused:
        return _one(request, person, found, 409, str(refused))
    return RedirectResponse(f"/rules/{rule_id}", 303)


def _rules(request: Request) -> Rules:
    at_hand = desk(request)
    return Rules(at_hand.store, at_hand.clock, deciding=casework(request).settings)


def _find(request: Request, rule_id: str) -> Rule:
    try:
        return _rules(request).get(rule_id)
    except RuleNotFound:
        raise NotFound from None


def _list(
    request: Request,
    status: int = 200,
    *,
    form: RuleForm | None = None,
    faults: Faults | None = None,
    said: str = "",
) -> Response:
    held = _rules(request).all()
    return render(
        request,
        "rules.html",
        status,
        rules=held,
        people=names(desk(request).store, [one.edited_by for one in held]),
        said=said,
        **_to_fill(request, form or RuleForm(), faults),
    )


def _to_fill(request: Request, form: RuleForm, faults: Faults | None) -> dict[str, Any]:
    policies = casework(request).settings.policies
    clauses = [one.id for one in policies[0].clauses] if policies else []
    return {
        "form": form,
        "faults": faults or {},
        "actions": ACTIONS,
        "clauses": clauses,
        "choices": choices(clauses),
        "said_by": SAID,
    }


def _one(
    request: Request,
    person: Person,
    found: Rule,
    status: int = 200,
    said: str = "",
    form: RuleForm | None = None,
    faults: Faults | None = None,
) -> Response:
    court, at_hand = _rules(request), desk(request)
    stopped = court.stops(found.id)
    ids = [found.made_by, found.edited_by, *(one.by for one in stopped), *(one.lifted_by for one in stopped)]
    return render(
        request,
        "rule.html",
        status,
        rule=found,
        condition=RuleForm.of_rule(found),
        editing=form is not None,
        ready=court.readiness(found.id),
        hits=court.hits(found.id),
        log=court.log(found.id, LOGGED),
        used=court.used(found.id),
        stops=stopped,
        may_lift=found.edited_by != person.id,
        people=names(at_hand.store, ids),
        said=said,
        **_to_fill(request, form or RuleForm.of_rule(found), faults),
    )
