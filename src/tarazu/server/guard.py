"""Every route says who may use it; one that does not stops the start. Unsafe requests must come from our own pages.

A page: `person: Annotated[Person, Depends(permit("case.view"))]`. A call of the API: `Depends(scope("case.view"))`
gives a `TokenBearer`. For everybody: `Depends(public)` gives the `Visitor`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from tarazu.server import csrf
from tarazu.server.desk import desk
from tarazu.server.recognition import recognise
from tarazu.server.refusals import Forbidden, SignIn, TokenNeeded
from tarazu.server.roles import PERMISSIONS
from tarazu.server.visitor import Person, TokenBearer, Visitor

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Guard:
    """What a route declares."""

    permission: str | None = None
    by_token = False


class Permit(Guard):
    """A signed-in person with a permission."""

    def __init__(self, permission: str) -> None:
        if permission not in PERMISSIONS:
            raise ValueError(f"no such permission: {permission}")
        self.permission: str = permission

    async def __call__(self, request: Request) -> Person:
        """The person, or a refusal."""
        visitor = await run_in_threadpool(recognise, request)
        if visitor.person is None:
            raise SignIn
        if request.method not in SAFE:
            await csrf.check(request, visitor)
        if not visitor.person.may(self.permission):
            raise Forbidden(self.permission)
        return visitor.person


class Public(Guard):
    """Everybody, signed in or not."""

    async def __call__(self, request: Request) -> Visitor:
        """Who it is, as far as known."""
        visitor = await run_in_threadpool(recognise, request)
        if request.method not in SAFE:
            await csrf.check(request, visitor)
        return visitor


class Scope(Guard):
    """A program whose token has a scope. Cookies count for nothing here, so no other site can use them."""

    by_token = True

    def __init__(self, permission: str) -> None:
        if permission not in PERMISSIONS:
            raise ValueError(f"no such permission: {permission}")
        self.permission: str = permission

    async def __call__(self, request: Request) -> TokenBearer:
        """The bearer of the token, or a refusal."""
        kind, _, secret = request.headers.get("authorization", "").partition(" ")
        at_hand = desk(request)
        bearer = None
        if kind.lower() == "bearer" and secret:
            bearer = await run_in_threadpool(at_hand.tokens.find, secret.strip())
        if bearer is None:
            raise TokenNeeded
        request.state.visitor = Visitor(token=bearer)
        await run_in_threadpool(at_hand.rates.api, bearer.id)
        if not bearer.may(self.permission):
            raise Forbidden(self.permission)
        return bearer


class OpenScope(Guard):
    """A call of the API that needs no token and changes nothing: its own description, whether it lives."""

    async def __call__(self, request: Request) -> Visitor:
        """Nobody in particular."""
        request.state.visitor = Visitor()
        return Visitor()


def permit(permission: str) -> Permit:
    """For a page: `Depends(permit("case.view"))`."""
    return Permit(permission)


def scope(permission: str) -> Scope:
    """For a call of the API: `Depends(scope("case.view"))`."""
    return Scope(permission)


public = Public()
unguarded = OpenScope()


def guard_of(route: APIRoute) -> Guard | None:
    """What a route declared."""
    found = list(_guards(route.dependant))
    return found[0] if len(found) == 1 else None


def _guards(dependant: Dependant) -> Iterator[Guard]:
    for one in dependant.dependencies:
        call: Any = one.call
        if isinstance(call, Guard):
            yield call
        else:
            yield from _guards(one)


def check(app: FastAPI) -> None:
    """Refuse to start with a route that does not say who may use it, or says it twice."""
    for route in app.routes:
        name = getattr(route, "path", repr(route))
        if not isinstance(route, APIRoute):
            raise RuntimeError(f"{name} is no plain route, so nobody guards it")
        guard = guard_of(route)
        if guard is None:
            raise RuntimeError(
                f"{name} must declare exactly one of permit(...), scope(...), public, unguarded"
            )
        if isinstance(guard, OpenScope) and not (route.methods or set()) <= SAFE:
            raise RuntimeError(f"{name} changes something and is unguarded")
