"""The outermost layer: every answer gets its headers, every request an id and a size limit; no fault gets out bare."""

from __future__ import annotations

import logging
import secrets
import time
import traceback
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tarazu.server import csrf
from tarazu.server.refusals import Refused, TooLarge
from tarazu.settings import Settings

LOG = logging.getLogger("tarazu.server")
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "media-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_HEADERS = {
    "content-security-policy": CSP,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-robots-tag": "noindex, nofollow",
}


class Edge:
    """Wraps the application."""

    def __init__(
        self, app: ASGIApp, settings: Settings, fault: Callable[[Request, Exception], Awaitable[Response]]
    ) -> None:
        self.app = app
        self.settings = settings
        self.fault = fault
        own = urlsplit(settings.public_url).hostname or ""
        self.hosts = {own, "localhost", "127.0.0.1", "::1", *settings.hosts}
        self.https = settings.public_url.startswith("https:")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        scope.setdefault("state", {})["request_id"] = name = secrets.token_hex(8)
        status = 0

        async def dressed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self._dress(scope, MutableHeaders(scope=message), name)
            await send(message)

        limited = self._limited(receive)
        try:
            if self._host(scope) not in self.hosts:
                await PlainTextResponse(
                    "This server does not go by that name. Set public_url (or hosts) to the address people use.\n",
                    400,
                )(scope, receive, dressed)
            else:
                self._announced(scope)
                await self.app(scope, limited, dressed)
        except Exception as error:
            if not isinstance(error, Refused):
                _log_fault(name, error)
            if status:
                raise  # half of an answer is out: closing the connection is all that is left
            answer = await self.fault(Request(scope, limited), error)
            await answer(scope, receive, dressed)
        finally:
            # The pattern of the route, never the address: an address may hold the secret of a link.
            path = getattr(scope.get("route"), "path", "-")
            took = (time.perf_counter() - began) * 1000
            LOG.info("%s %s %s %d %.0f ms", name, scope["method"], path, status, took)

    def _dress(self, scope: Scope, headers: MutableHeaders, name: str) -> None:
        for key, value in _HEADERS.items():
            headers.setdefault(key, value)
        headers.setdefault("cache-control", "no-store")
        headers["x-request-id"] = name
        if self.https:
            headers.setdefault("strict-transport-security", "max-age=63072000; includeSubDomains")
        visit = scope["state"].get("new_visit")
        if visit is not None:
            secure = "; Secure" if self.settings.secure else ""
            cookie = csrf.visit_cookie(self.settings)
            headers.append("set-cookie", f"{cookie}={visit}; Path=/; HttpOnly; SameSite=Lax{secure}")

    def _announced(self, scope: Scope) -> None:
        size = Headers(scope=scope).get("content-length", "0")
        if not size.isascii() or not size.isdigit() or int(size[:20]) > self.settings.limits.body:
            raise TooLarge

    def _limited(self, receive: Receive) -> Receive:
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self.settings.limits.body:
                raise TooLarge
            return message

        return counted

    @staticmethod
    def _host(scope: Scope) -> str:
        try:
            return urlsplit("//" + Headers(scope=scope).get("host", "")).hostname or ""
        except ValueError:
            return ""


def _log_fault(name: str, error: Exception) -> None:
    """Where it happened and of what kind; never its text, which may hold what somebody wrote."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    where = " < ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in reversed(frames))
    LOG.error("%s fault %s at %s", name, type(error).__name__, where)
