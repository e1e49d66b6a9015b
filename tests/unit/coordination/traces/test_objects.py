"""Each trace with objects on a few posts written for it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from tarazu.coordination.events import Actors, Events
from tarazu.coordination.traces import TRACES
from tarazu.coordination.traces.co_report import CoReport
from tarazu.records import conform

START = datetime(2021, 9, 1, tzinfo=UTC)
TRACE = {trace.name: trace for trace in TRACES}


def posts(*rows: dict[str, Any]) -> pl.DataFrame:
    """Build posts: `account`, `after` (s), and any column; ids are p0, p1, ..."""
    table = [
        {
            "post_id": f"p{at}",
            "account_id": row.get("account", f"a{at}"),
            "created_at": START + timedelta(seconds=row.get("after", 0)),
        }
        | {name: value for name, value in row.items() if name not in ("account", "after")}
        for at, row in enumerate(rows)
    ]
    return conform(pl.DataFrame(table, infer_schema_length=None))


def found(name: str, table: pl.DataFrame) -> dict[str, list[int]]:
    """Return key -> rows of the posts."""
    events = TRACE[name].events(table, Actors.of(table))
    out: dict[str, list[int]] = {}
    if events is not None:
        assert_sound(events, table)
        for code, row in zip(events.object.tolist(), events.post.tolist(), strict=True):
            out.setdefault(events.keys[code], []).append(row)
    return out


def assert_sound(events: Events, table: pl.DataFrame) -> None:
    actors = Actors.of(table)
    assert (actors.of_post[events.post] == events.account).all()
    assert (table["created_at"].dt.epoch("ms").to_numpy()[events.post] == events.time).all()
    assert set(events.object.tolist()) == set(range(len(events.keys)))


@pytest.mark.parametrize("name", list(TRACE))
def test_absent_channels_are_skipped(name: str) -> None:
    table = posts({}, {})
    assert TRACE[name].events(table, Actors.of(table)) is None


def test_reposts_and_fast_reposts() -> None:
    born = 1_630_454_400_000  # START; its id on X
    snowflake = str((born - 1_288_834_974_657) << 22)
    table = posts(
        {"account": "author"},
        {"repost_of": "p0", "after": 20},
        {"repost_of": "p0", "after": 60},
        {"repost_of": "p0", "after": 61},
        {"repost_of": snowflake, "after": 5},
        {"repost_of": snowflake, "after": 9},
        {"repost_of": "unknown", "after": 9},
        {"repost_of": "unknown", "after": 9},
        {"repost_of": "lonely", "after": 9},
    )
    assert found("co_repost", table) == {"p0": [1, 2, 3], snowflake: [4, 5], "unknown": [6, 7]}
    assert found("fast_repost", table) == {"p0": [1, 2], snowflake: [4, 5]}


def test_links_are_canonical_and_reposts_carry_none() -> None:
    table = posts(
        {"urls": ["https://www.a.org/x?utm_source=1", "http://a.org/x/"]},
        {"urls": ["http://m.a.org/x#top"]},
        {"urls": ["http://a.org/x"], "repost_of": "p0"},
    )
    assert found("co_url", table) == {"a.org/x": [0, 1]}


def test_hashtag_sequences_and_rare_tags() -> None:
    table = posts(
        {"hashtags": ["One", "two", "THREE"]},
        {"hashtags": ["one", "Two", "three"]},
        {"hashtags": ["three", "two", "one"]},
        *({"hashtags": ["vote"]} for _ in range(200)),
    )
    out = found("co_hashtag", table)
    assert out["#one #two #three"] == [0, 1]
    assert out["#two"] == [0, 1, 2]
    assert "#vote" not in out  # everybody's tag


def test_mentions_outside_replies() -> None:
    table = posts(
        {"mentions": ["Ann", "bob"]},
        {"mentions": ["bob", "ann"]},
        {"mentions": ["ann"]},
        {"mentions": ["ann"], "reply_to": "p0"},
    )
    assert found("co_mention", table) == {"@ann": [0, 1, 2], "@bob": [0, 1], "@ann @bob": [0, 1]}


def test_replies() -> None:
    assert found("co_reply", posts({"reply_to": "x"}, {"reply_to": "x"}, {"reply_to": "y"})) == {"x": [0, 1]}


def test_pictures_within_31_bits_are_one() -> None:
    table = posts(
        {"media": ["F" * 64]},
        {"media": ["f" * 57 + "0000000"]},  # 28 bits
        {"media": ["00000000" + "f" * 56]},  # 32 bits
        {"media": ["file-1"]},
        {"media": ["file-1"]},
        {"media": ["f" * 64]},
    )
    out = found("co_media", table)
    assert out.pop("file-1") == [3, 4]
    assert out == {"f" * 64: [0, 1, 5]}


def test_copied_and_reworded_texts() -> None:
    text = "The mayor of Castleford hides the truth about the poisoned river Denbrook from workers"
    table = posts(
        {"text": text},
        {"text": f"RT @somebody: {text} https://t.co/x", "after": 86_400},
        {"text": "Workers of Castleford: mayor conceals poisoned Denbrook, the river truth!", "after": 60},
        {"text": "Something else entirely, about a concert in the park this evening", "after": 60},
        {"text": "good morning"},
        {"text": "good morning"},
    )
    out = found("co_text", table)
    assert out.pop(text[:80]) == [0, 1]
    assert out == {f"reworded: {text[:80]}": [0, 2]}


def test_reports_of_known_accounts() -> None:
    table = posts({"account": "a"}, {"account": "b"})
    reports = conform(
        pl.DataFrame(
            {
                "report_id": ["r1", "r2", "r3"],
                "reporter_id": ["a", "b", "nobody"],
                "subject": ["post"] * 3,
                "created_at": [START] * 3,
            }
        ),
        "reports",
    )
    events = CoReport().events(table, Actors.of(table), reports)
    assert events is not None
    assert events.account.tolist() == [0, 1]
    assert events.keys.to_list() == ["post"]
    assert events.post.tolist() == [-1, -1]
