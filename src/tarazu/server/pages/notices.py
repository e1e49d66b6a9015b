"""The notices of a case: whom they are for, whether they were read, and their links for who delivers them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from tarazu.cases.deliveries import Deliveries
from tarazu.cases.objection import NoticeNotFound
from tarazu.server.casework import casework
from tarazu.server.desk import desk
from tarazu.server.guard import permit
from tarazu.server.page import render
from tarazu.server.pages.case import find
from tarazu.server.refusals import NotFound
from tarazu.server.visitor import Person

router = APIRouter(include_in_schema=False)
Deliverer = Annotated[Person, Depends(permit("notice.hand"))]


@router.get("/cases/{case_id}/notices")
def notices(request: Request, case_id: str, person: Deliverer) -> Response:
    """All notices of a case. Looking at them does not count as reading, and shows no link."""
    return _page(request, case_id)


@router.post("/cases/{case_id}/notices/{notice_id}")
def hand(request: Request, case_id: str, notice_id: str, person: Deliverer) -> Response:
    """The link of one of them."""
    if notice_id not in {one.id for one in _deliveries(request).of_case(case_id)}:
        raise NotFound
    try:
        token = _deliveries(request).hand(notice_id, person.actor)
    except NoticeNotFound:
        raise NotFound from None
    link = None if token is None else f"{desk(request).settings.public_url}/n/{token}"
    return _page(request, case_id, shown=notice_id, link=link)


def _page(request: Request, case_id: str, *, shown: str = "", link: str | None = None) -> Response:
    case = find(request, case_id)
    return render(
        request,
        "notices.html",
        row=case.row,
        notices=_deliveries(request).of_case(case_id),
        shown=shown,
        link=link,
    )


def _deliveries(request: Request) -> Deliveries:
    at_hand = desk(request)
    return Deliveries(at_hand.store, at_hand.clock, casework(request).settings)
