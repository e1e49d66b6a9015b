"""Looking at a picture: asked for each time, counted each time; a case can be decided without."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from tarazu.cases.item import Media
from tarazu.server.case_answer import answer
from tarazu.server.casework import casework
from tarazu.server.guard import permit
from tarazu.server.page import render
from tarazu.server.pages.case import find
from tarazu.server.refusals import NotFound
from tarazu.server.visitor import Person

router = APIRouter(include_in_schema=False)
Viewer = Annotated[Person, Depends(permit("case.view"))]
Looker = Annotated[Person, Depends(permit("media.reveal"))]


@router.get("/cases/{case_id}/pictures/{number}/veil.jpg")
def veil(request: Request, case_id: str, number: int, person: Viewer) -> Response:
    """A few pixels of it: that there is a picture, and nothing of what it shows."""
    made = casework(request).gallery.veil(_media(request, case_id, number))
    if made is None:
        raise NotFound
    return Response(made, media_type="image/jpeg", headers={"cache-control": "private, max-age=3600"})


@router.get("/cases/{case_id}/pictures/{number}")
def hide(request: Request, case_id: str, number: int, person: Viewer) -> Response:
    """The picture, veiled again."""
    return _drawn(request, person, case_id, number, "")


@router.post("/cases/{case_id}/pictures/{number}")
def reveal(
    request: Request,
    case_id: str,
    number: int,
    person: Looker,
    queue: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Show it. Without a script the whole page comes back with it."""
    media = _media(request, case_id, number)
    shown = casework(request).gallery.shown(media)
    if not shown:
        raise NotFound
    casework(request).exposure.revealed(person.id, case_id, number)
    if request.headers.get("hx-request") != "true":
        return answer(request, person, find(request, case_id), revealed=(number,), queue=queue)
    return _drawn(request, person, case_id, number, shown)


@router.post("/cases/{case_id}/translation")
def translation(
    request: Request, case_id: str, person: Viewer, queue: Annotated[str, Form(max_length=2000)] = ""
) -> Response:
    """The case with what the translator makes of its words beside them."""
    return answer(request, person, find(request, case_id), translate=True, queue=queue)


@router.post("/rest/later")
def later(
    request: Request,
    person: Annotated[Person, Depends(permit("case.decide"))],
    case: Annotated[str, Form(pattern="^[0-9A-Z]{26}$")],
) -> Response:
    """Put a break off, once."""
    work = casework(request)
    day = work.exposure.put_off(person.id)
    if request.headers.get("hx-request") != "true":
        return RedirectResponse(f"/cases/{case}", 303)
    return render(request, "rest.html", day_so_far=day, rest=work.exposure.rest, asked=False, case_id=case)


def _drawn(request: Request, person: Person, case_id: str, number: int, shown: str) -> Response:
    _media(request, case_id, number)
    work = casework(request)
    return render(
        request,
        "picture.html",
        case_id=case_id,
        number=number,
        shown=shown,
        queue="",
        day_so_far=work.exposure.today(person.id),
        rest=work.exposure.rest,
    )


def _media(request: Request, case_id: str, number: int) -> Media:
    media = find(request, case_id).main.media
    if not 0 <= number < len(media):
        raise NotFound
    return media[number]
