"""How this installation is set, where each thing is changed, and what runs by itself. Secrets are never shown."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import BaseModel, SecretStr
from sqlalchemy.engine import make_url

from tarazu.server.casework import casework
from tarazu.server.clockwork.jobs import jobs as every_job
from tarazu.server.clockwork.standing import standings
from tarazu.server.desk import desk
from tarazu.server.guard import permit
from tarazu.server.page import render
from tarazu.server.visitor import Person
from tarazu.settings import Settings

router = APIRouter(include_in_schema=False)
SECRET = "secret"


@router.get("/settings")
def settings(request: Request, person: Annotated[Person, Depends(permit("settings.view"))]) -> Response:
    """Every setting with its value, how people decide here, and how the jobs stand."""
    held = desk(request).settings
    deciding = casework(request).settings
    return render(
        request,
        "settings.html",
        values=_values(held),
        deciding=deciding,
        jobs=standings(desk(request).store, every_job(held), desk(request).clock()),
        works=request.app.state.clockwork is not None,
        given=held.model_fields_set,
        variable=lambda name: "TARAZU_" + name.upper().replace(".", "__"),
    )


def _values(held: Settings) -> list[tuple[str, str]]:
    made: list[tuple[str, str]] = []
    for name in type(held).model_fields:
        value = getattr(held, name)
        if name == "store":
            value = make_url(held.store_url).render_as_string(hide_password=True)
        if isinstance(value, BaseModel):
            made += [(f"{name}.{inner}", _said(getattr(value, inner))) for inner in type(value).model_fields]
        else:
            made.append((name, _said(value)))
    return made


def _said(value: Any) -> str:
    if isinstance(value, SecretStr):
        return SECRET if value.get_secret_value() else ""
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)
