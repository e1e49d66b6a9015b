"""A second look as an answer: a case as it was before anybody decided, and a form that changes nothing about it."""

from __future__ import annotations

from collections.abc import Collection

from starlette.requests import Request
from starlette.responses import Response

from tarazu.cases.answer import Answer
from tarazu.cases.case import Case
from tarazu.cases.decision import Action
from tarazu.cases.turns import Turns
from tarazu.server import case_page, decide_form, quality_page
from tarazu.server.casework import casework
from tarazu.server.desk import desk
from tarazu.server.page import language, render
from tarazu.server.visitor import Person


def turns(request: Request) -> Turns:
    """Second looks under way."""
    return Turns(quality_page.quality(request))


def looks_at(request: Request, person: Person, case: Case) -> bool:
    """Whether they look at this case again just now."""
    turn = turns(request).of(person.id) if person.may("case.decide") else None
    return turn is not None and turn.case_id == case.row.id


def answer(
    request: Request,
    person: Person,
    case: Case,
    *,
    revealed: Collection[int] = (),
    action: str = "",
    clause: str = "",
    fault: bool = False,
) -> Response:
    """The page: nothing on it was decided, answered or found alike afterwards."""
    work, lang = casework(request), language(request)
    kept = [work.gallery.find(one) is not None for one in case.main.media]
    page = case_page.page(lang, case, desk(request).clock(), kept, work.settings.policies, {})
    chosen = decide_form.Values(action=action, clause=clause)
    form = decide_form.form(lang, page, chosen, "")
    offered = dict(form.clauses)
    if case.row.clause_id:  # as it was found, also where its policy is not at hand
        offered.setdefault(case.row.clause_id, "")
    return render(
        request,
        "look.html",
        422 if fault else 200,
        page=page,
        row=case.row,
        case=case,
        ways=[one for one in form.ways if one.action != Action.REFUSE],
        clauses=tuple(offered.items()),
        values=chosen,
        fault=fault,
        pictures={number: work.gallery.shown(case.main.media[number]) for number in revealed},
        queue="",
        day_so_far=work.exposure.today(person.id),
        rest=work.exposure.rest,
    )


def read(action: str, clause: str) -> Answer | None:
    """What they chose; None where something is missing."""
    if action not in set(Action) or (Action(action).blames and not clause):
        return None
    return Answer(action=Action(action), clause_id=clause if Action(action).blames else None)
