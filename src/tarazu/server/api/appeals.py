"""Appeals that wait."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from pydantic import Field

from tarazu.cases.appeals import Answer, Appeals
from tarazu.cases.objection import AppealRefused
from tarazu.server.api_fields import Body, Id
from tarazu.server.casework import casework
from tarazu.server.desk import desk
from tarazu.server.guard import scope
from tarazu.server.idempotency import Once, once
from tarazu.server.plain import plain
from tarazu.server.refusals import NotFound
from tarazu.server.visitor import TokenBearer

router = APIRouter(tags=["appeals"])


class AnswerBody(Body):
    """What becomes of an appeal, and why."""

    answer: Answer
    reason: str = Field(min_length=1, max_length=10_000)


@router.get("/api/v1/appeals")
def waiting(
    request: Request,
    bearer: Annotated[TokenBearer, Depends(scope("appeal.view"))],
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    after: Annotated[str | None, Query(pattern="^[0-9]{1,16}:[0-9A-Z]{26}$", description="`next`")] = None,
) -> dict[str, object]:
    """Appeals that wait for an answer, the nearest deadline first; `next` is what `after` wants."""
    found = [(_key(one.due_at.timestamp(), one.id), one) for one in _appeals(request).due()]
    begin = (0, "") if after is None else (int(after.partition(":")[0]), after.partition(":")[2])
    rest = [one for one in found if one[0] > begin]
    shown = rest[:limit]
    following = f"{shown[-1][0][0]}:{shown[-1][0][1]}" if len(rest) > limit else None
    return {"appeals": plain([one for _, one in shown]), "next": following}


@router.post("/api/v1/appeals/{appeal_id}/decide")
def decide(
    request: Request,
    bearer: Annotated[TokenBearer, Depends(scope("appeal.decide"))],
    appeal_id: Id,
    key: Annotated[Once, Depends(once)],
    body: AnswerBody,
) -> Response:
    """Answer an appeal. A token is no person, so this is refused (409) with where to do it."""
    appeals = _appeals(request)
    try:
        appeals.get(appeal_id)
    except AppealRefused:
        raise NotFound from None
    return key.answer_json(lambda: plain(appeals.decide(appeal_id, bearer.actor, body.answer, body.reason)))


def _key(at: float, appeal_id: str) -> tuple[int, str]:
    return round(at * 1000), appeal_id


def _appeals(request: Request) -> Appeals:
    return Appeals(desk(request).store, desk(request).clock, casework(request).settings)
