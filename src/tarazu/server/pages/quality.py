"""How well is decided here: agreement, overturned decisions, waiting; what a lead settles, golden cases."""

from __future__ import annotations

import hashlib
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from tarazu.cases.answer import Answer
from tarazu.cases.case import CaseKind, CaseState
from tarazu.cases.decision import Action, DecisionState
from tarazu.cases.disagreements import Disagreement, Disagreements
from tarazu.cases.quality_figures import figures
from tarazu.server import quality_page
from tarazu.server.casework import casework
from tarazu.server.desk import desk
from tarazu.server.guard import permit
from tarazu.server.page import language, render
from tarazu.server.pages.case import find
from tarazu.server.refusals import Conflict, NotFound
from tarazu.server.visitor import Person

router = APIRouter(include_in_schema=False)
Viewer = Annotated[Person, Depends(permit("quality.view"))]
Lead = Annotated[Person, Depends(permit("golden.edit"))]
Text = Annotated[str, Form(max_length=5000)]
MOST = 50  # disagreements on one page


@router.get("/quality")
def quality(request: Request, person: Viewer) -> Response:
    """The figures of the last weeks."""
    lang = language(request)
    found = figures(quality_page.quality(request))
    return render(
        request,
        "quality.html",
        found=found,
        drawn=quality_page.agreement_drawing(lang, found),
        waiting=quality_page.waiting_drawing(lang, found),
        share_said=lambda one: quality_page.share_said(lang, one),
        kappa_said=lambda one: quality_page.kappa_said(lang, one),
        named=lambda kind: quality_page.named(lang, kind),
    )


@router.get("/quality/disagreements")
def disagreements(request: Request, person: Lead) -> Response:
    """Second looks that said something else than the decision, for somebody who gave neither answer."""
    return _disagreements(request, person)


@router.post("/quality/disagreements")
def settle(request: Request, person: Lead, which: Text = "", said: Text = "", note: Text = "") -> Response:
    """Say which was right, and why."""
    waiting = Disagreements(desk(request).store, desk(request).clock)
    one = next((one for one in waiting.open(person.id) if _name(one) == which), None)
    if one is None:
        raise Conflict
    if not said or not note.strip():
        return _disagreements(request, person, 422, fault=which)
    waiting.settle(one.case_id, one.looker_id, person.actor, said, note)
    return RedirectResponse("/quality/disagreements", 303)


@router.get("/quality/golden")
def golden(request: Request, person: Lead) -> Response:
    """The cases whose right answer is known."""
    lang = language(request)
    known = quality_page.quality(request).golden()
    cases = casework(request).cases
    return render(
        request,
        "golden.html",
        rows=[
            (cases.case(case_id).row, quality_page.answer_said(lang, right), note)
            for case_id, (right, note) in known.items()
        ],
    )


@router.get("/quality/golden/{case_id}")
def choose(request: Request, person: Lead, case_id: str) -> Response:
    """Make a decided case golden: what was decided is suggested."""
    return _choose(request, case_id)


@router.post("/quality/golden/{case_id}")
def make(
    request: Request, person: Lead, case_id: str, action: Text = "", clause: Text = "", note: Text = ""
) -> Response:
    """Keep the right answer."""
    _decided(request, case_id)
    chosen = Action(action) if action in set(Action) else None
    if chosen is None or not note.strip() or (chosen.blames and not clause):
        return _choose(request, case_id, 422, fault=True, filled=(action, clause, note))
    right = Answer(action=chosen, clause_id=clause or None if chosen.blames else None)
    quality_page.quality(request).make_golden(case_id, person.actor, right, note)
    return RedirectResponse("/quality/golden", 303)


@router.post("/quality/golden/{case_id}/remove")
def remove(request: Request, person: Lead, case_id: str) -> Response:
    """It is golden no longer."""
    quality_page.quality(request).no_longer_golden(find(request, case_id).row.id, person.actor)
    return RedirectResponse("/quality/golden", 303)


def _name(one: Disagreement) -> str:
    """What a form calls it: who looked stays unsaid."""
    return hashlib.sha256(f"{one.case_id} {one.looker_id}".encode()).hexdigest()[:16]


def _disagreements(request: Request, person: Person, status: int = 200, fault: str = "") -> Response:
    lang = language(request)
    found = Disagreements(desk(request).store, desk(request).clock)
    mine = found.open(person.id)
    return render(
        request,
        "disagreements.html",
        status,
        rows=[
            (_name(one), one, quality_page.answer_said(lang, one.first), quality_page.answer_said(lang, one.look))
            for one in mine[:MOST]
        ],
        others=len(found.open()) - len(mine),
        fault=fault,
    )  # fmt: skip


def _decided(request: Request, case_id: str) -> Answer:
    case = find(request, case_id)
    if case.row.kind == CaseKind.NETWORK or case.row.state not in (CaseState.DECIDED, CaseState.CLOSED):
        raise NotFound
    for one in case.decisions:
        if one["state"] == DecisionState.EFFECTIVE and not one["undoes"]:
            clause = str(one["clause_id"]) if one["clause_id"] else None
            return Answer(action=Action(str(one["action"])), clause_id=clause)
    raise NotFound


def _choose(
    request: Request,
    case_id: str,
    status: int = 200,
    *,
    fault: bool = False,
    filled: tuple[str, str, str] | None = None,
) -> Response:
    was = _decided(request, case_id)
    known = quality_page.quality(request).golden().get(case_id)
    right = known[0] if known else was
    kept = (str(right.action), right.clause_id or "", known[1] if known else "")
    action, clause, note = filled or kept
    ids = [one.id for policy in casework(request).settings.policies[:1] for one in policy.clauses]
    return render(
        request,
        "golden_case.html",
        status,
        row=find(request, case_id).row,
        actions=[one for one in Action if one not in (Action.RESTORE, Action.REFUSE)],
        clauses=list(dict.fromkeys([*ids, *([clause] if clause else [])])),
        action=action,
        clause=clause,
        note=note,
        fault=fault,
    )
