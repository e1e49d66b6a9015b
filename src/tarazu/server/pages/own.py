"""One's own settings: language and look, password, second factor, sessions."""

from __future__ import annotations

import hmac
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from tarazu.server import passwords, totp
from tarazu.server.desk import desk
from tarazu.server.guard import permit
from tarazu.server.page import render
from tarazu.server.second_factor import SecondFactors
from tarazu.server.sessions import Sessions
from tarazu.server.visitor import Person, Preferences

router = APIRouter(include_in_schema=False)
Own = Annotated[Person, Depends(permit("own.edit"))]


@router.get("/own")
def own(request: Request, person: Own, said: str = "") -> Response:
    """The page."""
    return _page(
        request, person, said=said if said in ("saved", "password", "factor_on", "factor_off") else ""
    )


@router.post("/own")
def prefer(
    request: Request,
    person: Own,
    lang: Annotated[Literal["", "en", "fa", "ar"], Form()] = "",
    theme: Annotated[Literal["auto", "light", "dark"], Form()] = "auto",
    calendar: Annotated[Literal["gregorian", "jalali"], Form()] = "gregorian",
    blur: Annotated[str, Form()] = "",
    grey: Annotated[str, Form()] = "",
    small: Annotated[str, Form()] = "",
    keys: Annotated[str, Form()] = "",
) -> Response:
    """Language, look, calendar, pictures, keys."""
    chosen = Preferences(
        lang=lang, theme=theme, calendar=calendar,
        blur=blur == "1", grey=grey == "1", small=small == "1", keys=keys == "1",
    )  # fmt: skip
    desk(request).people.prefer(person.id, chosen)
    return RedirectResponse("/own?said=saved", 303)


@router.post("/own/password")
def password(
    request: Request,
    person: Own,
    old: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    again: Annotated[str, Form()] = "",
) -> Response:
    """A new password. All other sessions end."""
    at_hand = desk(request)
    if not _knows(request, person, old):
        return _page(request, person, fault="people.wrong_password")
    fault = passwords.fault(password, person.login, person.name)
    if fault is None and not hmac.compare_digest(password.encode(), again.encode()):
        fault = "people.password_differs"
    if fault is not None:
        return _page(request, person, fault=fault)
    kept = at_hand.passwords.hash(password)
    with at_hand.store.write(person.actor) as tx:
        at_hand.people.set_password(tx, person.id, kept)
        Sessions.end_all_in(tx, person.id, but=request.state.visitor.session)
    return RedirectResponse("/own?said=password", 303)


@router.post("/own/factor")
def begin_factor(request: Request, person: Own, old: Annotated[str, Form()] = "") -> Response:
    """Begin with a second factor: show its secret."""
    if not _knows(request, person, old):
        return _page(request, person, fault="people.wrong_password")
    if not desk(request).second_factors.has(person.id):
        desk(request).second_factors.begin(person.id)
    return RedirectResponse("/own#factor", 303)


@router.post("/own/factor/confirm")
def confirm_factor(request: Request, person: Own, code: Annotated[str, Form()] = "") -> Response:
    """The first right code makes it count."""
    at_hand = desk(request)
    at_hand.rates.code(person.id)
    if not at_hand.second_factors.check(person.id, code[:20], confirm=True):
        return _page(request, person, fault="people.wrong_code")
    return RedirectResponse("/own?said=factor_on", 303)


@router.post("/own/factor/remove")
def remove_factor(request: Request, person: Own, old: Annotated[str, Form()] = "") -> Response:
    """Ask for no code any more."""
    if not _knows(request, person, old):
        return _page(request, person, fault="people.wrong_password")
    with desk(request).store.write(person.actor) as tx:
        SecondFactors.remove_in(tx, person.id)
    return RedirectResponse("/own?said=factor_off", 303)


@router.post("/own/sessions/end")
def end_session(request: Request, person: Own, session: Annotated[str, Form()] = "") -> Response:
    """End one of one's own sessions."""
    desk(request).sessions.end(person.id, session)
    return RedirectResponse("/own", 303)


def _knows(request: Request, person: Person, old: str) -> bool:
    """Whether it is their password: a session left open must not be enough to take an account over."""
    at_hand = desk(request)
    at_hand.rates.again(person.id)
    found = at_hand.people.by_login(person.login)
    return at_hand.passwords.right(found[1] if found else None, old[: passwords.LONGEST + 1])


def _page(request: Request, person: Person, *, said: str = "", fault: str = "") -> Response:
    at_hand = desk(request)
    secret = at_hand.second_factors.pending(person.id)
    found = at_hand.people.by_login(person.login)
    return render(
        request,
        "own.html",
        422 if fault else 200,
        said=said,
        fault=fault,
        shortest=passwords.SHORTEST,
        longest=passwords.LONGEST,
        has_password=bool(found and found[1]),
        has_factor=at_hand.second_factors.has(person.id),
        secret=totp.written(secret) if secret else None,
        picture=totp.picture(totp.address(secret, person.login)) if secret else None,
        sessions=at_hand.sessions.of(person.id),
        this=request.state.visitor.session,
        oidc=bool(at_hand.settings.oidc.issuer),
    )
