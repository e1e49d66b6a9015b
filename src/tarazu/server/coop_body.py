"""The bodies that clients of ROOST's Coop send, and what they mean here.

Coop's items have a type, which the operator defines there, and any fields. Read are the fields whose names say what
they are; all of `data` is kept as context besides, so nothing is lost.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from tarazu.cases.item import Item, ItemKind, Media
from tarazu.cases.report import Report, ReportKind
from tarazu.server.api_fields import Name, Short
from tarazu.server.item_body import in_time

_TEXT = ("text", "content", "body", "message", "caption", "description", "bio")
_AUTHOR = ("author_id", "authorId", "owner_id", "ownerId", "user_id", "userId", "creator", "author", "owner")
_NAME = ("author_name", "authorName", "username", "display_name", "displayName", "name")
_AT = ("created_at", "createdAt", "datetime", "timestamp")
_MEDIA = ("images", "image", "videos", "video", "media")
_ACCOUNT = ("user", "account", "profile")
_MOMENT: TypeAdapter[datetime] = TypeAdapter(datetime)


class _Open(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, allow_inf_nan=False)


class TypeOf(_Open):
    """The newer way to name a type."""

    id: Short


class CoopItem(_Open):
    """An item of Coop."""

    id: Name
    typeId: Short | None = None  # noqa: N815  Coop's spelling
    type: TypeOf | None = None
    data: dict[str, Any]

    @model_validator(mode="after")
    def _typed(self) -> CoopItem:
        if self.typeId is None and self.type is None:
            raise ValueError("give typeId, or type with an id")
        return self

    def item(self) -> Item:
        """As the cases want it."""
        named = self.typeId or (self.type.id if self.type else "")
        account = any(one in named.lower() for one in _ACCOUNT)
        return Item(
            kind=ItemKind.ACCOUNT if account else ItemKind.POST,
            external_id=self.id,
            author_id=None if account else _first(self.data, _AUTHOR),
            author_name=_first(self.data, _NAME),
            text=_first(self.data, _TEXT),
            lang=_lang(self.data),
            created_at=_moment(_first(self.data, _AT)),
            url=_first(self.data, ("url", "permalink")),
            media=tuple(Media(ref=one) for one in dict.fromkeys(_addresses(self.data)))[:50],
            context={"coop_type": named, "coop": self.data},
        )


class CoopItems(_Open):
    """The body of `POST /api/v1/items/async/`."""

    items: tuple[CoopItem, ...] = Field(min_length=1, max_length=500)


class Reporter(_Open):
    """Who reports."""

    kind: Literal["user"]
    id: Name
    typeId: Short  # noqa: N815


class Reason(_Open):
    """Why."""

    policyId: Short | None = None  # noqa: N815
    reason: str | None = Field(None, max_length=20_000)
    csam: bool | None = None


class CoopReport(_Open):
    """The body of `POST /api/v1/report`. The thread and further items are kept as items, not judged."""

    reporter: Reporter
    reportedAt: str = Field(max_length=100)  # noqa: N815
    reportedForReason: Reason | None = None  # noqa: N815
    reportedItem: CoopItem  # noqa: N815
    reportedItemThread: tuple[CoopItem, ...] = Field((), max_length=200)  # noqa: N815
    additionalItems: tuple[CoopItem, ...] = Field((), max_length=200)  # noqa: N815

    def report(self) -> Report:
        """As the cases want it. Its time is when it reached us."""
        why = self.reportedForReason or Reason(reason=None)
        return Report(
            item=self.reportedItem.item(),
            kind=ReportKind.USER,
            reason=(why.reason or "").strip() or why.policyId or "-",
            reporter=self.reporter.id,
            clause_id=why.policyId,
        )

    def beside(self) -> list[Item]:
        """What was sent for context."""
        return [one.item() for one in (*self.reportedItemThread, *self.additionalItems)]


def _first(data: Mapping[str, Any], names: tuple[str, ...]) -> str | None:
    for name in names:
        found = data.get(name)
        if isinstance(found, dict):  # a related item
            found = found.get("id")
        if isinstance(found, str) and found.strip():
            return found[:20_000]
    return None


def _lang(data: Mapping[str, Any]) -> str | None:
    found = _first(data, ("lang", "language"))
    return found if found is not None and len(found) <= 35 else None


def _moment(text: str | None) -> datetime | None:
    try:
        at = None if text is None else _MOMENT.validate_python(text)
    except ValidationError:
        return None
    return in_time(at) if at is not None and at.tzinfo is not None else None


def _addresses(data: Mapping[str, Any]) -> Iterator[str]:
    for name in _MEDIA:
        found = data.get(name)
        for one in found if isinstance(found, list) else [found]:
            address = one.get("url") if isinstance(one, dict) else one
            if isinstance(address, str) and address:
                yield address[:2_000]
