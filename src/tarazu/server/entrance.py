"""What all ways to sign in share: the cookie, and where to go on."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import delete

from tarazu.server import csrf
from tarazu.server.desk import Desk, desk
from tarazu.server.sessions import hashed
from tarazu.store import Actor
from tarazu.store.tables.people import sessions
from tarazu.store.transaction import Transaction


def address_of(request: Request) -> str:
    """Where a request comes from, as far as the server knows."""
    return request.client.host if request.client else "?"


def local(then: str) -> str:
    """An address of our own to go on to: anything else becomes the first page."""
    clean = then.startswith("/") and not then.startswith(("//", "/\\")) and len(then) < 2000
    return then if clean and then.isprintable() and "\\" not in then else "/"


def enter(request: Request, person_id: str, method: str, then: str = "/") -> Response:
    """Sign a person in: a fresh session, and the one this browser had before is over."""
    at_hand = desk(request)
    with at_hand.store.write(Actor("person", person_id)) as tx:
        token = enter_in(tx, request, person_id, method)
    return with_cookie(at_hand, RedirectResponse(local(then), 303), token)


def enter_in(tx: Transaction, request: Request, person_id: str, method: str) -> str:
    """The same inside a change that is already under way; gives the token for the cookie."""
    at_hand = desk(request)
    before = request.cookies.get(csrf.session_cookie(at_hand.settings))
    if before:
        tx.run(delete(sessions).where(sessions.c.token_hash == hashed(before)))
    return at_hand.sessions.begin_in(tx, person_id, method, request.headers.get("user-agent", ""))


def with_cookie(at_hand: Desk, answer: Response, token: str) -> Response:
    """Give the browser its session. No `expires`: it ends with the browser, and in the store in any case."""
    answer.set_cookie(
        csrf.session_cookie(at_hand.settings),
        token,
        httponly=True,
        samesite="lax",
        secure=at_hand.settings.secure,
        path="/",
    )
    return answer


def leave(at_hand: Desk, answer: Response) -> Response:
    """Take the cookie back."""
    answer.delete_cookie(
        csrf.session_cookie(at_hand.settings),
        httponly=True,
        samesite="lax",
        secure=at_hand.settings.secure,
        path="/",
    )
    return answer
