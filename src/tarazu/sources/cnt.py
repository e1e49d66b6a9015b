"""The input table of coordination-network-toolkit: message_id, user_id, ..., timestamp (epoch s), urls."""

from __future__ import annotations

from tarazu.sources.layouts import Layout

CNT = Layout(
    name="cnt",
    known_by=(frozenset({"message_id", "user_id", "timestamp"}),),
    names={
        "post_id": "message_id",
        "account_id": "user_id",
        "created_at": "timestamp",
        "text": "message",
        "repost_of": "repost_id",
        "reply_to": "reply_id",
        "urls": "urls",
    },
    accounts={"account_id": "user_id", "handle": "username"},
)
