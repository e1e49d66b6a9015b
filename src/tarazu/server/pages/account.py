"""An account: its posts, decisions, strikes, reports and appeals."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from tarazu.cases.account import AccountNotFound
from tarazu.cases.accounts import Accounts
from tarazu.server.desk import desk
from tarazu.server.guard import permit
from tarazu.server.page import render
from tarazu.server.refusals import NotFound
from tarazu.server.visitor import Person

router = APIRouter(include_in_schema=False)


@router.get("/accounts/{platform}/{account_id:path}")
def account(
    request: Request, platform: str, account_id: str, person: Annotated[Person, Depends(permit("case.view"))]
) -> Response:
    """What is known of it. `-` stands for no platform."""
    at_hand = desk(request)
    try:
        found = Accounts(at_hand.store, at_hand.clock).account(
            account_id, "" if platform == "-" else platform
        )
    except AccountNotFound:
        raise NotFound from None
    return render(request, "account.html", account=found)
