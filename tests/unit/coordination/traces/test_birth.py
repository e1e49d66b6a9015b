from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from tarazu.coordination.events import Actors
from tarazu.coordination.traces.birth import Birth, bursts, shape
from tarazu.coordination.traces.cadence import evenness
from tarazu.records import conform

YEAR = 365 * 86_400_000
HOUR = 3_600_000


def people(random: np.random.Generator, count: int, times: np.ndarray, prefix: str) -> pl.DataFrame:
    """Draw accounts with handles of many shapes; newcomers have no picture and few followers."""
    letters = random.integers(4, 13, count)
    digits = random.choice([0, 0, 0, 1, 2, 2, 3, 4, 8], count)
    age = (times.max() - times) / YEAR
    return conform(
        pl.DataFrame(
            {
                "account_id": [f"{prefix}{number}" for number in range(count)],
                "handle": [
                    "a" * int(size) + "7" * int(more) for size, more in zip(letters, digits, strict=True)
                ],
                "created_at": pl.Series(times.astype(np.int64)).cast(pl.Datetime("ms", "UTC")),
                "followers": random.poisson(np.exp(random.normal(1, 1, count)) * (1 + 30 * age)),
                "following": random.poisson(np.exp(random.normal(3, 1, count))),
                "avatar": np.where(random.random(count) < 0.2 + 0.3 * (age < 0.3), "default", "own"),
            }
        ),
        "accounts",
    )


def actors(table: pl.DataFrame) -> Actors:
    return Actors(ids=table["account_id"].sort(), of_post=np.zeros(0, dtype=np.int32))


@pytest.mark.parametrize("span", [HOUR, 24 * HOUR])
def test_a_burst_of_like_handles_is_found(span: int) -> None:
    random = np.random.default_rng(span)
    organic = people(random, 10_000, random.random(10_000) ** 0.6 * 8 * YEAR, "person")
    batch = people(random, 30, 5 * YEAR + random.random(30) * span, "bot")
    batch = batch.with_columns(
        handle=pl.Series(["bcdefgh" + str(n) for n in random.integers(1000, 9999, 30)])
    )
    table = pl.concat([organic, batch])
    found = Birth().tests(table, table, actors(table), ())
    assert found is not None
    members = actors(table).ids.gather(np.unique(np.concatenate([found.source, found.target]))).to_list()
    right = sum(member.startswith("bot") for member in members)
    assert 2 * right / (30 + len(members)) >= 0.9
    assert (found.p < 0.01).all()


def test_a_rush_of_all_sorts_is_no_burst() -> None:
    random = np.random.default_rng(2)
    organic = people(random, 8_000, random.random(8_000) * 8 * YEAR, "person")
    rush = people(random, 2_000, 5 * YEAR + random.random(2_000) * 24 * HOUR, "new")
    rush = rush.with_columns(avatar=pl.lit("default"), followers=pl.lit(0, dtype=pl.Int64))
    table = pl.concat([organic, rush])
    assert bursts(table, actors(table)) == ()


def test_births_by_a_script_are_even_and_those_of_people_are_not() -> None:
    random = np.random.default_rng(4)
    steady = np.cumsum(random.exponential(40_000, 60_000)).astype(np.int64)
    chance = evenness(steady // 1000 * 1000, 60)[::61]
    assert (chance <= 0.01).mean() <= 0.01
    organic = people(random, 8_000, random.random(8_000) * 8 * YEAR, "person")
    script = people(random, 90, 5 * YEAR + np.cumsum(random.integers(25, 60, 90)) * 1000, "bot")
    script = script.with_columns(avatar=pl.lit("default"))
    table = pl.concat([organic, script]).with_columns(pl.col("created_at").dt.truncate("1s"))
    found = bursts(table, actors(table))
    assert found is not None
    members = {actors(table).ids[int(code)] for burst in found for code in burst.members}
    assert len(members) >= 80
    assert all(member.startswith("bot") for member in members)


def test_shape_and_absence() -> None:
    assert shape(pl.Series(["maria_1984", "AbC12", None])).to_list() == ["L5_D4", "L3D2", None]
    table = people(np.random.default_rng(1), 20, np.arange(20), "few")
    assert Birth().tests(table, table, actors(table), ()) is None
    assert Birth().tests(table, None, actors(table), ()) is None
