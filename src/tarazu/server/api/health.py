"""Whether the server lives."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request

from tarazu.server.described import describe
from tarazu.server.desk import desk
from tarazu.server.guard import unguarded

router = APIRouter(tags=["server"])


@router.get("/api/v1/health", dependencies=[Depends(unguarded)])
def health(request: Request) -> dict[str, str]:
    """`ok` if the store answers."""
    desk(request).people.nobody()
    return {"status": "ok"}


@router.get("/api/v1/openapi.json", dependencies=[Depends(unguarded)], include_in_schema=False)
def description(request: Request) -> dict[str, object]:
    """What the API can do, in OpenAPI 3.1."""
    return describe(request.app)
