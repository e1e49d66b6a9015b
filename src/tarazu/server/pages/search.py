"""Search over everything, and the searches that people keep."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import select

from tarazu.cases.case import CaseState
from tarazu.cases.decision import Action
from tarazu.cases.filter import RULE, Order
from tarazu.cases.queue import FEW
from tarazu.cases.refusal import CaseError
from tarazu.cases.saved_queries import Queries, SavedQuery, written
from tarazu.cases.sought import Sort, by_id, said
from tarazu.server.casework import casework
from tarazu.server.desk import desk
from tarazu.server.guard import permit
from tarazu.server.page import render
from tarazu.server.queue_page import LANGUAGES, SOURCES, Asked
from tarazu.server.refusals import NotFound, Unusable
from tarazu.server.search_page import Hit, Search, address, hits, strip, things
from tarazu.server.visitor import Person
from tarazu.store.tables.automation import rules
from tarazu.store.tables.cases import items
from tarazu.store.tables.people import people

router = APIRouter(include_in_schema=False)
Viewer = Annotated[Person, Depends(permit("case.view"))]
Saver = Annotated[Person, Depends(permit("query.save"))]
LIMIT = 50


@router.get("/search")
def search(request: Request, person: Viewer) -> Response:
    """What fits, a page of it; first what has exactly this id."""
    asked = Search.of(request.query_params)
    exact: list[Hit] = []
    found: list[Hit] = []
    times: Sequence[datetime] = ()
    after = ""
    if asked.asked:
        found, after, times = _found(request, asked)
        if asked.q and not asked.after:
            with desk(request).store.read() as view:
                exact = things(by_id(view, asked.q), asked.q)
    with desk(request).store.read() as view:
        who = view.rows(select(people.c.id, people.c.name).order_by(people.c.name).limit(500))
        alone = view.rows(select(rules.c.id, rules.c.name).order_by(rules.c.id).limit(200))
    return render(
        request,
        "search.html",
        asked=asked,
        exact=exact,
        strip=strip(times),
        many=len(times),
        capped=len(times) == FEW,
        any_rule=RULE,
        rules=[(row.id, row.name) for row in alone],
        deciders=[(row.id, row.name) for row in who],
        found=found,
        next_page=asked.query(after=after) if after else "",
        sorts=list(Sort),
        states=list(CaseState),
        sources=SOURCES,
        actions=list(Action),
        post_languages=LANGUAGES,
        clauses=[
            clause.id for policy in casework(request).settings.policies[:1] for clause in policy.clauses
        ],
        saved=kept(request, person),
    )


@router.post("/search/saved")
def save(
    request: Request,
    person: Saver,
    name: Annotated[str, Form(max_length=400)] = "",
    query: Annotated[str, Form(max_length=4000)] = "",
    queue: Annotated[str, Form(max_length=1)] = "",
    shared: Annotated[str, Form(max_length=8)] = "",
) -> Response:
    """Keep a search of the queue or of this page under a name."""
    given = dict(parse_qsl(query))
    if queue:
        of = Asked.of(given)
        asked = written(of.filter(""), of.order)
    else:
        asked = written(Search.of(given).filter, Order.NEWEST)
    try:
        made = _queries(request).save(person.actor, name, asked, shared=bool(shared))
    except CaseError:
        raise Unusable("search.needs_name") from None
    return RedirectResponse(address(made), 303)


@router.post("/search/saved/{query_id}/remove")
def remove(request: Request, person: Saver, query_id: str) -> Response:
    """Remove a search of one's own."""
    try:
        _queries(request).remove(query_id, person.actor)
    except CaseError:
        raise NotFound from None
    return RedirectResponse("/search", 303)


def kept(request: Request, person: Person) -> list[tuple[SavedQuery, str]]:
    """What this person may open, with its address."""
    return [(one, address(one)) for one in _queries(request).of(person.id)]


def _queries(request: Request) -> Queries:
    return Queries(desk(request).store, desk(request).clock)


def _found(request: Request, asked: Search) -> tuple[list[Hit], str, Sequence[datetime]]:
    """A page, where the next one begins, and of cases on the first page when they were opened."""
    store = desk(request).store
    if asked.sort == Sort.CASES:
        queue, times = casework(request).queue, list[datetime]()
        if asked.after:
            rows = queue.page(asked.filter, Order.NEWEST, LIMIT + 1, asked.after)
        else:
            rows, times = queue.found(asked.filter, Order.NEWEST, LIMIT + 1)
        more, rows = len(rows) > LIMIT, rows[:LIMIT]
        with store.read() as view:
            shown = select(items.c.id, items.c.text).where(items.c.id.in_([row.item_id for row in rows]))
            texts = {row.id: row.text for row in view.rows(shown)}
        return hits(rows, texts, asked.q), Order.NEWEST.cursor(rows[-1]) if more else "", times
    with store.read() as view:
        some = said(view, store.dialect, asked.sort, asked.q, asked.within, LIMIT + 1, asked.after or None)
    more, some = len(some) > LIMIT, some[:LIMIT]
    last = some[-1] if more else None
    after = "" if last is None else f"{last.id} {last.platform}" if asked.sort == Sort.ACCOUNTS else last.id
    return things(some, asked.q), after, ()
