"""Who sends a request, by the cookie of their session."""

from __future__ import annotations

from starlette.requests import Request

from tarazu.server import csrf
from tarazu.server.desk import desk
from tarazu.server.visitor import Visitor


def recognise(request: Request) -> Visitor:
    """The visitor; found once a request, and kept with it."""
    at_hand = desk(request)
    visitor = at_hand.sessions.find(request.cookies.get(csrf.session_cookie(at_hand.settings), ""))
    if visitor.person is None:
        visitor = Visitor(csrf=csrf.of_stranger(request))
    request.state.visitor = visitor
    return visitor
