"""Looking up in banks, in the shapes of HMA (hasher-matcher-actioner)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from starlette.requests import Request

from tarazu.errors import InputError, NotReadable
from tarazu.server.banks import banks, number
from tarazu.server.refusals import Unusable

if TYPE_CHECKING:
    from starlette.datastructures import UploadFile

    from tarazu.media.bank.bank import Bank
    from tarazu.media.bank.entry import Entry
    from tarazu.sightings import MediaHash, MediaMatch

CONTENT = ("photo", "video")
FETCHED = 20_000_000  # bytes of what an address leads to


def entry(signals: dict[str, str]) -> Entry:
    """What signals say, as an entry of a bank; raises InputError."""
    from tarazu.media.bank.entry import Entry as Made
    from tarazu.media.bank.exchange.signals import of_signals

    try:
        told = Made(**of_signals(signals))  # type: ignore[arg-type]
    except ValueError as error:
        raise InputError(str(error)) from None
    told.check()
    return told


def signals(found: MediaHash, types: str | None = None) -> dict[str, str]:
    """The signals of a hashed file, all or those asked for; one of low quality has only those of its bytes."""
    from tarazu.media.bank.entry import Entry as Made
    from tarazu.media.bank.exchange.signals import signals_of

    made = signals_of(Made.of(found))
    wanted = [one.strip() for one in (types or "").split(",") if one.strip()]
    unknown = [one for one in wanted if one not in ("pdq", "vpdq", "video_md5", "video_sha256")]
    if unknown:
        raise InputError(f"There is no signal type {unknown[0][:80]!r}: pdq, vpdq, video_md5, video_sha256.")
    return {name: value for name, value in made.items() if not wanted or name in wanted}


def matches(request: Request, asked: Entry) -> list[tuple[Bank, list[MediaMatch]]]:
    """What each bank that blames knows of it."""
    import numpy as np

    from tarazu.media import pdq

    words = np.stack([pdq.one(one.pdq) for one in asked.frames]) if asked.frames else None
    quality = [one.quality for one in asked.frames]
    found = []
    for bank in banks(request).all():
        try:
            hits = bank.match_frames(words, quality or 100, sha256=asked.sha256, md5=asked.md5)
        except NotReadable as error:
            banks(request).damaged(bank, error)
            continue
        found.append((bank, hits))
    return found


def by_bank(request: Request, asked: Entry) -> dict[str, list[dict[str, object]]]:
    """What decides, by bank: nothing where a bank says that it is known and fine."""
    found = matches(request, asked)
    if any(hit.negative and hit.decides for _, hits in found for hit in hits):
        return {}
    told = {}
    for bank, hits in found:
        name = bank.about.name
        shown = [_told(name, hit) for hit in hits if hit.decides and not hit.negative]
        if shown:
            told[name] = shown
    return told


def raw(request: Request, asked: Entry) -> list[dict[str, object]]:
    """All that matches, whatever its state; without what is known and fine."""
    found = matches(request, asked)
    return [_told(bank.about.name, hit) for bank, hits in found for hit in hits if not hit.negative]


def fetched(request: Request, url: str) -> MediaHash:
    """Hash what a public address leads to."""
    from tarazu.safe.fetch import FetchLimits, fetch

    return banks(request).hash(fetch(url, limits=FetchLimits(bytes=FETCHED)).data)


async def uploaded(request: Request) -> bytes:
    """The one file of a form, under the name `photo` or `video` as with HMA."""
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise Unusable
    async with request.form(max_files=2, max_fields=20) as form:
        given: Sequence[tuple[str, object]] = form.multi_items()
        files = [(name, one) for name, one in given if not isinstance(one, str)]
        if len(files) != 1 or files[0][0] not in CONTENT:
            raise Unusable
        file: UploadFile = files[0][1]  # type: ignore[assignment]
        return await file.read()


def _told(bank: str, hit: MediaMatch) -> dict[str, object]:
    return {"bank_content_id": number(bank, hit.entry), "distance": str(hit.distance)}
