"""`/m/lookup` and `/m/raw_lookup` as HMA has them: which banks know a picture."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse, Response

from tarazu.server import looking_up
from tarazu.server.banks import banks
from tarazu.server.idempotency import Once, once
from tarazu.server.program_key import key_scope
from tarazu.server.refusals import Unusable
from tarazu.server.visitor import TokenBearer

router = APIRouter(tags=["hma"])
Matcher = Annotated[TokenBearer, Depends(key_scope("bank.match"))]
Signal = Annotated[str | None, Query(max_length=100_000)]
Type = Annotated[str | None, Query(max_length=40, description="pdq, vpdq, video_md5, video_sha256")]


@router.get("/m/lookup")
def of_signal(
    request: Request,
    bearer: Matcher,
    signal: Signal = None,
    signal_type: Type = None,
    url: Annotated[str | None, Query(max_length=2_000)] = None,
) -> dict[str, object]:
    """The banks that know a hash, with the entries: `{BANK: [{bank_content_id, distance}]}`.

    With `url` instead, that of each hash of what the address leads to: `{SIGNAL_TYPE: {BANK: [...]}}`.
    Only entries that may decide are given: not those in quarantine, and none where the picture is known and fine.
    """
    if url:
        found = looking_up.signals(looking_up.fetched(request, url))
        return {
            name: looking_up.by_bank(request, looking_up.entry({name: one})) for name, one in found.items()
        }
    if not signal or not signal_type:
        raise Unusable
    return dict(looking_up.by_bank(request, looking_up.entry({signal_type: signal})))


@router.post("/m/lookup")
async def of_upload(request: Request, bearer: Matcher, key: Annotated[Once, Depends(once)]) -> Response:
    """The same for one uploaded file: a form with one part named `photo` or `video`."""
    data = await looking_up.uploaded(request)

    def work() -> Response:
        found = looking_up.signals(banks(request).hash(data))
        return JSONResponse(
            {name: looking_up.by_bank(request, looking_up.entry({name: one})) for name, one in found.items()}
        )

    return await key.answer(work)


@router.get("/m/raw_lookup")
def everything(
    request: Request,
    bearer: Matcher,
    signal: Annotated[str, Query(max_length=100_000)],
    signal_type: Annotated[str, Query(max_length=40)],
    include_distance: bool = False,
) -> dict[str, object]:
    """All entries that match a hash, those in quarantine too: their numbers, or those with distances."""
    found = looking_up.raw(request, looking_up.entry({signal_type: signal}))
    if include_distance:
        # Older clients of HMA read `content_id`.
        return {"matches": [one | {"content_id": one["bank_content_id"]} for one in found]}
    return {"matches": [one["bank_content_id"] for one in found]}
