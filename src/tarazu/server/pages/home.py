"""The first address: leads to the first page that a person may open."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse

from tarazu.server.guard import permit
from tarazu.server.visitor import Person

router = APIRouter(include_in_schema=False)


@router.get("/")
def home(request: Request, person: Annotated[Person, Depends(permit("own.edit"))]) -> RedirectResponse:
    """The queue for who works on cases; another page for who does not."""
    first = next((path for _, path, needed in request.app.state.nav if person.may(needed)), "/own")
    return RedirectResponse(first, 303)
