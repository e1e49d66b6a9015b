"""Entities: who is designated, by which names, by whom and where; and every version of the list."""

from __future__ import annotations

from dataclasses import fields
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import Response

from tarazu.cases.policy_version import Kind
from tarazu.policy.designations import EntityList
from tarazu.policy.designations.comparing import compare
from tarazu.server.entity_search import EntitySearch
from tarazu.server.guard import permit
from tarazu.server.page import render
from tarazu.server.refusals import NotFound
from tarazu.server.version_routes import held, past, routes
from tarazu.server.visitor import Person

Viewer = Annotated[Person, Depends(permit("policy.view"))]
PAGE = 50  # entities on a page
SHOWN = 100  # entities of one part of a difference


def differences(old: EntityList, new: EntityList) -> dict[str, Any]:
    """What differs between two lists, entity by entity."""
    found = compare(old, new)
    parts = {one.name: getattr(found, one.name) for one in fields(found)}
    return {"parts": {name: (len(part), part[:SHOWN]) for name, part in parts.items() if part}}


def listing(
    request: Request, status: int = 200, *, fault: str = "", said: str = "", written: str = ""
) -> Response:
    """The page, with what was looked for."""
    words = request.query_params.get("q", "")[:200]
    asked = request.query_params.get("page", "1")
    known = _search(request)
    found = known.find(words) if known is not None else []
    last = max(1, -(-len(found) // PAGE))
    page = min(int(asked), last) if asked.isascii() and asked.isdigit() and 0 < len(asked) < 7 else 1
    page = max(1, page)
    return render(
        request,
        "entities.html",
        status,
        words=words,
        found=found[(page - 1) * PAGE : page * PAGE],
        many=len(found),
        page=page,
        last=last,
        listed=known.listed if known is not None else None,
        fault=fault,
        said=said,
        written=written,
        **past(request, Kind.ENTITIES),
    )


router = routes(Kind.ENTITIES, listing, differences)


@router.get("/entities")
def entities(request: Request, person: Viewer) -> Response:
    """The list in force, searched."""
    return listing(request)


@router.get("/entities/one")
def entity(request: Request, person: Viewer, id: str = "") -> Response:
    """One entity of the list in force; its id is the list's own, so it stands behind the question mark."""
    listed = held(request).entities()
    found = listed.by_id.get(id) if listed is not None else None
    if found is None:
        raise NotFound
    return render(request, "entities_one.html", entity=found)


def _search(request: Request) -> EntitySearch | None:
    listed = held(request).entities()
    if listed is None:
        return None
    known: EntitySearch | None = getattr(request.app.state, "entity_search", None)
    if known is None or known.listed is not listed:
        known = request.app.state.entity_search = EntitySearch(listed)
    return known
