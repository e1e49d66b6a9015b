"""Sign in with the account of one's organisation, and connect it."""

from __future__ import annotations

import hmac
import secrets
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from tarazu.server.desk import desk
from tarazu.server.entrance import address_of, enter, local
from tarazu.server.guard import permit, public
from tarazu.server.links import Purpose
from tarazu.server.oidc import CALLBACK, OidcFailed
from tarazu.server.page import render
from tarazu.server.refusals import NotFound
from tarazu.server.sessions import hashed
from tarazu.server.visitor import Person, Visitor

router = APIRouter(include_in_schema=False)
_TIME = timedelta(minutes=10)


@router.get("/login/oidc")
def start(request: Request, visitor: Annotated[Visitor, Depends(public)], then: str = "/") -> Response:
    """Send the browser to the other server. A link, not a form: the policy for forms allows no other server."""
    return _start(request, visitor, then, None)


@router.post("/own/oidc")
def connect(request: Request, person: Annotated[Person, Depends(permit("own.edit"))]) -> Response:
    """The same to connect one's account there; the page that follows leads on."""
    visitor: Visitor = request.state.visitor
    where = _start(request, visitor, "/own", person.id).headers["location"]
    # A form may not lead to another server (the policy says so), a page that refreshes itself may.
    answer = render(request, "away.html", where=where)
    answer.headers["refresh"] = f"0; url={where}"
    return answer


@router.get(CALLBACK)
def back(
    request: Request,
    visitor: Annotated[Visitor, Depends(public)],
    state: str = "",
    code: str = "",
) -> Response:
    """The browser comes back. It must be the one that was sent, and once."""
    at_hand = desk(request)
    provider = at_hand.oidc
    if provider is None:
        raise NotFound
    try:
        link = at_hand.links.spend(state, Purpose.OIDC)
    except NotFound:
        raise OidcFailed from None
    facts = {key: str(value) for key, value in link.facts.items()}
    if not hmac.compare_digest(facts["browser"], hashed(visitor.csrf)) or not code:
        raise OidcFailed
    vouched = provider.finish(code[:4000], facts["nonce"], facts["verifier"])
    if link.person_id is not None:
        at_hand.people.connect(link.person_id, vouched.subject)
        return RedirectResponse("/own?said=saved", 303)
    person_id = at_hand.people.by_subject(vouched.subject)
    if person_id is None and at_hand.settings.oidc.link_by_email and vouched.email:
        person_id = at_hand.people.by_email(vouched.email)
        if person_id is not None:
            at_hand.people.connect(person_id, vouched.subject)
    if person_id is None:
        raise OidcFailed("people.oidc_unknown")
    return enter(request, person_id, "oidc", facts["then"])


def _start(request: Request, visitor: Visitor, then: str, person_id: str | None) -> Response:
    at_hand = desk(request)
    if at_hand.oidc is None:
        raise NotFound
    at_hand.rates.away(address_of(request))
    nonce, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(48)
    facts = {"nonce": nonce, "verifier": verifier, "then": local(then), "browser": hashed(visitor.csrf)}
    state = at_hand.links.make(Purpose.OIDC, person_id, facts, lasts=_TIME)
    return RedirectResponse(at_hand.oidc.start(state, nonce, verifier), 303)
