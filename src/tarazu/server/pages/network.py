"""A network as one case: drawn, argued for and against, and decided in two stages by two people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import select

from tarazu.cases.case import UNDECIDED, Case, CaseKind
from tarazu.cases.decision import Action, Choice, Decision, Stage
from tarazu.cases.escalation import Escalations
from tarazu.cases.objection import AlreadyDecided, DecisionRefused
from tarazu.cases.refusal import CaseLocked
from tarazu.cases.staging import Staging
from tarazu.server import history, network_page
from tarazu.server.case_answer import hold
from tarazu.server.casework import casework
from tarazu.server.decide_form import DAYS, LONGEST
from tarazu.server.desk import desk
from tarazu.server.guard import permit
from tarazu.server.page import language, render
from tarazu.server.pages.case import find
from tarazu.server.queue_page import names
from tarazu.server.refusals import NotFound
from tarazu.server.search_page import account
from tarazu.server.visitor import Person
from tarazu.store.ids import new_id
from tarazu.store.tables.cases import case_items, items
from tarazu.store.times import ms

router = APIRouter(include_in_schema=False)
Proposer = Annotated[Person, Depends(permit("network.suspend"))]
Text = Annotated[str, Form()]
Names = Annotated[list[str], Form()]


@dataclass(frozen=True, kw_only=True)
class Filled:
    """The form as somebody filled it."""

    clause: str = ""
    reason: str = ""
    days: str = ""
    exclude: tuple[str, ...] = ()
    key: str = ""
    fault: str = ""  # key of the sentence that says why it was not taken
    said: str = ""  # the same in English, as the domain said it


@router.get("/networks/{case_id}")
def network(
    request: Request, case_id: str, person: Annotated[Person, Depends(permit("case.view"))]
) -> Response:
    """The network."""
    return _answer(request, person, _find(request, case_id), Filled())


@router.post("/networks/{case_id}/stage")
def stage(
    request: Request,
    case_id: str,
    person: Proposer,
    act: Text = "",
    clause: Text = "",
    reason: Text = "",
    days: Text = "",
    exclude: Names = [],  # noqa: B006
    key: Annotated[str, Form(max_length=64)] = "",
) -> Response:
    """Propose the next stage for everybody who is not left out, or close the case without acting."""
    found = _find(request, case_id)
    filled = Filled(
        clause=clause, reason=reason.replace("\r\n", "\n").strip(), days=days, exclude=tuple(exclude), key=key
    )
    fault = _fault(act, filled)
    if not fault and hold(found, person) == "theirs":
        fault = "decide.fault_held"
    if fault:
        return _answer(request, person, found, replace(filled, fault=fault), 422)
    decisions, choice = casework(request).decisions, _choice(act, filled)
    try:
        if act == "no_action":
            decisions.decide(case_id, person.actor, choice)
        else:
            decisions.stage(case_id, person.actor, choice)
    except AlreadyDecided:
        fault = "decide.fault_already"
    except CaseLocked:
        fault = "decide.fault_held"
    except DecisionRefused as refused:
        fault, filled = "decide.fault_refused", replace(filled, said=str(refused))
    if fault:
        return _answer(request, person, _find(request, case_id), replace(filled, fault=fault), 409)
    casework(request).exposure.decided(person.id)
    return RedirectResponse(f"/networks/{case_id}", 303)


@router.post("/networks/{case_id}/undo")
def undo(
    request: Request,
    case_id: str,
    person: Proposer,
    reason: Text = "",
    accounts: Names = [],  # noqa: B006
) -> Response:
    """Take everything back: for the whole network, or for the accounts that were ticked."""
    found = _find(request, case_id)
    why = reason.strip()
    if not why:
        return _answer(request, person, found, Filled(fault="network.fault_undo"), 422)
    try:
        Staging(casework(request).decisions).undo(case_id, person.actor, why, accounts=accounts or None)
    except DecisionRefused as refused:
        filled = Filled(fault="decide.fault_refused", said=str(refused))
        return _answer(request, person, _find(request, case_id), filled, 409)
    return RedirectResponse(f"/networks/{case_id}", 303)


def _find(request: Request, case_id: str) -> Case:
    found = find(request, case_id)
    if found.row.kind != CaseKind.NETWORK:
        raise NotFound
    return found


def _fault(act: str, filled: Filled) -> str:
    if act not in ("no_action", Stage.LIMIT, Stage.SUSPEND):
        return "decide.fault_action"
    if act != "no_action" and not filled.clause:
        return "decide.fault_clause"
    if not filled.reason:
        return "decide.fault_reason"
    return "decide.fault_long" if len(filled.reason) > LONGEST else ""


def _choice(act: str, filled: Filled) -> Choice:
    if act == "no_action":
        return Choice(action=Action.NO_ACTION, reason=filled.reason, key=filled.key or None)
    lasts = timedelta(days=int(filled.days)) if filled.days in {str(one) for one in DAYS} else None
    return Choice(
        action=Action.LIMIT if act == Stage.LIMIT else Action.SUSPEND,
        stage=Stage(act),
        reason=filled.reason,
        clause_id=filled.clause,
        duration=lasts,
        exclude=filled.exclude,
        key=filled.key or None,
    )


def _answer(request: Request, person: Person, case: Case, filled: Filled, status: int = 200) -> Response:
    work, at_hand, lang = casework(request), desk(request), language(request)
    takedown = Staging(work.decisions).takedown(case.row.id)
    with at_hand.store.read() as view:
        entries = history.of_case(view, case)
        asked = (
            select(items.c.external_id, items.c.author_name)
            .join(case_items, case_items.c.item_id == items.c.id)
            .where(case_items.c.case_id == case.row.id, items.c.kind == "account")
        )
        called = {row.external_id: row.author_name for row in view.rows(asked) if row.author_name}
    made = [one for one in (takedown.limit, takedown.suspend) if one is not None]
    people = [*_deciders(made), *(one.actor_id for one in entries if one.actor_kind == "person")]
    up = next(iter(Escalations(at_hand.store, at_hand.clock).of(case.row.id)), None)
    people += [one for one in (up.by, up.ended_by) if one] if up else []
    people += [str(one[name]) for one in case.decisions for name in ("actor_id", "second_id") if one[name]]
    proposed = next((one for one in made if one.waits), None)
    policy = work.settings.policies[0] if work.settings.policies else None
    open_ = case.row.state in UNDECIDED or takedown.next == Stage.SUSPEND
    return render(
        request,
        "network.html",
        status,
        case=case,
        row=case.row,
        page=network_page.page(lang, case, called, takedown),
        takedown=takedown,
        proposed=proposed,
        touched=_touched(proposed),
        needs=proposed.needs if proposed else (),
        can_second=proposed is not None and _may_second(request, proposed, person),
        clauses=[(one.id, one.words(lang)) for one in policy.clauses] if policy else [],
        days=DAYS,
        form=filled if filled.key else replace(filled, key=new_id(ms(at_hand.clock()))),
        may_stage=person.may("network.suspend") and takedown.next is not None and open_,
        people=names(at_hand.store, [*people, case.row.locked_by]),
        entries=entries,
        up=up,
        account_of=account,
        hold=hold(case, person),
        queue="",
        decisions=[one for one in case.decisions if not one["undoes"]],
    )


def _deciders(made: Sequence[Decision]) -> list[str]:
    return [one for decision in made for one in (decision.actor_id, decision.second_id) if one]


def _touched(decision: Decision | None) -> int:
    return 0 if decision is None else sum(one.state != "excluded" for one in decision.subjects)


def _may_second(request: Request, proposed: Decision, person: Person) -> bool:
    """Whether this person may agree: they have the role, and are not behind the proposal."""
    waiting = casework(request).decisions.waiting(person.id) if person.may("case.second") else []
    return any(one.id == proposed.id for one in waiting)
