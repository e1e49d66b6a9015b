"""`/h/hash` as HMA has it: files to hashes, opened in the sandbox."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse, Response

from tarazu.server import looking_up
from tarazu.server.banks import banks
from tarazu.server.idempotency import Once, once
from tarazu.server.program_key import key_scope
from tarazu.server.visitor import TokenBearer

router = APIRouter(tags=["hma"])
Matcher = Annotated[TokenBearer, Depends(key_scope("bank.match"))]
Types = Annotated[str | None, Query(max_length=200, description="pdq, vpdq, video_md5, video_sha256")]


@router.get("/h/hash")
def of_address(
    request: Request,
    bearer: Matcher,
    url: Annotated[str, Query(max_length=2_000, description="a public http or https address")],
    types: Types = None,
    content_type: Literal["photo", "video"] | None = None,
) -> dict[str, str]:
    """Hash what an address leads to. What it is, is seen in its bytes; `content_type` changes nothing."""
    return looking_up.signals(looking_up.fetched(request, url), types)


@router.post("/h/hash")
async def of_upload(
    request: Request, bearer: Matcher, key: Annotated[Once, Depends(once)], types: Types = None
) -> Response:
    """Hash one uploaded file: a form with one part named `photo` or `video`."""
    data = await looking_up.uploaded(request)
    return await key.answer(lambda: JSONResponse(looking_up.signals(banks(request).hash(data), types)))
