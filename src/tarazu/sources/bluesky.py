"""Bluesky and other AT Protocol posts: Jetstream lines of version 1 and 2, and post views of the app's API.

The time of a Jetstream event is when the stream witnessed it, not the time that the client claims: a client
can claim any. Views have only the client's time. Pictures are known by the CID of the file, equal for equal
files.
"""

from __future__ import annotations

from typing import Any

from tarazu.sources.layouts import Layout, NotAPost, Object

POST = "app.bsky.feed.post"
REPOST = "app.bsky.feed.repost"
PROFILE = "app.bsky.actor.profile"


def _dict(value: Any) -> Object:
    return value if isinstance(value, dict) else {}


def _dicts(value: Any) -> list[Object]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _author(uri: Any) -> str | None:
    """The DID in an at:// address."""
    if isinstance(uri, str) and uri.startswith("at://"):
        return uri[5:].partition("/")[0] or None
    return None


def _commit(event: Object) -> Object:
    """The commit of an event: nested in version 1, the event itself in version 2."""
    nested = event.get("commit")
    return nested if isinstance(nested, dict) else event


def _blob(blob: Any) -> str | None:
    link = _dict(_dict(blob).get("ref")).get("$link") or _dict(blob).get("cid")
    return link if isinstance(link, str) else None


def _embedded(embed: Object, row: Object) -> None:
    kind = str(embed.get("$type", "")).partition("#")[0]
    if kind == "app.bsky.embed.record":
        row["quote_of"] = _dict(embed.get("record")).get("uri")
    elif kind == "app.bsky.embed.recordWithMedia":
        row["quote_of"] = _dict(_dict(embed.get("record")).get("record")).get("uri")
        _embedded(_dict(embed.get("media")), row)
    elif kind == "app.bsky.embed.external":
        address = _dict(embed.get("external")).get("uri")
        if isinstance(address, str) and address not in row["urls"]:
            row["urls"].append(address)
    elif kind == "app.bsky.embed.images":
        row["media"].extend(cid for one in _dicts(embed.get("images")) if (cid := _blob(one.get("image"))))
    elif kind == "app.bsky.embed.video":
        cid = _blob(embed.get("video"))
        if cid:
            row["media"].append(cid)


def _record(record: Object, row: Object) -> Object:
    """Fill `row` from the record of a post."""
    row.update(text=record.get("text"), urls=[], hashtags=[], mentions=[], media=[])
    langs = record.get("langs")
    row["lang"] = langs[0] if isinstance(langs, list) and langs and isinstance(langs[0], str) else None
    row["reply_to"] = _dict(_dict(record.get("reply")).get("parent")).get("uri")
    for facet in _dicts(record.get("facets")):
        for feature in _dicts(facet.get("features")):
            kind = str(feature.get("$type", ""))
            if kind.endswith("#link"):
                row["urls"].append(feature.get("uri"))
            elif kind.endswith("#mention"):
                row["mentions"].append(feature.get("did"))
            elif kind.endswith("#tag"):
                row["hashtags"].append(feature.get("tag"))
    tags = record.get("tags")
    if isinstance(tags, list):
        row["hashtags"].extend(tag for tag in tags if isinstance(tag, str))
    _embedded(_dict(record.get("embed")), row)
    return row


def flatten(event: Object) -> Object:
    """One Jetstream event as a row of posts."""
    kind = event.get("kind") or str(event.get("$type", "")).rpartition("#")[2]
    commit = _commit(event)
    collection, operation = commit.get("collection"), commit.get("operation")
    if not collection or not operation:
        raise NotAPost(f"not a post: an event of kind {str(kind or 'unknown')[:60]!r}")
    if collection not in (POST, REPOST):
        raise NotAPost(f"not a post: {str(collection)[:80]}")
    if operation != "create":
        raise NotAPost(f"not a new post: {str(operation)[:20]}")
    record = commit.get("record")
    if not isinstance(record, dict):
        raise NotAPost("not a post: the event has no record")
    did, key = event.get("did"), commit.get("rkey")
    if not isinstance(did, str) or not isinstance(key, str):
        raise NotAPost("the event has no did or no rkey")
    row: Object = {
        "post_id": f"at://{did}/{collection}/{key}",
        "account_id": did,
        "created_at": event.get("time_us") or event.get("time") or record.get("createdAt"),
    }
    if collection == REPOST:
        row["repost_of"] = _dict(record.get("subject")).get("uri")
        row["repost_of_account"] = _author(row["repost_of"])
        return row
    return _record(record, row)


def accounts(event: Object) -> list[Object]:
    """What an event says about an account: its handle, or its profile."""
    identity = event.get("identity")
    if isinstance(identity, dict):
        return [{"account_id": event.get("did") or identity.get("did"), "handle": identity.get("handle")}]
    commit = _commit(event)
    record = commit.get("record")
    if commit.get("collection") == PROFILE and isinstance(record, dict):
        return [
            {
                "account_id": event.get("did"),
                "display_name": record.get("displayName"),
                "description": record.get("description"),
                "created_at": record.get("createdAt"),
                "avatar": _blob(record.get("avatar")),
            }
        ]
    return []


def flatten_view(view: Object) -> Object:
    """One post view (uri, author, record), as feeds and searches of the app give it, as a row of posts."""
    record = view.get("record")
    if not isinstance(record, dict):
        raise NotAPost("not a post: the view has no record")
    row: Object = {
        "post_id": view.get("uri"),
        "account_id": _author(view.get("uri")),
        "created_at": record.get("createdAt"),
    }
    return _record(record, row)


def view_accounts(view: Object) -> list[Object]:
    """The author of a post view as a row of accounts."""
    author = _dict(view.get("author"))
    return [
        {
            "account_id": author.get("did"),
            "handle": author.get("handle"),
            "display_name": author.get("displayName"),
            "created_at": author.get("createdAt"),
        }
    ]


BLUESKY = Layout(
    name="bluesky",
    known_by=(
        frozenset({"did", "time_us", "kind"}),
        frozenset({"did", "time", "collection", "operation"}),
        frozenset({"did", "time", "identity"}),
        frozenset({"did", "time", "account"}),
        frozenset({"did", "time", "sync"}),
    ),
    platform="bluesky",
    flatten=flatten,
    account_of=accounts,
)
BLUESKY_VIEWS = Layout(
    name="bluesky_views",
    known_by=(frozenset({"uri", "cid", "author", "record"}),),
    platform="bluesky",
    flatten=flatten_view,
    account_of=view_accounts,
)
