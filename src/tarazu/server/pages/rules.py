"""Rules that may act alone: written, run in shadow, measured, let loose, stopped, lifted by somebody else."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from tarazu.cases.decision import Action
from tarazu.cases.objection import SamePerson
from tarazu.cases.refusal import CaseError
from tarazu.cases.rule import ACTIONS, Rule, RuleDraft, RuleNotFound
from tarazu.cases.rules import Rules
from tarazu.errors import NotValid
from tarazu.server.casework import casework
from tarazu.server.desk import desk
from tarazu.server.guard import permit
from tarazu.server.page import render
from tarazu.server.queue_page import names
from tarazu.server.refusals import Conflict, NotFound
from tarazu.server.visitor import Person

router = APIRouter(include_in_schema=False)
Viewer = Annotated[Person, Depends(permit("policy.view"))]
Editor = Annotated[Person, Depends(permit("rule.edit"))]
Text = Annotated[str, Form()]
FIELDS = ("name", "condition", "action", "clause", "reason", "quota")


@router.get("/rules")
def rules(request: Request, person: Viewer) -> Response:
    """All rules."""
    return _list(request)


@router.post("/rules")
def create(
    request: Request,
    person: Editor,
    name: Text = "",
    condition: Text = "",
    action: Text = "",
    clause: Text = "",
    reason: Text = "",
    quota: Text = "",
) -> Response:
    """Keep a new rule: a draft, which does nothing."""
    values = dict(zip(FIELDS, (name, condition, action, clause, reason, quota), strict=True))
    if action not in ACTIONS or not (quota.isascii() and quota.isdigit() and len(quota) < 8):
        return _list(request, 422, values=values, fault="policy.fault_rule")
    draft = RuleDraft(
        name=name, condition=condition, action=Action(action), clause_id=clause, reason=reason, daily_quota=int(quota)
    )  # fmt: skip
    try:
        made = _rules(request).create(person.actor, draft)
    except (CaseError, NotValid) as refused:
        return _list(request, 422, values=values, fault="policy.fault_rule", said=str(refused))
    return RedirectResponse(f"/rules/{made.id}", 303)


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
    values: dict[str, str] | None = None,
    fault: str = "",
    said: str = "",
) -> Response:
    held = _rules(request).all()
    policies = casework(request).settings.policies
    return render(
        request,
        "rules.html",
        status,
        rules=held,
        people=names(desk(request).store, [one.edited_by for one in held]),
        actions=ACTIONS,
        clauses=[one.id for one in policies[0].clauses] if policies else [],
        values=values or dict.fromkeys(FIELDS, "") | {"quota": "100"},
        fault=fault,
        said=said,
    )


def _one(request: Request, person: Person, found: Rule, status: int = 200, said: str = "") -> Response:
    court = _rules(request)
    stopped = court.stops(found.id)
    ids = [found.made_by, found.edited_by, *(one.by for one in stopped), *(one.lifted_by for one in stopped)]
    return render(
        request,
        "rule.html",
        status,
        rule=found,
        ready=court.readiness(found.id),
        hits=court.hits(found.id),
        stops=stopped,
        may_lift=found.edited_by != person.id,
        people=names(desk(request).store, ids),
        said=said,
    )
