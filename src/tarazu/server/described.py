"""The description of the API: OpenAPI 3.1 as the framework makes it, with tokens, scopes, keys and refusals."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute

from tarazu.server.guard import Scope, guard_of
from tarazu.server.idempotency import once
from tarazu.server.program_key import KeyScope

_PROBLEM = {
    "type": "object",
    "description": "RFC 9457. `detail` says what to do next, `faults` what is wrong with which field.",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "request": {"type": "string"},
        "scope": {"type": "string", "description": "what the token lacks"},
        "faults": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"at": {"type": "string"}, "problem": {"type": "string"}},
            },
        },
    },
}
_REFUSED = {
    "description": "Refused, with what to do next.",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same key and body within 24 hours are done once and get the same answer.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200},
}


def describe(app: FastAPI) -> dict[str, Any]:
    """What the API can do."""
    told: dict[str, Any] = deepcopy(app.openapi())
    parts = told.setdefault("components", {})
    parts.setdefault("schemas", {})["Problem"] = _PROBLEM
    parts["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "description": "A token made under /tokens."},
        "key": {"type": "apiKey", "in": "header", "name": "X-API-KEY", "description": "The same token."},
    }
    for route in app.routes:
        if not isinstance(route, APIRoute) or not route.include_in_schema:
            continue
        for method in route.methods or ():
            _complete(told["paths"][route.path_format][method.lower()], route)
    return told


def _complete(operation: dict[str, Any], route: APIRoute) -> None:
    guard = guard_of(route)
    answers = operation["responses"]
    answers["default"] = _REFUSED
    answers.pop("422", None)  # the framework describes another body than ours
    if isinstance(guard, Scope):
        operation["security"] = [{"token": []}, *([{"key": []}] if isinstance(guard, KeyScope) else [])]
        said = operation.get("description", "")
        operation["description"] = f"{said}\n\nScope of the token: `{guard.permission}`.".strip()
    if any(one.call is once for one in route.dependant.dependencies):
        operation.setdefault("parameters", []).append(_KEY)
