"""Whether the server lives."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request

from tarazu.server.clockwork.jobs import jobs
from tarazu.server.clockwork.standing import standings
from tarazu.server.described import describe
from tarazu.server.desk import desk
from tarazu.server.guard import unguarded

router = APIRouter(tags=["server"])


@router.get("/api/v1/health", dependencies=[Depends(unguarded)])
def health(request: Request) -> dict[str, object]:
    """`ok` if the store answers, and how every job stands: `never`, `works`, `well`, `failed` or `late`.

    Why one failed stands in the log of the server and under /settings.
    """
    at_hand = desk(request)
    at_hand.people.nobody()
    found = standings(at_hand.store, jobs(at_hand.settings), at_hand.clock())
    return {"status": "ok", "jobs": [one.line for one in found]}


@router.get("/api/v1/openapi.json", dependencies=[Depends(unguarded)], include_in_schema=False)
def description(request: Request) -> dict[str, object]:
    """What the API can do, in OpenAPI 3.1."""
    return describe(request.app)
