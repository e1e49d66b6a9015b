"""The information-operations archives of X (Twitter): one CSV row a tweet, the author in every row."""

from __future__ import annotations

from tarazu.sources.layouts import Layout

X_ARCHIVE = Layout(
    name="x_archive",
    known_by=(frozenset({"tweetid", "userid", "tweet_time"}),),
    names={
        "post_id": "tweetid",
        "account_id": "userid",
        "created_at": "tweet_time",  # "YYYY-MM-DD HH:MM", UTC by definition
        "text": "tweet_text",
        "lang": "tweet_language",
        "repost_of": "retweet_tweetid",
        "repost_of_account": "retweet_userid",
        "reply_to": "in_reply_to_tweetid",
        "quote_of": "quoted_tweet_tweetid",
        "urls": "urls",
        "hashtags": "hashtags",
        "mentions": "user_mentions",
        "client": "tweet_client_name",
    },
    accounts={
        "account_id": "userid",
        "handle": "user_screen_name",
        "display_name": "user_display_name",
        "description": "user_profile_description",
        "created_at": "account_creation_date",
        "followers": "follower_count",
        "following": "following_count",
    },
    naive_is_utc=True,
    platform="x",
)
