"""The page of a case as an answer: read, put together, drawn; also after a decision that was not taken."""

from __future__ import annotations

import json
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from tarazu.cases.account import AccountFile, AccountNotFound
from tarazu.cases.accounts import Accounts
from tarazu.cases.case import Case, CaseKind, CaseState
from tarazu.cases.decision import DecisionState
from tarazu.cases.escalation import Escalations
from tarazu.cases.thread import before
from tarazu.server import case_page, decide_form, history, look_answer
from tarazu.server.casework import Casework, casework
from tarazu.server.desk import desk
from tarazu.server.flash import flash
from tarazu.server.page import language, render
from tarazu.server.queue_page import Asked, names
from tarazu.server.search_page import account
from tarazu.server.visitor import Person
from tarazu.store.ids import new_id
from tarazu.store.times import ms


@dataclass(frozen=True, kw_only=True, slots=True)
class Translation:
    """What a machine made of the words, if it was asked."""

    state: str  # ask | done | failed
    text: str = ""


def answer(
    request: Request,
    person: Person,
    case: Case,
    *,
    status: int = 200,
    values: decide_form.Values | None = None,
    fault: str = "",
    said: str = "",
    revealed: Collection[int] = (),
    translate: bool = False,
    queue: str = "",
) -> Response:
    """The page. `values` and `fault` are of a decision that was not taken; `revealed` pictures are shown.

    Whoever looks at the case again just now sees it as it was before anybody decided.
    """
    if look_answer.looks_at(request, person, case):
        return look_answer.answer(request, person, case, revealed=revealed)
    work, at_hand, lang = casework(request), desk(request), language(request)
    if case_page.is_network(case) and (elsewhere := _network(request, case.row.id)):
        return RedirectResponse(elsewhere, 303)
    with at_hand.store.read() as view:
        entries = history.of_case(view, case)
        thread = before(view, case.main)
    actors = [one.actor_id for one in entries if one.actor_kind == "person"]
    deciders = [str(one[name]) for one in case.decisions for name in ("actor_id", "second_id") if one[name]]
    up = next(iter(Escalations(at_hand.store, at_hand.clock).of(case.row.id)), None)
    handed = [up.by, up.ended_by] if up else []
    people = names(at_hand.store, [*actors, *deciders, *handed, case.row.locked_by])
    now = at_hand.clock()
    kept = [work.gallery.find(one) is not None for one in case.main.media]
    page = case_page.page(lang, case, now, kept, work.settings.policies, people)
    decisions = [
        {**one, "needs": json.loads(str(one["needs"]))} for one in case.decisions if not one["undoes"]
    ]
    standing = [one for one in decisions if one["state"] in (DecisionState.PROPOSED, DecisionState.EFFECTIVE)]
    open_ = case.row.state == CaseState.OPEN
    return render(
        request,
        "case.html",
        status,
        page=page,
        people=people,
        case=case,
        row=case.row,
        form=decide_form.form(lang, page, values, new_id(ms(now)), fault, said) if open_ else None,
        days=decide_form.DAYS,
        proposed=next((one for one in standing if one["state"] == DecisionState.PROPOSED), None),
        effective=next((one for one in standing if one["state"] == DecisionState.EFFECTIVE), None),
        decisions=decisions,
        entries=entries,
        up=up,
        thread=thread,
        account=_account(request, case),
        account_of=account,
        pictures={number: work.gallery.shown(case.main.media[number]) for number in revealed},
        translation=_translated(request, work, case, lang, translate),
        hold=hold(case, person),
        rest=work.exposure.rest,
        permalink=f"{at_hand.settings.public_url}/cases/{case.row.id}",
        queue=queue or Asked.of(dict(_pairs(request))).query(),
        flash=flash(request, person),
        day_so_far=work.exposure.today(person.id) if person.may("case.decide") else None,
    )


def _account(request: Request, case: Case) -> AccountFile | None:
    """Of a case about an account, everything that is known of it."""
    if case.row.kind != CaseKind.ACCOUNT:
        return None
    at_hand, of = desk(request), case.main
    with suppress(AccountNotFound):
        return Accounts(at_hand.store, at_hand.clock).account(of.external_id, of.platform)
    return None


def hold(case: Case, person: Person) -> str:
    """Who looks at the case now: `mine`, `theirs`, `free`, or `over` where there is nothing to decide."""
    if case.row.state != CaseState.OPEN:
        return "over"
    if case.row.locked_by is None:
        return "free"
    return "mine" if case.row.locked_by == person.id else "theirs"


def _pairs(request: Request) -> list[tuple[str, str]]:
    from urllib.parse import parse_qsl

    return parse_qsl(request.query_params.get("queue", "")[:2000])


def _network(request: Request, case_id: str) -> str:
    """Where networks are shown, if there is such a page."""
    there: Any = {getattr(route, "path", "") for route in request.app.routes}
    told = f"?{request.url.query}" if request.url.query else ""
    return f"/networks/{case_id}{told}" if "/networks/{case_id}" in there else ""


def _translated(request: Request, work: Casework, case: Case, lang: str, asked: bool) -> Translation | None:
    """None where nothing could be translated. Nothing is sent before somebody asks, unless it is set so."""
    spoken = (case.row.lang or "").split("-")[0]
    if work.translate is None or not case.main.text or spoken == lang:
        return None
    if not (asked or desk(request).settings.translator.at_once):
        return Translation(state="ask")
    made = work.translate(case.main.text, spoken, lang)
    return Translation(state="failed") if made is None else Translation(state="done", text=made)
