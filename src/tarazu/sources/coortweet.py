"""The input table of the R package CooRTweet: who shared which object when."""

from __future__ import annotations

from tarazu.sources.layouts import Layout

COORTWEET = Layout(
    name="coortweet",
    known_by=(frozenset({"object_id", "account_id", "content_id", "timestamp_share"}),),
    names={
        "post_id": "content_id",
        "account_id": "account_id",
        "created_at": "timestamp_share",  # epoch s
        "repost_of": "object_id",
    },
)
