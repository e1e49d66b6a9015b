from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tarazu.errors import UnknownLayout
from tarazu.records import ACCOUNTS, POSTS
from tarazu.sources import Reading, read, read_actions


def _lines(path: Path, objects: list[dict[str, Any]]) -> Path:
    path.write_text("\n".join(json.dumps(one, ensure_ascii=False) for one in objects))
    return path


def _layout(reading: Reading) -> str:
    assert dict(reading.posts.schema) == POSTS
    assert reading.accounts is None or dict(reading.accounts.schema) == ACCOUNTS
    return reading.files[0].layout


def test_x_archive(tmp_path: Path) -> None:
    path = tmp_path / "tweets.csv"
    path.write_text(
        "tweetid,userid,user_display_name,user_screen_name,user_profile_description,follower_count,following_count,"
        "account_creation_date,tweet_language,tweet_text,tweet_time,tweet_client_name,in_reply_to_tweetid,"
        "quoted_tweet_tweetid,is_retweet,retweet_userid,retweet_tweetid,hashtags,urls,user_mentions\n"
        '1,u1,Name,name,"about, me",10,20,2014-05-06,ru,RT @x: a,2016-10-09 08:07,TweetDeck,,,true,u9,99,'
        '"[one, two]","[http://a.example/x,y, http://b.example]","[7, 8]"\n'
        '2,u1,Name,name,"about, me",11,20,2014-05-06,ru,b,2016-10-09 08:08,TweetDeck,5,6,false,,,[],[],[]\n'
    )
    reading = read(path)
    assert _layout(reading) == "x_archive"
    first, second = reading.posts.to_dicts()
    assert first == {
        "post_id": "1",
        "account_id": "u1",
        "created_at": datetime(2016, 10, 9, 8, 7, tzinfo=UTC),
        "text": "RT @x: a",
        "lang": "ru",
        "repost_of": "99",
        "repost_of_account": "u9",
        "reply_to": None,
        "quote_of": None,
        "urls": ["http://a.example/x,y", "http://b.example"],
        "hashtags": ["one", "two"],
        "mentions": ["7", "8"],
        "media": None,
        "platform": "x",
        "client": "TweetDeck",
    }
    assert (second["reply_to"], second["quote_of"], second["repost_of"], second["hashtags"]) == (
        "5",
        "6",
        None,
        None,
    )
    assert reading.accounts is not None
    (account,) = reading.accounts.to_dicts()
    assert account["handle"] == "name" and account["followers"] == 11
    assert account["created_at"] == datetime(2014, 5, 6, tzinfo=UTC)


def test_cnt_takes_hashtags_from_the_text(tmp_path: Path) -> None:
    path = tmp_path / "cnt.csv"
    path.write_text(
        "message_id,user_id,username,repost_id,reply_id,message,timestamp,urls\n"
        "1,2,joe,,,hi #tag @you,1629589836,http://u/1 http://u/2\n2,3,sue,1,,,1629589837.0,\n"
    )
    reading = read(path)
    assert _layout(reading) == "cnt"
    first, second = reading.posts.to_dicts()
    assert (first["urls"], first["hashtags"], first["mentions"]) == (
        ["http://u/1", "http://u/2"],
        ["tag"],
        ["you"],
    )
    assert (second["repost_of"], second["text"]) == ("1", None)
    assert reading.accounts is not None and reading.accounts["handle"].to_list() == ["joe", "sue"]


def test_coortweet_shares_an_object(tmp_path: Path) -> None:
    path = tmp_path / "shares.csv"
    path.write_text("object_id,account_id,content_id,timestamp_share\no,a,1,1629589836\no,b,2,1629589837\n")
    reading = read(path)
    assert _layout(reading) == "coortweet"
    assert reading.posts["repost_of"].to_list() == ["o", "o"]
    assert read(path, map={"object_id": "urls"}).posts.select("repost_of", "urls").row(0) == (None, ["o"])


STATUS = {
    "id": "111",
    "created_at": "2024-01-02T03:04:05.678Z",
    "in_reply_to_id": "5",
    "language": "fa",
    "content": '<p>سلام &amp; <a href="https://a.example/x?y=1&amp;z=2">link</a><br>'
    '<a href="https://s.example/tags/t" class="mention hashtag">#t</a></p>',
    "reblog": None,
    "application": {"name": "Tool"},
    "account": {
        "id": "7",
        "acct": "who@s.example",
        "display_name": "Who",
        "note": "<p>n</p>",
        "created_at": "2023-01-01T00:00:00.000Z",
        "followers_count": 3,
        "following_count": 4,
        "group": False,
    },
    "media_attachments": [{"id": "9", "blurhash": "UB"}, {"id": "10", "url": "https://s.example/f"}],
    "mentions": [{"id": "8", "acct": "x"}],
    "tags": [{"name": "t"}],
}
BOOST = {**STATUS, "id": "112", "reblog": {"id": "50", "account": {"id": "51"}}, "content": ""}


@pytest.mark.parametrize("array", [False, True])
def test_mastodon(tmp_path: Path, array: bool) -> None:
    path = _lines(tmp_path / "statuses", [STATUS, BOOST])
    if array:
        path.write_text(json.dumps([STATUS, BOOST], indent=2))
    reading = read(path)
    assert _layout(reading) == "mastodon"
    first, second = reading.posts.to_dicts()
    assert first["text"] == "سلام & link\n#t"
    assert first["urls"] == ["https://a.example/x?y=1&z=2"]
    assert (first["hashtags"], first["mentions"], first["reply_to"]) == (["t"], ["8"], "5")
    assert first["media"] == ["blurhash:UB", "https://s.example/f"]
    assert first["created_at"] == datetime(2024, 1, 2, 3, 4, 5, 678000, tzinfo=UTC)
    assert (second["repost_of"], second["repost_of_account"], second["text"]) == ("50", "51", None)
    assert reading.accounts is not None
    (account,) = reading.accounts.to_dicts()
    assert (account["handle"], account["followers"], account["kind"]) == ("who@s.example", 3, "account")


POST = {
    "$type": "app.bsky.feed.post",
    "text": "words",
    "createdAt": "2024-09-09T19:46:02.000Z",
    "langs": ["pt"],
    "tags": ["extra"],
    "reply": {"parent": {"uri": "at://p"}, "root": {"uri": "at://r"}},
    "facets": [
        {"features": [{"$type": "app.bsky.richtext.facet#tag", "tag": "t"}]},
        {"features": [{"$type": "app.bsky.richtext.facet#mention", "did": "did:plc:m"}]},
        {"features": [{"$type": "app.bsky.richtext.facet#link", "uri": "https://l.example"}]},
    ],
    "embed": {
        "$type": "app.bsky.embed.recordWithMedia",
        "record": {"record": {"uri": "at://q"}},
        "media": {"$type": "app.bsky.embed.images", "images": [{"image": {"ref": {"$link": "bafk1"}}}]},
    },
}
REPOST = {"subject": {"uri": "at://did:plc:o/app.bsky.feed.post/9"}, "createdAt": "2024-09-09T19:46:02.000Z"}


def _v1(
    collection: str, record: dict[str, Any] | None, operation: str = "create", key: str = "k"
) -> dict[str, Any]:
    commit = {"rev": "r", "operation": operation, "collection": collection, "rkey": key, "record": record}
    return {"did": "did:plc:a", "time_us": 1725911162329308, "kind": "commit", "commit": commit}


def _v2(
    collection: str, record: dict[str, Any] | None, operation: str = "create", key: str = "k"
) -> dict[str, Any]:
    return {
        "$type": "network.bsky.jetstream.subscribeEvents#commit",
        "seq": 1,
        "did": "did:plc:a",
        "time": "2024-09-09T19:46:02.329308Z",
        "rev": "r",
        "operation": operation,
        "collection": collection,
        "rkey": key,
        "record": record,
    }


@pytest.mark.parametrize("event", [_v1, _v2])
def test_jetstream(tmp_path: Path, event: Any) -> None:
    identity = {"did": "did:plc:a", "time": "2024-09-09T19:46:02Z", "time_us": 1, "kind": "identity"}
    profile = {"displayName": "A", "description": "d", "createdAt": "2024-01-01T00:00:00Z"}
    path = _lines(
        tmp_path / "stream",
        [
            event("app.bsky.feed.like", {"subject": {}}),
            event("app.bsky.feed.post", POST),
            event("app.bsky.feed.repost", REPOST, key="k2"),
            event("app.bsky.feed.post", None, "delete"),
            {**identity, "identity": {"did": "did:plc:a", "handle": "a.example"}},
            event("app.bsky.actor.profile", profile, key="self"),
            event(
                "app.bsky.feed.post",
                {
                    "text": "",
                    "embed": {"$type": "app.bsky.embed.external", "external": {"uri": "https://e.example"}},
                },
                key="k3",
            ),
        ],
    )
    reading = read(path)
    assert _layout(reading) == "bluesky"
    first, second, third = reading.posts.to_dicts()
    assert first["post_id"] == "at://did:plc:a/app.bsky.feed.post/k"
    assert first["created_at"] == datetime(2024, 9, 9, 19, 46, 2, 329000, tzinfo=UTC)
    assert (first["hashtags"], first["mentions"], first["urls"]) == (
        ["t", "extra"],
        ["did:plc:m"],
        ["https://l.example"],
    )
    assert (first["quote_of"], first["media"], first["reply_to"], first["lang"]) == (
        "at://q",
        ["bafk1"],
        "at://p",
        "pt",
    )
    assert (second["repost_of"], second["repost_of_account"]) == (
        "at://did:plc:o/app.bsky.feed.post/9",
        "did:plc:o",
    )
    assert third["urls"] == ["https://e.example"]
    assert reading.rejected.select("position", "reason").rows() == [
        (1, "not a post: app.bsky.feed.like"),
        (4, "not a new post: delete"),
        (5, "not a post: an event of kind 'identity'"),
        (6, "not a post: app.bsky.actor.profile"),
    ]
    assert reading.accounts is not None
    (account,) = reading.accounts.to_dicts()
    assert (account["handle"], account["display_name"]) == ("a.example", "A")


def test_post_views(tmp_path: Path) -> None:
    view = {
        "uri": "at://did:plc:a/app.bsky.feed.post/k",
        "cid": "c",
        "author": {"did": "did:plc:a", "handle": "a.example"},
        "record": POST,
    }
    reading = read(_lines(tmp_path / "views", [view]))
    assert _layout(reading) == "bluesky_views"
    assert reading.posts["account_id"].to_list() == ["did:plc:a"]


def test_tables_of_accounts_and_reports(tmp_path: Path) -> None:
    posts = tmp_path / "p.csv"
    posts.write_text("id,account_id,created_at\n1,a,1629589836\n")
    accounts = _lines(
        tmp_path / "a.jsonl", [{"id": "a", "handle": "h", "followers": 3, "created_at": 1629589836}]
    )
    reports = tmp_path / "r.csv"
    reports.write_text(
        "report_id,reporter_id,subject,reason,created_at\n1,x,a,spam,1629589836\n2,,a,spam,1629589836\n"
    )
    with pytest.raises(UnknownLayout, match="account_id"):
        read(posts, accounts=accounts, reports=reports, map={"id": "post_id"})
    accounts = _lines(tmp_path / "a.jsonl", [{"account_id": "a", "handle": "h", "followers": 3}])
    reading = read(posts, accounts=accounts, reports=reports, map={"id": "post_id"})
    assert reading.accounts is not None and reading.accounts["followers"].to_list() == [3]
    assert reading.reports is not None and reading.reports.height == 1
    assert reading.rejected["reason"].to_list() == ["no reporter_id"]
    assert [one.read for one in reading.files] == [1, 1, 2]


def test_types_of_parquet_are_taken_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "p.parquet"
    moment = datetime(2021, 5, 6, 7, 8, 9, tzinfo=UTC)
    pl.DataFrame(
        {
            "post_id": [2**60 + 1],
            "account_id": ["007"],
            "created_at": [moment],
            "hashtags": [["a", "b"]],
            "urls": ["http://a.example"],
        }
    ).write_parquet(path)
    assert read(path).posts.select("post_id", "account_id", "created_at", "hashtags", "urls").row(0) == (
        str(2**60 + 1),
        "007",
        moment,
        ["a", "b"],
        ["http://a.example"],
    )


def test_several_files_are_one_table(tmp_path: Path) -> None:
    for day in (1, 2):
        (tmp_path / f"{day}.csv").write_text(
            f"post_id,account_id,created_at\n{day},a,162958983{day}\n3,a,1629589839\n"
        )
    reading = read(tmp_path / "1.csv", tmp_path / "2.csv")
    assert reading.posts["post_id"].to_list() == ["1", "3", "2"]
    assert [one.merged for one in reading.files] == [0, 1]


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet"])
def test_actions_take_any_column(tmp_path: Path, form: str) -> None:
    frame = pl.DataFrame(
        {
            "post_id": ["1", "1", "2", "2"],
            "account_id": ["a", "a", "b", "c"],
            "when": [1629589836, 1629589836, 1629589837, 1629589838],
            "thing": ["x", "x", "y", None],
            "urls": ["http://a.example http://b.example", None, None, None],
        }
    )
    path = tmp_path / f"f.{form}"
    write: dict[str, Callable[[Path], object]] = {
        "csv": frame.write_csv,
        "jsonl": frame.write_ndjson,
        "parquet": frame.write_parquet,
    }
    write[form](path)
    actions, rejected, (count,) = read_actions(path, object="thing", map={"when": "created_at"})
    assert actions.select("account_id", "object").rows() == [("a", "x"), ("b", "y")]
    assert (count.read, count.accepted, rejected.height) == (4, 4, 0)
    actions, _, _ = read_actions(path, object="urls", map={"when": "created_at"})
    assert actions["object"].to_list() == ["http://a.example", "http://b.example"]
