"""The queue: cases by urgency, each in one line, and the next one for who asks."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from tarazu.cases.case import CaseState
from tarazu.cases.escalation import Escalations
from tarazu.cases.filter import Order
from tarazu.server.casework import casework
from tarazu.server.desk import desk
from tarazu.server.flash import flash
from tarazu.server.guard import permit
from tarazu.server.page import language, render
from tarazu.server.pages.search import kept
from tarazu.server.queue_page import LANGUAGES, SOURCES, Asked, lines, names, reasons
from tarazu.server.visitor import Person

router = APIRouter(include_in_schema=False)
LIMIT = 50


@router.get("/queue")
def queue(request: Request, person: Annotated[Person, Depends(permit("case.view"))]) -> Response:
    """A page of the queue."""
    work, at_hand, lang = casework(request), desk(request), language(request)
    asked = Asked.of(request.query_params)
    rows = work.queue.page(asked.filter(person.id), asked.order, LIMIT + 1, asked.after or None)
    more, rows = len(rows) > LIMIT, rows[:LIMIT]
    counts = dict.fromkeys(CaseState, 0)
    for (state, _), many in work.queue.counts().items():
        counts[state] += many
    holders = names(at_hand.store, [row.locked_by for row in rows])
    return render(
        request,
        "queue.html",
        asked=asked,
        lines=lines(lang, rows, at_hand.clock(), reasons(at_hand.store, lang, rows), holders),
        counts=counts,
        next_page=asked.query(after=asked.order.cursor(rows[-1])) if more else "",
        orders=list(Order),
        sources=SOURCES,
        post_languages=LANGUAGES,
        clauses=[clause.id for policy in work.settings.policies[:1] for clause in policy.clauses],
        saved=kept(request, person),
        up=Escalations(at_hand.store, at_hand.clock).among([row.id for row in rows]),
        flash=flash(request, person),
        emptied="empty" in request.query_params,
        day_so_far=work.exposure.today(person.id) if person.may("case.decide") else None,
    )


@router.post("/queue/next")
def take_next(
    request: Request,
    person: Annotated[Person, Depends(permit("case.decide"))],
    queue: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Take the most urgent case that nobody holds, and go there."""
    return RedirectResponse(next_address(request, person, queue), 303)


def next_address(request: Request, person: Person, queue: str, **told: str) -> str:
    """Where work goes on: the next case within what was asked of the queue, or the queue where none is left."""
    asked = Asked.of(dict(parse_qsl(queue)))
    row = casework(request).queue.next(person, asked.filter(person.id), lead=person.may("case.second"))
    told = {name: value for name, value in told.items() if value}
    if row is None:
        query = "&".join(part for part in (asked.query(), urlencode(told | {"empty": "1"})) if part)
        return f"/queue?{query}"
    if kept := asked.query():
        told["queue"] = kept
    return f"/cases/{row.id}" + (f"?{urlencode(told)}" if told else "")
