"""Unsafe requests must come from our own pages: the browser says so, and a token proves it."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from urllib.parse import urlsplit

from starlette.datastructures import UploadFile
from starlette.requests import Request

from tarazu.server.desk import desk
from tarazu.server.refusals import WrongOrigin
from tarazu.server.visitor import Visitor
from tarazu.settings import Settings

FIELD = "csrf"
HEADER = "x-csrf"
_VISIT = re.compile(r"[A-Za-z0-9_-]{43}")


def session_cookie(settings: Settings) -> str:
    """The cookie of a session. `__Host-`: no other host of the domain, and no http page, can set it."""
    return "__Host-tarazu" if settings.secure else "tarazu"


def visit_cookie(settings: Settings) -> str:
    """The cookie that ties the forms of somebody not signed in to their browser."""
    return "__Host-tarazu-visit" if settings.secure else "tarazu-visit"


def of_session(settings: Settings, token: str) -> str:
    """What forms of this session carry. It can be worked out from the cookie only with our secret."""
    return hmac.digest(settings.key("csrf"), b"session:" + token.encode(), hashlib.sha256).hex()


def of_stranger(request: Request) -> str:
    """The same for somebody who is not signed in; makes a visit if there is none yet (`failures.edge` sets it)."""
    settings = desk(request).settings
    visit = request.cookies.get(visit_cookie(settings), "")
    if not _VISIT.fullmatch(visit):
        visit = secrets.token_urlsafe(32)
        request.state.new_visit = visit
    return hmac.digest(settings.key("csrf"), b"visit:" + visit.encode(), hashlib.sha256).hex()


async def check(request: Request, visitor: Visitor) -> None:
    """Raise WrongOrigin unless one of our own pages sent this."""
    if not _ours(request):
        raise WrongOrigin
    given = request.headers.get(HEADER, "")
    if not given and request.headers.get("content-type", "").startswith(
        ("application/x-www-form-urlencoded", "multipart/form-data")
    ):
        value = (await request.form()).get(FIELD, "")
        given = "" if isinstance(value, UploadFile) else value
    if not visitor.csrf or not hmac.compare_digest(given.encode(), visitor.csrf.encode()):
        raise WrongOrigin


def _ours(request: Request) -> bool:
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("origin")
    if origin is None:
        return True  # an old browser, or no browser: the token decides
    return urlsplit(origin).netloc == request.headers.get("host", "")
