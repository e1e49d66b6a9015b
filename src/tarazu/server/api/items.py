"""Posts and accounts in."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import Field

from tarazu.cases.receiving import Receiving
from tarazu.server.api_fields import Body
from tarazu.server.desk import desk
from tarazu.server.guard import scope
from tarazu.server.idempotency import Once, once
from tarazu.server.item_body import ItemBody
from tarazu.server.plain import plain
from tarazu.server.visitor import TokenBearer

router = APIRouter(tags=["items"])


class ItemsBody(Body):
    """Some items at once."""

    items: tuple[ItemBody, ...] = Field(min_length=1, max_length=100)


@router.post("/api/v1/items", status_code=201)
def items(
    request: Request,
    bearer: Annotated[TokenBearer, Depends(scope("report.add"))],
    key: Annotated[Once, Depends(once)],
    body: ItemsBody,
) -> Response:
    """Keep up to 100 posts or accounts as they are seen now; a snapshot that is there already is not kept again.

    Nothing is judged here and no case is opened: `tarazu scan` judges, and a report about one of them shows it.
    """
    receiving = Receiving(desk(request).store, desk(request).clock)
    given = [one.item() for one in body.items]
    return key.answer_json(lambda: {"items": plain(receiving.keep(given, bearer.actor))}, 201)
