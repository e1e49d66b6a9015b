"""Where one-time links lead: the first person begins, an invited one joins, a lost password is set anew."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import select

from tarazu.server import passwords
from tarazu.server.desk import desk
from tarazu.server.entrance import enter_in, with_cookie
from tarazu.server.guard import public
from tarazu.server.links import SENT, Link, Purpose
from tarazu.server.page import render
from tarazu.server.refusals import Conflict, NotFound, Refused, Unusable
from tarazu.server.roles import FIRST
from tarazu.server.sessions import Sessions
from tarazu.store import Actor
from tarazu.store.ids import new_id
from tarazu.store.tables.people import people

router = APIRouter(include_in_schema=False)


@router.get("/link/{token}", dependencies=[Depends(public)])
def link_page(request: Request, token: str) -> Response:
    """The form. Looking at it uses nothing up: mail programs look at links."""
    return _form(request, token, desk(request).links.find(token, *SENT))


@router.post("/link/{token}", dependencies=[Depends(public)])
def use_link(
    request: Request,
    token: str,
    password: Annotated[str, Form()] = "",
    again: Annotated[str, Form()] = "",
    login: Annotated[str, Form()] = "",
    name: Annotated[str, Form()] = "",
) -> Response:
    """Set the password, and sign in. All of it in one change, so a link works exactly once."""
    at_hand = desk(request)
    link = at_hand.links.find(token, *SENT)
    known = at_hand.people.person(link.person_id) if link.person_id else None
    fault = passwords.fault(password, known.login if known else login, known.name if known else name)
    if fault is None and password != again:
        fault = "people.password_differs"
    if fault is not None:
        return _form(request, token, link, fault=fault, login=login, name=name)
    kept = at_hand.passwords.hash(password)
    person_id = link.person_id or new_id()
    try:
        with at_hand.store.write(Actor("person", person_id)) as tx:
            at_hand.links.use_in(tx, token, *SENT)
            if link.purpose is Purpose.FIRST_START:
                if tx.value(select(people.c.id).limit(1)) is not None:
                    raise NotFound("people.link_over")
                at_hand.people.add_in(tx, person_id, login=login, name=name, roles=FIRST, password_hash=kept)
            else:
                at_hand.people.set_password(tx, person_id, kept)
                Sessions.end_all_in(tx, person_id)
            # Who has a second factor still needs it: a link must not be a way around it.
            session = None
            if link.purpose is Purpose.FIRST_START or not at_hand.second_factors.has_in(tx, person_id):
                session = enter_in(tx, request, person_id, "link")
    except (Conflict, Unusable) as refused:
        return _form(request, token, link, fault=refused.key, login=login, name=name, refused=refused)
    if session is None:
        return RedirectResponse("/login", 303)
    return with_cookie(at_hand, RedirectResponse("/", 303), session)


def _form(
    request: Request,
    token: str,
    link: Link,
    *,
    fault: str | None = None,
    login: str = "",
    name: str = "",
    refused: Refused | None = None,
) -> Response:
    known = desk(request).people.person(link.person_id) if link.person_id else None
    return render(
        request,
        "link.html",
        422 if fault else 200,
        token=token,
        purpose=str(link.purpose),
        known=known,
        fault=fault,
        fault_values=refused.values
        if refused
        else {"shortest": passwords.SHORTEST, "longest": passwords.LONGEST},
        login=login,
        name=name,
        shortest=passwords.SHORTEST,
    )
