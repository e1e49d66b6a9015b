"""Our own styles and scripts."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from fastapi.responses import FileResponse

from tarazu.server.desk import desk
from tarazu.server.guard import unguarded
from tarazu.server.refusals import NotFound

router = APIRouter(include_in_schema=False)


@router.get("/static/{name:path}", dependencies=[Depends(unguarded)])
def static(request: Request, name: str) -> FileResponse:
    """A file, named by its content: it never changes."""
    asset = desk(request).assets.find(name)
    if asset is None:
        raise NotFound
    return FileResponse(
        asset.path, media_type=asset.kind, headers={"cache-control": "public, max-age=31536000, immutable"}
    )
