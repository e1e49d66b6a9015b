from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from tarazu.coordination.events import Actors, PairTests
from tarazu.coordination.traces.synchrony import Synchrony
from tarazu.records import conform

DAY = 86_400_000
SPAN = 28 * DAY
WINDOWS = (10, 60, 300, 1800)


def crowd(random: np.random.Generator, accounts: int = 1_500) -> dict[str, NDArray[np.int64]]:
    """Draw people who post in sessions, by day rather than by night."""
    out = {}
    for number in range(accounts):
        starts = random.integers(0, 28, 6) * DAY + random.normal(14, 3.5, 6) * DAY / 24
        out[f"person{number}"] = (
            (np.repeat(starts, 3) + random.exponential(900_000, 18)).astype(np.int64) // 1000 * 1000
        )
    return out


def run(times: dict[str, NDArray[np.int64]]) -> tuple[Actors, PairTests]:
    accounts = np.repeat(list(times), [len(when) for when in times.values()])
    frame = pl.DataFrame(
        {
            "post_id": [f"p{at}" for at in range(len(accounts))],
            "account_id": accounts,
            "created_at": pl.Series(np.concatenate(list(times.values()))).cast(pl.Datetime("ms", "UTC")),
        }
    )
    table = conform(frame.sample(fraction=1.0, shuffle=True, seed=1))
    actors = Actors.of(table)
    found = Synchrony().tests(table, None, actors, WINDOWS)
    assert found is not None
    return actors, found


def flagged(times: dict[str, NDArray[np.int64]], level: float = 0.01) -> set[str]:
    """Return the accounts of pairs that survive Bonferroni."""
    actors, found = run(times)
    sure = found.p * found.tested <= level
    return set(
        actors.ids.gather(np.unique(np.concatenate([found.source[sure], found.target[sure]]))).to_list()
    )


@pytest.mark.parametrize("members", [30, 150])
def test_a_group_that_posts_together_is_found(members: int) -> None:
    random = np.random.default_rng(members)
    world = crowd(random)
    moments = random.integers(0, SPAN, 10)
    for number in range(members):
        own = next(iter(crowd(random, 1).values()))
        world[f"bot{number}"] = np.concatenate([own, moments + random.integers(0, 30_000, 10)])
    assert flagged(world) == {f"bot{number}" for number in range(members)}


def test_people_schedulers_and_news_are_no_evidence() -> None:
    random = np.random.default_rng(3)
    world = crowd(random)
    days = np.arange(28) * DAY
    for number in range(30):  # a post at eight sharp, on most days
        world[f"daily{number}"] = (days + 8 * DAY // 24 + random.integers(0, 5_000, 28))[
            random.random(28) < 0.7
        ]
    for number in range(30):  # posts at full hours
        hours = random.integers(0, 28 * 24, 60)
        world[f"hourly{number}"] = hours * 3_600_000 + random.integers(0, 5_000, 60)
    moments = random.integers(0, SPAN, 12)
    for number in range(40):  # fans of a team, and others who see the same goals
        seen = random.choice(moments, 9, replace=False)
        world[f"fan{number}"] = (seen + random.lognormal(4, 0.8, 9) * 1000).astype(np.int64)
    for at, moment in enumerate(moments):
        for number in range(80):
            world[f"viewer{at}_{number}"] = (moment + random.lognormal(4, 0.8, 1) * 1000).astype(np.int64)
    assert flagged(world) == set()


def test_p_is_valid_where_nothing_is_coordinated() -> None:
    actors, found = run(crowd(np.random.default_rng(5), 3_000))
    assert found.tested == 3_000 * 2_999 // 2
    assert (found.p <= 1e-6).sum() <= 20  # 4.5 expected at most
    assert (found.source < found.target).all()
    assert actors.count == 3_000


def test_nothing_to_test() -> None:
    table = conform(
        pl.DataFrame({"post_id": ["p"], "account_id": ["a"], "created_at": [0]}).cast(
            {"created_at": pl.Datetime("ms", "UTC")}
        )
    )
    assert Synchrony().tests(table, None, Actors.of(table), WINDOWS) is None
