"""`/c/...` as HMA has it: banks and what is in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from tarazu.server import looking_up
from tarazu.server.banks import banks, entry_of, number
from tarazu.server.idempotency import Once, once
from tarazu.server.program_key import key_scope
from tarazu.server.visitor import TokenBearer

if TYPE_CHECKING:
    from tarazu.media.bank.bank import Bank
    from tarazu.media.bank.entry import Entry

router = APIRouter(tags=["hma"])
Matcher = Annotated[TokenBearer, Depends(key_scope("bank.match"))]
Editor = Annotated[TokenBearer, Depends(key_scope("bank.edit"))]
Key = Annotated[Once, Depends(once)]
Name = Annotated[str, Path(max_length=200)]
Content = Annotated[str, Path(max_length=200, description="its number as lookups give it, or our own id")]
TOLD = "over the API"  # the reason in the bank's change log


class BankBody(BaseModel):
    """A new bank. HMA's `enabled` and `enabled_ratio` are read and change nothing."""

    model_config = ConfigDict(extra="ignore")

    name: str = Field(pattern="^[A-Z0-9_]{1,100}$")


class ContentBody(BaseModel):
    """1 lets an entry decide, 0 removes it."""

    model_config = ConfigDict(extra="ignore")

    disable_until_ts: Literal[0, 1]


@router.get("/c/banks")
def every(request: Request, bearer: Matcher) -> list[dict[str, object]]:
    """All banks. One of pictures that are known and fine has the ratio 0: its matches blame nobody."""
    return [_bank(one) for one in banks(request).all()]


@router.post("/c/banks", status_code=201)
def create(request: Request, bearer: Editor, key: Key, body: BankBody) -> Response:
    """Make an empty bank; its name is of capital letters, digits and `_`."""
    return key.answer_json(
        lambda: _bank(banks(request).create(body.name, owner=bearer.name, reason=TOLD)), 201
    )


@router.get("/c/bank/{name}")
def bank(request: Request, bearer: Matcher, name: Name) -> dict[str, object]:
    """One bank."""
    return _bank(banks(request).bank(name))


@router.post("/c/bank/{name}/content")
async def add_content(
    request: Request,
    bearer: Editor,
    key: Key,
    name: Name,
    url: Annotated[str | None, Query(max_length=2_000)] = None,
) -> Response:
    """Add a picture or video: an uploaded part named `photo` or `video`, or a public address.

    Only its hashes are kept. It is in quarantine until somebody confirms it: it informs and does not decide.
    """
    data = b"" if url else await looking_up.uploaded(request)

    def work() -> Response:
        from tarazu.media.bank.entry import Entry

        into = banks(request).bank(name)
        found = looking_up.fetched(request, url) if url else banks(request).hash(data)
        return _add(into, Entry.of(found, label=""), bearer)

    return await key.answer(work)


@router.post("/c/bank/{name}/signal")
def add_signals(request: Request, bearer: Editor, key: Key, name: Name, body: dict[str, str]) -> Response:
    """Add hashes, as `/h/hash` gives them; they wait in quarantine like all that is new."""
    return key.answer_now(lambda: _add(banks(request).bank(name), looking_up.entry(body), bearer))


@router.get("/c/bank/{name}/content/{content}")
def content(
    request: Request, bearer: Matcher, name: Name, content: Content, include_signals: bool = False
) -> dict[str, object]:
    """One entry: `disable_until_ts` is 1 where it decides, else 0."""
    of = banks(request).bank(name)
    return _entry(of, entry_of(of, content), include_signals)


@router.put("/c/bank/{name}/content/{content}")
def confirm(
    request: Request, bearer: Editor, key: Key, name: Name, content: Content, body: ContentBody
) -> Response:
    """Confirm an entry, so that it decides, or remove it."""

    def work() -> object:
        of = banks(request).bank(name)
        found = entry_of(of, content)
        if body.disable_until_ts:
            of.confirm(found.id, by=bearer.name, reason=TOLD)
        else:
            of.remove(found.id, by=bearer.name, reason=TOLD)
        return _entry(of, of.entry(found.id), False)

    return key.answer_json(work)


@router.delete("/c/bank/{name}/content/{content}")
def remove(request: Request, bearer: Editor, key: Key, name: Name, content: Content) -> Response:
    """Let an entry match no more. It is kept in the bank's log, with who removed it."""

    def work() -> object:
        of = banks(request).bank(name)
        of.remove(entry_of(of, content).id, by=bearer.name, reason=TOLD)
        return {"deleted": 1}

    return key.answer_json(work)


@router.get("/c/signal_type")
def signal_types(request: Request, bearer: Matcher) -> list[dict[str, object]]:
    """The kinds of hashes that banks know."""
    return [{"name": one, "enabled_ratio": 1.0} for one in ("pdq", "vpdq", "video_md5", "video_sha256")]


def _add(into: Bank, entry: Entry, bearer: TokenBearer) -> Response:
    from tarazu.media.bank.exchange.signals import signals_of

    made = into.add(entry, by=bearer.name, reason=TOLD)
    return JSONResponse({"id": number(into.about.name, made), "signals": signals_of(entry)})


def _bank(of: Bank) -> dict[str, object]:
    return {"name": of.about.name, "matching_enabled_ratio": 0.0 if of.about.negative else 1.0}


def _entry(of: Bank, entry: Entry, signals: bool) -> dict[str, object]:
    from tarazu.media.bank.exchange.signals import signals_of

    told: dict[str, Any] = {
        "id": number(of.about.name, entry.id),
        "disable_until_ts": int(entry.state is not None and entry.state.decides),
        "collab_metadata": {},
        "original_media_uri": None,
        "bank": _bank(of),
        "metadata": {"content_id": entry.id, "json": {"state": entry.state, "label": entry.label}},
    }
    return told | ({"signals": signals_of(entry)} if signals else {})
