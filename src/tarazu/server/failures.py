"""Refusals, faults and addresses that do not exist, as a page in the visitor's language or as JSON for programs."""

from __future__ import annotations

import json
from http import HTTPStatus
from urllib.parse import quote

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from tarazu import words
from tarazu.errors import InputError, OptionError, StoreBusy, StoreError, TarazuError
from tarazu.server.page import language, render
from tarazu.server.refusals import (
    Conflict,
    Forbidden,
    NotFound,
    Refused,
    SignIn,
    TokenNeeded,
    TooLarge,
    TooOften,
    Unusable,
)

PROGRAMS = ("/api/", "/h/", "/m/", "/c/")  # addresses that programs ask


class _Fault(Refused):
    status = 500
    code = "fault"


class _Busy(Refused):
    status = 503
    code = "busy"


class _Method(Refused):
    status = 405
    code = "method"


_BY_STATUS: dict[int, type[Refused]] = {
    404: NotFound,
    405: _Method,
    409: Conflict,
    413: TooLarge,
    422: Unusable,
}


def install(app: FastAPI) -> None:
    """Let nothing be answered but by `answer`."""

    @app.exception_handler(Refused)
    async def _refused(request: Request, error: Refused) -> Response:
        return answer(request, error)

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> Response:
        if error.status_code == 403:
            return answer(request, Forbidden())
        return answer(request, _BY_STATUS.get(error.status_code, Refused)())

    @app.exception_handler(RequestValidationError)
    async def _invalid(request: Request, error: RequestValidationError) -> Response:
        faults = [
            {"at": ".".join(str(part) for part in one["loc"]), "problem": one["msg"]}
            for one in error.errors()
        ]  # not the value: it may be what somebody wrote
        return answer(request, Unusable(), faults=faults)

    @app.exception_handler(TarazuError)
    async def _ours(request: Request, error: TarazuError) -> Response:
        # What the store says is about this machine; the other errors are about what was asked.
        return answer(request, _of(error), said="" if isinstance(error, StoreError) else str(error))


async def fault(request: Request, error: Exception) -> Response:
    """What the edge answers when something went wrong that nobody foresaw."""
    try:
        return answer(request, error if isinstance(error, Refused) else _Fault())
    except Exception:  # even the page that says so cannot be made
        name = getattr(request.state, "request_id", "")
        return PlainTextResponse(f"{words.say('en', 'common.error_fault')} ({name})\n", 500)


def _of(error: TarazuError) -> Refused:
    if isinstance(error, StoreBusy):
        return _Busy()
    if isinstance(error, StoreError):
        return _Fault()
    name = type(error).__name__
    if name.endswith("NotFound"):
        return NotFound()
    if isinstance(error, InputError | OptionError) or name in ("ReportRefused", "AppealRefused"):
        return Unusable()
    return Conflict()


def answer(
    request: Request, error: Refused, *, said: str = "", faults: list[dict[str, str]] | None = None
) -> Response:
    """One refusal, for who asked."""
    headers = {}
    if isinstance(error, TooOften):
        headers["retry-after"] = str(error.seconds)
    if isinstance(error, TokenNeeded):
        headers["www-authenticate"] = "Bearer"
    name = getattr(request.state, "request_id", "")
    if for_program(request):
        body: dict[str, object] = {
            "type": "about:blank",  # RFC 9457: nothing more than the status and the code say
            "title": HTTPStatus(error.status).phrase,
            "status": error.status,
            "detail": said or words.say("en", error.key, **error.values),
            "code": error.code,
            "request": name,
        }
        if isinstance(error, Forbidden) and error.permission:
            body["scope"] = error.permission  # what the token lacks
        if faults:
            body["faults"] = faults
        # Names of fields are echoed: as ASCII, so that half a character in one cannot break the answer.
        return Response(json.dumps(body), error.status, headers, "application/problem+json")
    if isinstance(error, SignIn):
        return _to_login(request)
    made = render(
        request, "error.html", error.status, code=error.code, key=error.key, values=error.values, said=said,
        request_id=name,
    )  # fmt: skip
    made.headers.update(headers)
    return made


def for_program(request: Request) -> bool:
    """Whether who asks wants JSON."""
    return request.url.path.startswith(PROGRAMS)


def _to_login(request: Request) -> Response:
    then = request.url.path if request.method == "GET" else "/"
    if request.url.query and request.method == "GET":
        then += f"?{request.url.query}"
    where = "/login" if then == "/" else f"/login?then={quote(then, safe='')}"
    if request.headers.get("hx-request") == "true":  # a part of a page cannot become the login page
        return Response(
            status_code=401, headers={"hx-redirect": where, "content-language": language(request)}
        )
    return RedirectResponse(where, 303)
