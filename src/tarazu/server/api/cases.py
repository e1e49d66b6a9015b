"""The queue and its cases."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from pydantic import AwareDatetime

from tarazu.cases.case import CaseKind, CaseState
from tarazu.cases.filter import Filter, Order
from tarazu.server.api_fields import Id
from tarazu.server.casework import casework
from tarazu.server.desk import desk
from tarazu.server.guard import scope
from tarazu.server.idempotency import Once, once
from tarazu.server.item_body import in_time
from tarazu.server.plain import plain
from tarazu.server.visitor import TokenBearer

router = APIRouter(tags=["cases"])
Viewer = Annotated[TokenBearer, Depends(scope("case.view"))]
Decider = Annotated[TokenBearer, Depends(scope("case.decide"))]
Source = Literal["scan", "user", "anonymous", "trusted_flagger", "government_order"]
Text = Annotated[str | None, Query(max_length=200, pattern="^[^\\x00]*$")]
# What `next` gave: a number and the id of a case, short enough for a column of 64 bits.
Cursor = Annotated[
    str | None,
    Query(pattern=r"^-?[0-9]{1,16}(\.[0-9]{1,20})?(e[+-]?[0-9]{1,2})?:[0-9A-Z]{26}$", description="`next`"),
]


@router.get("/api/v1/cases")
def page(
    request: Request,
    bearer: Viewer,
    state: Annotated[list[CaseState] | None, Query()] = None,
    kind: CaseKind | None = None,
    lang: Annotated[str | None, Query(pattern="^[A-Za-z-]{2,35}$")] = None,
    clause: Text = None,
    source: Source | None = None,
    due_before: AwareDatetime | None = None,
    free: bool = False,
    mine: bool = False,
    q: Text = None,
    order: Order = Order.PRIORITY,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    after: Cursor = None,
) -> dict[str, object]:
    """A page of cases, the most urgent open ones first; `next` is what `after` wants, null at the end.

    `free`: nobody holds it. `mine`: this token holds it. `q`: words, each of which begins a word of the case.
    """
    wanted = Filter(
        states=tuple(dict.fromkeys(state or [CaseState.OPEN])), kind=kind, lang=lang, clause_id=clause,
        source=source, due_before=in_time(due_before), assigned_to=bearer.id if mine else None,
        unassigned=free, search=q,
    )  # fmt: skip
    rows = casework(request).queue.page(wanted, order, limit + 1, after)
    shown = rows[:limit]
    return {"cases": plain(shown), "next": order.cursor(shown[-1]) if len(rows) > limit else None}


@router.get("/api/v1/cases/{case_id}")
def case(request: Request, bearer: Viewer, case_id: Id) -> dict[str, object]:
    """One case, whole: items, findings, reports, decisions, notices, appeals, similar decided cases."""
    told: dict[str, object] = plain(casework(request).cases.case(case_id))
    return told


@router.post("/api/v1/cases/{case_id}/lock")
def lock(request: Request, bearer: Decider, case_id: Id, key: Annotated[Once, Depends(once)]) -> Response:
    """Hold a case for this token, or hold it longer: nobody else decides it meanwhile."""
    lasts = timedelta(minutes=desk(request).settings.limits.lock_minutes)
    queue = casework(request).queue
    return key.answer_json(lambda: {"until": plain(queue.lock(case_id, bearer.id, lasts))})


@router.delete("/api/v1/cases/{case_id}/lock")
def unlock(request: Request, bearer: Decider, case_id: Id, key: Annotated[Once, Depends(once)]) -> Response:
    """Give a case back; `held` says whether this token held it."""
    return key.answer_json(lambda: {"held": casework(request).queue.unlock(case_id, bearer.id)})
