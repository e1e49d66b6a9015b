"""Tokens for programs: make, look over, revoke."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from tarazu.server.desk import desk
from tarazu.server.guard import permit
from tarazu.server.page import render
from tarazu.server.refusals import Refused, Unusable
from tarazu.server.roles import PERMISSIONS
from tarazu.server.visitor import Person

router = APIRouter(include_in_schema=False)
Maker = Annotated[Person, Depends(permit("api.token"))]


@router.get("/tokens")
def tokens(request: Request, person: Maker) -> Response:
    """All tokens."""
    return _page(request, person)


@router.post("/tokens")
def make(
    request: Request,
    person: Maker,
    name: Annotated[str, Form()] = "",
    scopes: Annotated[list[str] | None, Form()] = None,
    days: Annotated[int, Form()] = 90,
) -> Response:
    """A new token, shown this once. Nobody can give a scope that they do not have."""
    try:
        _, secret = desk(request).tokens.make(person, name, scopes or (), days)
    except Unusable as refused:
        return _page(request, person, fault=refused)
    return _page(request, person, secret=secret)


@router.post("/tokens/{token_id}/revoke")
def revoke(request: Request, person: Maker, token_id: str) -> Response:
    """End a token at once."""
    desk(request).tokens.revoke(person, token_id)
    return RedirectResponse("/tokens", 303)


def _page(request: Request, person: Person, *, secret: str = "", fault: Refused | None = None) -> Response:
    at_hand = desk(request)
    return render(
        request,
        "tokens.html",
        fault.status if fault else 200,
        rows=at_hand.tokens.all(),
        makers={row.person.id: row.person.name for row in at_hand.people.all()},
        offered=[one for one in PERMISSIONS if person.may(one) and one != "own.edit"],
        secret=secret,
        fault=fault,
    )
