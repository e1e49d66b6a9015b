"""Statuses as Mastodon's API gives them (also GoToSocial, Pleroma, ...), one a line or in an array.

A boost is a post of the booster without text of its own. The picture key is the blurhash: attachment ids
differ for every upload, the blurhash is equal for equal files.
"""

from __future__ import annotations

import html
import re
from typing import Any

from tarazu.sources.layouts import Layout, NotAPost, Object

_BREAK = re.compile(r"<(?:br\s*/?|/p\s*)>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_LINK = re.compile(r"<a\s[^>]*>", re.IGNORECASE)
_HREF = re.compile(r"""href\s*=\s*["']([^"']+)["']""", re.IGNORECASE)
_CLASS = re.compile(r"""class\s*=\s*["'][^"']*\b(?:mention|hashtag)\b""", re.IGNORECASE)


def _dicts(value: Any) -> list[Object]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _dict(value: Any) -> Object:
    return value if isinstance(value, dict) else {}


def plain(content: str) -> str:
    """The words of a status without its HTML."""
    return html.unescape(_TAG.sub("", _BREAK.sub("\n", content))).strip()


def links(content: str) -> list[str]:
    """Addresses linked in a status, without the links of mentions and hashtags."""
    found: list[str] = []
    for tag in _LINK.findall(content):
        if not _CLASS.search(tag):
            found.extend(html.unescape(address) for address in _HREF.findall(tag))
    return found


def flatten(status: Object) -> Object:
    """One status as a row of posts."""
    account = status.get("account")
    if not isinstance(account, dict):
        raise NotAPost("not a status: it has no account")
    reblog = _dict(status.get("reblog"))
    content = status.get("content")
    content = content if isinstance(content, str) else ""
    text = status.get("text") if isinstance(status.get("text"), str) else plain(content)
    urls = links(content)
    card = _dict(status.get("card")).get("url")
    if isinstance(card, str) and card not in urls:
        urls.append(card)
    quote = _dict(_dict(status.get("quote")).get("quoted_status"))
    row: Object = {
        "post_id": status.get("id"),
        "account_id": account.get("id"),
        "created_at": status.get("created_at"),
        "lang": status.get("language"),
        "client": _dict(status.get("application")).get("name"),
    }
    if reblog:
        row["repost_of"] = reblog.get("id")
        row["repost_of_account"] = _dict(reblog.get("account")).get("id")
        return row
    row.update(
        text=text,
        reply_to=status.get("in_reply_to_id"),
        quote_of=quote.get("id") or status.get("quote_id"),
        urls=urls,
        hashtags=[tag.get("name") for tag in _dicts(status.get("tags"))],
        mentions=[one.get("id") or one.get("acct") for one in _dicts(status.get("mentions"))],
        media=[
            f"blurhash:{one['blurhash']}" if one.get("blurhash") else one.get("remote_url") or one.get("url")
            for one in _dicts(status.get("media_attachments"))
        ],
    )
    return row


def accounts(status: Object) -> list[Object]:
    """The author as a row of accounts."""
    account = status.get("account")
    if not isinstance(account, dict):
        return []
    note = account.get("note")
    return [
        {
            "account_id": account.get("id"),
            "handle": account.get("acct") or account.get("username"),
            "display_name": account.get("display_name"),
            "description": plain(note) if isinstance(note, str) else None,
            "created_at": account.get("created_at"),
            "followers": account.get("followers_count"),
            "following": account.get("following_count"),
            "kind": "group" if account.get("group") is True else "account",
        }
    ]


MASTODON = Layout(
    name="mastodon",
    known_by=(
        frozenset({"id", "created_at", "account", "content"}),
        frozenset({"id", "created_at", "account", "reblog"}),
    ),
    platform="mastodon",
    flatten=flatten,
    account_of=accounts,
)
