"""What a post answers or quotes: from what the platform sent along, and from posts that are known here."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from tarazu.cases.item import Item, ItemKind
from tarazu.store.tables.cases import case_items, items
from tarazu.store.view import View

FAR = 5  # posts back
LONG = 2_000  # characters of one
TIES = ("reply_to", "quote_of", "repost_of")


@dataclass(frozen=True, kw_only=True)
class Before:
    """A post before the one at hand."""

    how: str  # reply_to | quote_of | repost_of: what the post after it does with it
    id: str
    author: str | None
    text: str
    case_id: str | None = None  # the latest that it is in


def before(view: View, item: Item) -> tuple[Before, ...]:
    """The posts that lead to this one, the first first.

    `context` of an item may bring them along, `"thread": [{"id", "author", "text"}, ...]`, the first first; what is
    known here follows `reply_to`, `quote_of` and `repost_of`.
    """
    if item.kind != ItemKind.POST:
        return ()
    sent = _sent(item.context)
    if sent:
        return sent
    found: list[Before] = []
    context: Mapping[str, Any] = item.context
    met = {item.external_id}
    while len(found) < FAR:
        tie = next(
            (one for one in TIES if isinstance(context.get(one), str) and context[one] not in met), None
        )
        if tie is None:
            break
        met.add(context[tie])
        asked = select(items).where(
            items.c.external_id == context[tie], items.c.kind == "post", items.c.platform == item.platform
        )
        row = view.one(asked.order_by(items.c.id.desc()).limit(1))
        if row is None:
            break
        within = view.value(select(func.max(case_items.c.case_id)).where(case_items.c.item_id == row.id))
        found.append(
            Before(
                how=tie,
                id=row.external_id,
                author=row.author_name or row.author_id,
                text=(row.text or "")[:LONG],
                case_id=within,
            )
        )
        context = json.loads(row.context)
    return tuple(reversed(found))


def _sent(context: Mapping[str, Any]) -> tuple[Before, ...]:
    listed = context.get("thread")
    if not isinstance(listed, Sequence) or isinstance(listed, str):
        return ()
    posts = [one for one in listed if isinstance(one, Mapping) and isinstance(one.get("text"), str)]
    return tuple(
        Before(
            how="reply_to",
            id=str(one.get("id") or ""),
            author=str(one["author"]) if one.get("author") else None,
            text=one["text"][:LONG],
        )
        for one in posts[-FAR:]
    )
