"""Tokens under the header that clients of Coop know: `X-API-KEY`. The same tokens, the same scopes."""

from __future__ import annotations

from starlette.requests import Request

from tarazu.server.guard import Scope
from tarazu.server.visitor import TokenBearer

HEADER = "x-api-key"


class KeyScope(Scope):
    """A scope whose token may come as `Authorization: Bearer TOKEN` or as `X-API-KEY: TOKEN`."""

    async def __call__(self, request: Request) -> TokenBearer:
        """The bearer of the token, or a refusal."""
        given = request.headers.get(HEADER)
        if given is None or "authorization" in request.headers:
            return await super().__call__(request)
        name = b"Bearer " + given.encode("latin-1")
        headers = [*request.scope["headers"], (b"authorization", name)]
        return await super().__call__(Request({**request.scope, "headers": headers}, request.receive))


def key_scope(permission: str) -> KeyScope:
    """For a call that clients of other programs make: `Depends(key_scope("report.add"))`."""
    return KeyScope(permission)
