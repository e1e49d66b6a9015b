"""Policies and entity lists, by programs: a program may add a version and ask for it; only a person agrees."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import Field

from tarazu.cases.policy_standing import Standing
from tarazu.cases.policy_version import Kind, Version, VersionNotFound, read
from tarazu.server.api_fields import Body
from tarazu.server.guard import scope
from tarazu.server.idempotency import Once, once
from tarazu.server.refusals import NotFound
from tarazu.server.version_routes import held, versions_of
from tarazu.server.visitor import TokenBearer

router = APIRouter(tags=["policies"])
Viewer = Annotated[TokenBearer, Depends(scope("policy.view"))]
Editor = Annotated[TokenBearer, Depends(scope("policy.edit"))]
Key = Annotated[Once, Depends(once)]


class VersionBody(Body):
    """A version, as it was written."""

    text: str = Field(min_length=1, max_length=9_000_000, description="the file, YAML or JSON")
    format: Literal["yaml", "json"] = "yaml"
    note: str = Field("", max_length=2_000, description="what is new in it")


class AskBody(Body):
    """Why it should be in force."""

    note: str = Field(min_length=1, max_length=2_000)


@router.get("/api/v1/policies")
def policy_versions(request: Request, bearer: Viewer) -> dict[str, Any]:
    """Every version of the policy, the latest first, which is in force, and which waits."""
    return _all(request, Kind.POLICY)


@router.get("/api/v1/policies/{digest}")
def policy_version(request: Request, bearer: Viewer, digest: str) -> dict[str, Any]:
    """One version of the policy, with its text."""
    found = _find(request, Kind.POLICY, digest)
    return _told(found) | {"text": versions_of(request).text(found.id)}


@router.post("/api/v1/policies", status_code=201)
def policy_add(request: Request, bearer: Editor, body: VersionBody, key: Key) -> Response:
    """Keep a version of the policy. Nothing changes yet. Faults are answered with line and column."""
    return key.answer_json(lambda: _add(request, bearer, Kind.POLICY, body), 201)


@router.post("/api/v1/policies/{digest}/in-force", status_code=202)
def policy_ask(request: Request, bearer: Editor, digest: str, body: AskBody, key: Key) -> Response:
    """Ask for a version of the policy to be put in force. It waits for a person."""
    return key.answer_json(lambda: _ask(request, bearer, Kind.POLICY, digest, body), 202)


@router.get("/api/v1/entities")
def entities_versions(request: Request, bearer: Viewer) -> dict[str, Any]:
    """Every version of the entity list, the latest first, which is in force, and which waits."""
    return _all(request, Kind.ENTITIES)


@router.get("/api/v1/entities/{digest}")
def entities_version(request: Request, bearer: Viewer, digest: str) -> dict[str, Any]:
    """One version of the entity list, with its text."""
    found = _find(request, Kind.ENTITIES, digest)
    return _told(found) | {"text": versions_of(request).text(found.id)}


@router.post("/api/v1/entities", status_code=201)
def entities_add(request: Request, bearer: Editor, body: VersionBody, key: Key) -> Response:
    """Keep a version of the entity list. Nothing changes yet. Faults are answered with line and column."""
    return key.answer_json(lambda: _add(request, bearer, Kind.ENTITIES, body), 201)


@router.post("/api/v1/entities/{digest}/in-force", status_code=202)
def entities_ask(request: Request, bearer: Editor, digest: str, body: AskBody, key: Key) -> Response:
    """Ask for a version of the entity list to be put in force. It waits for a person."""
    return key.answer_json(lambda: _ask(request, bearer, Kind.ENTITIES, digest, body), 202)


def _all(request: Request, kind: Kind) -> dict[str, Any]:
    court = versions_of(request)
    current, waiting = court.current(kind), court.waiting(kind)
    return {
        "in_force": _since(current),
        "waiting": court.get(waiting.version_id).digest if waiting else None,
        "versions": [_told(one) for one in court.all(kind)],
    }


def _add(request: Request, bearer: TokenBearer, kind: Kind, body: VersionBody) -> dict[str, Any]:
    written = read(kind, body.text, f"text.{body.format}")
    made = versions_of(request).add(bearer.actor, written, body.note)
    held(request).remember(made, written)
    return _told(made)


def _ask(request: Request, bearer: TokenBearer, kind: Kind, digest: str, body: AskBody) -> dict[str, Any]:
    found = _find(request, kind, digest)
    put = versions_of(request).put_in_force(found.id, bearer.actor, body.note)
    return {"digest": found.digest, "state": put.state}


def _find(request: Request, kind: Kind, digest: str) -> Version:
    try:
        return versions_of(request).by_digest(kind, digest)
    except VersionNotFound:
        raise NotFound from None


def _since(current: Standing | None) -> dict[str, str] | None:
    return None if current is None else {"digest": current.digest, "since": _at(current.since)}


def _told(one: Version) -> dict[str, Any]:
    return {
        "digest": one.digest,
        "name": one.name,
        "version": one.version,
        "format": one.format,
        "size": one.size,
        "added_at": _at(one.at),
        "note": one.note,
    }


def _at(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
