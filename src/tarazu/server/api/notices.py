"""Notices that have to reach people: who they are for, and their links."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from tarazu.cases.deliveries import Deliveries
from tarazu.cases.objection import NoticeNotFound
from tarazu.server.api_fields import Id
from tarazu.server.casework import casework
from tarazu.server.desk import desk
from tarazu.server.guard import scope
from tarazu.server.plain import plain
from tarazu.server.refusals import NotFound
from tarazu.server.visitor import TokenBearer

router = APIRouter(tags=["notices"])
Bearer = Annotated[TokenBearer, Depends(scope("notice.hand"))]


@router.get("/api/v1/notices")
def notices(
    request: Request,
    bearer: Bearer,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
    after: Annotated[str | None, Query(pattern="^[0-9A-Z]{26}$", description="`next`")] = None,
) -> dict[str, object]:
    """Notices in the order in which they were made, without their links; `next` is what `after` wants.

    Keep `next` between calls: a platform that asks every minute delivers each notice once.
    """
    found = _deliveries(request).after(after, limit)
    return {"notices": plain(found), "next": found[-1].id if found else after}


@router.get("/api/v1/notices/{notice_id}/link")
def link(request: Request, bearer: Bearer, notice_id: Id) -> dict[str, object]:
    """The link to hand to the person whom the notice is for. The ledger says which token took it.

    `link` is null where nobody but its reader can have it. Asked again, the answer is the same: the link is made anew
    from the key of this installation, and kept nowhere (which is why this is no POST, whose answers are kept).
    """
    try:
        token = _deliveries(request).hand(notice_id, bearer.actor)
    except NoticeNotFound:
        raise NotFound from None
    address = None if token is None else f"{desk(request).settings.public_url}/n/{token}"
    return {"notice": notice_id, "link": address}


def _deliveries(request: Request) -> Deliveries:
    at_hand = desk(request)
    return Deliveries(at_hand.store, at_hand.clock, casework(request).settings)
