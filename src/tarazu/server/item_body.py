"""A post or an account, as programs hand it in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field

from tarazu.cases.item import Item, ItemKind, Media
from tarazu.server.api_fields import Body, Name, Short, Words

Address = Annotated[str, Field(max_length=2_000)]


class MediaBody(Body):
    """A picture or video: a reference and hashes, never the file."""

    ref: Address = Field(description="how the post names it, usually its address; nothing is fetched")
    pdq: str | None = Field(None, pattern="^[0-9a-fA-F]{64}$")
    sha256: str | None = Field(None, pattern="^[0-9a-fA-F]{64}$")


class ItemBody(Body):
    """What was seen: a snapshot. Sent again with other words, it is another snapshot of the same post."""

    kind: Literal["post", "account"] = "post"
    id: Name = Field(description="the platform's id")
    platform: str = Field("", max_length=64)
    author_id: Name | None = None
    author_name: Short | None = None
    text: Words | None = None
    lang: str | None = Field(None, pattern="^[A-Za-z0-9-]{2,35}$")
    created_at: AwareDatetime | None = None
    url: Address | None = None
    media: tuple[MediaBody, ...] = Field((), max_length=50)
    context: dict[Short, Any] = Field(default_factory=dict, description="reply_to, quote_of, urls, ...")

    def item(self) -> Item:
        """As the cases want it."""
        return Item(
            kind=ItemKind(self.kind),
            external_id=self.id,
            platform=self.platform,
            author_id=self.author_id,
            author_name=self.author_name,
            text=self.text,
            lang=self.lang,
            created_at=in_time(self.created_at),
            url=self.url,
            media=tuple(
                Media(
                    ref=one.ref,
                    pdq=one.pdq.lower() if one.pdq else None,
                    sha256=one.sha256.lower() if one.sha256 else None,
                )
                for one in self.media
            ),
            context=self.context,
        )


def in_time(at: datetime | None) -> datetime | None:
    """A moment between 1970 and 9998, in UTC; another one counts as not given."""
    try:
        moved = None if at is None else at.astimezone(UTC)
    except (OverflowError, ValueError):
        return None
    return moved if moved is not None and 1970 <= moved.year < 9999 else None
