"""An item: a post, an account or a network as it was when somebody looked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from tarazu.cases import clean
from tarazu.ledger import canonical
from tarazu.store.times import ms


class ItemKind(StrEnum):
    """What sort of thing is looked at."""

    POST = "post"
    ACCOUNT = "account"
    NETWORK = "network"
    MEDIA = "media"


@dataclass(frozen=True, kw_only=True)
class Media:
    """A picture or video of an item. Only hashes and a reference; never the picture itself."""

    ref: str  # as the post names it
    pdq: str | None = None  # 64 hex digits, where it is good enough to be compared
    sha256: str | None = None

    @property
    def line(self) -> dict[str, str | None]:
        """The fields as JSON."""
        return {"ref": self.ref, "pdq": self.pdq, "sha256": self.sha256}

    @property
    def identity(self) -> str:
        """What is equal for the same picture under two names."""
        return self.pdq or self.sha256 or self.ref


@dataclass(frozen=True, kw_only=True)
class Item:
    """A snapshot, frozen: a post that is edited later is another item with the same `external_id`."""

    kind: ItemKind
    external_id: str  # the platform's id
    platform: str = ""  # "" where nobody said
    author_id: str | None = None
    author_name: str | None = None
    text: str | None = None
    lang: str | None = None
    created_at: datetime | None = None
    url: str | None = None
    media: tuple[Media, ...] = ()
    context: Mapping[str, object] = field(default_factory=dict)  # reply_to, quote_of, urls, hashtags, ...
    id: str = ""  # "" until it is kept
    seen_at: datetime | None = None

    @cached_property
    def digest(self) -> str:
        """What was seen, as one number: equal for equal snapshots."""
        at = None if self.created_at is None else ms(self.created_at)
        media = [clean.value(one.line) for one in self.media]
        # Where and by whom it was read is no part of what was seen: lang, url and context may differ.
        return canonical.digest(
            [
                clean.text_or_none(self.author_id),
                clean.text_or_none(self.author_name if self.kind == ItemKind.ACCOUNT else None),
                clean.text_or_none(self.text),
                at,
                media,
            ]
        )

    @property
    def links(self) -> tuple[str, ...]:
        """The addresses it points to, as written."""
        found = self.context.get("urls", ())
        return tuple(str(one) for one in found) if isinstance(found, list | tuple) else ()
