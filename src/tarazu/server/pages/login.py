"""Sign in and out: password, then a code for who has a second factor."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from tarazu.server.desk import desk
from tarazu.server.entrance import address_of, enter, leave, local
from tarazu.server.guard import permit, public
from tarazu.server.links import Purpose
from tarazu.server.page import render
from tarazu.server.passwords import LONGEST
from tarazu.server.refusals import Refused
from tarazu.server.visitor import Person, Visitor

router = APIRouter(include_in_schema=False)
_CODE_TIME = timedelta(minutes=5)


@router.get("/login")
def login_page(
    request: Request, visitor: Annotated[Visitor, Depends(public)], then: str = "/", out: str = ""
) -> Response:
    """The form."""
    if visitor.person is not None:
        return RedirectResponse(local(then), 303)
    return _form(request, then, out=out == "1")


@router.post("/login", dependencies=[Depends(public)])
def login(
    request: Request,
    login: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    then: Annotated[str, Form()] = "/",
) -> Response:
    """Check the password. What is said does not tell whether there is such a login."""
    at_hand = desk(request)
    name = login.strip().casefold()[:64]
    at_hand.rates.login(name, address_of(request))
    found = at_hand.people.by_login(name)
    person_id, kept = found or ("", None)
    if not at_hand.passwords.right(kept, password[: LONGEST + 1]) or kept is None:
        return _form(request, then, login=name, wrong=True, status=401)
    at_hand.rates.signed_in(name, address_of(request))
    if at_hand.passwords.stale(kept):
        at_hand.people.keep_password(person_id, at_hand.passwords.hash(password))
    if at_hand.second_factors.has(person_id):
        half = at_hand.links.make(Purpose.SECOND, person_id, lasts=_CODE_TIME)
        return _code_form(request, half, then)
    return enter(request, person_id, "password", then)


@router.post("/login/code", dependencies=[Depends(public)])
def code(
    request: Request,
    half: Annotated[str, Form()] = "",
    code: Annotated[str, Form()] = "",
    then: Annotated[str, Form()] = "/",
) -> Response:
    """Check the code of the second factor."""
    at_hand = desk(request)
    try:
        person_id = at_hand.links.find(half, Purpose.SECOND).person_id or ""
    except Refused:
        return _form(request, then, status=401)
    at_hand.rates.code(person_id)
    if not at_hand.second_factors.check(person_id, code[:20]):
        return _code_form(request, half, then, wrong=True)
    at_hand.links.spend(half, Purpose.SECOND)
    return enter(request, person_id, "totp", then)


@router.post("/logout")
def logout(request: Request, person: Annotated[Person, Depends(permit("own.edit"))]) -> Response:
    """End this session."""
    at_hand = desk(request)
    at_hand.sessions.end(person.id, request.state.visitor.session)
    return leave(at_hand, RedirectResponse("/login?out=1", 303))


def _form(
    request: Request, then: str, *, login: str = "", wrong: bool = False, out: bool = False, status: int = 200
) -> Response:
    return render(
        request,
        "login.html",
        status,
        then=local(then),
        login=login,
        wrong=wrong,
        out=out,
        oidc=bool(desk(request).settings.oidc.issuer),
        empty=desk(request).people.nobody(),
    )


def _code_form(request: Request, half: str, then: str, *, wrong: bool = False) -> Response:
    return render(request, "login_code.html", 401 if wrong else 200, half=half, then=local(then), wrong=wrong)
