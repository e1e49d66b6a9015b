from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from tarazu.errors import InputError
from tarazu.evaluation import russian
from tarazu.evaluation.spans import DAY, busiest, contiguous, placed
from tarazu.evaluation.worlds import shift_sessions, table
from tarazu.records import POSTS


def acts(rows: list[tuple[str, float]]) -> pl.DataFrame:
    """Account and time in days."""
    return table(
        {
            "post_id": [str(i) for i in range(len(rows))],
            "account_id": [a for a, _ in rows],
            "urls": [["u"] for _ in rows],
            "created_at": [int(d * DAY) * 1000 for _, d in rows],
        }
    )


def crew() -> pl.DataFrame:
    """Two accounts: one post a day for ten days, ten a day on days 4 and 5."""
    quiet = [(a, d + 0.5) for a in "ab" for d in range(10)]
    return acts(quiet + [(a, d + 0.5 + i / 100) for a in "ab" for d in (4, 5) for i in range(9)])


def test_the_busiest_days_are_as_few_as_the_goal_needs() -> None:
    one = busiest(crew(), goal=10, floor=5, most=9)
    assert one["created_at"].dt.date().n_unique() == 1
    two = busiest(crew(), goal=20, floor=5, most=9)
    assert sorted(two["created_at"].dt.day().unique()) == [5, 6]
    assert busiest(crew(), goal=10**6, floor=5, most=30).height == crew().height


def test_a_crew_is_moved_inside_the_target() -> None:
    target = acts([("x", d / 10) for d in range(3000, 3400)])
    first, last = target["created_at"].min(), target["created_at"].max()
    for seed in range(20):
        moved = placed(crew(), target, np.random.default_rng(seed))
        assert moved.height == crew().height
        assert moved["created_at"].min() >= first  # type: ignore[operator]
        assert moved["created_at"].max() <= last  # type: ignore[operator]
        assert (moved["created_at"].dt.second() > 0).any()


def test_every_crew_is_matched_to_the_background() -> None:
    target = acts([("x", 300 + i / 10) for i in range(400)] + [("y", 310 + i / 10) for i in range(12)])
    made = contiguous(crew(), {"one": frozenset("ab")}, target, np.random.default_rng(0), floor=10)
    assert set(made["account_id"]) == {"a", "b"}
    assert made["account_id"].value_counts()["count"].to_list() == [28, 28]  # the goal is out of reach


def test_shifted_minutes_stay_minutes() -> None:
    posts = acts([("a", i / 24) for i in range(100)])
    moved = shift_sessions(posts, np.random.default_rng(0))
    assert moved["created_at"].dt.second().max() == 0
    assert not moved["created_at"].sort().equals(posts["created_at"].sort())


def test_reposts_of_the_russian_set(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="russian_coord_tweets"):
        russian.stream(tmp_path)
    (tmp_path / "russian_retweets").mkdir()
    pl.DataFrame(
        {
            "object_id": ["o", "o", "o"],
            "account_id": ["a", "b", "b"],
            "content_id": ["1", "2", "2"],
            "timestamp_share": ["1623881091.0", "1623881092.0", "1623881092.0"],
        }
    ).write_parquet(tmp_path / russian.FILE)
    posts = russian.stream(tmp_path)
    assert dict(posts.schema) == POSTS
    assert posts.select("post_id", "account_id", "repost_of").rows() == [("1", "a", "o"), ("2", "b", "o")]
    assert posts["created_at"].dt.epoch("s").to_list() == [1623881091, 1623881092]
