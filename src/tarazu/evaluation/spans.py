"""An operation kept whole for a while: all that a crew did in its busiest days, moved into another stream.

Thinning by subject (`ira.matched`) leaves an account that posted 400 times with 68 posts on subjects drawn at
random, so most of what the crew did together is gone. Here the crew keeps everything, but only for as many
days in a row as give its accounts as many posts as organic accounts have. What leaks: the members are active
on fewer days than organic accounts with as many posts.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from tarazu.evaluation.worlds import Members

DAY = 86_400


def busiest(own: pl.DataFrame, goal: float, floor: int, most: int) -> pl.DataFrame:
    """The posts of a crew in its busiest days in a row.

    As few days as give its accounts with at least `floor` posts a median of `goal` posts, at most `most`.
    """
    day = own["created_at"].dt.epoch("s").to_numpy() // DAY
    total = np.concatenate([[0], np.cumsum(np.bincount(day - day.min()))])
    best = own
    for days in range(1, most + 1):
        span = min(days, total.size - 1)
        start = int(day.min() + np.argmax(total[span:] - total[:-span]))
        best = own.filter(pl.Series((day >= start) & (day < start + span)))
        counts = best["account_id"].value_counts(name="posts")["posts"]
        active = counts.filter(counts >= floor)
        if 2 * len(active) >= len(counts) and float(active.median() or 0) >= goal:  # type: ignore[arg-type]
            break
    return best


def placed(own: pl.DataFrame, target: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Move the posts by whole weeks to a random place inside the target, the day turned to the target's rhythm.

    Minutes become seconds by adding U(0, 60) s to every post on its own, which can only hurt us.
    """
    time = own["created_at"].dt.epoch("s").to_numpy()
    hours = np.bincount(time // 3600 % 24, minlength=24).astype(float)
    theirs = np.bincount(target["created_at"].dt.hour().to_numpy(), minlength=24).astype(float)
    time = time + int(np.argmax([np.dot(np.roll(hours, h), theirs) for h in range(24)])) * 3600
    stream = target["created_at"].dt.epoch("s").to_numpy()
    first, last = int(stream.min()), int(stream.max())
    week = 7 * DAY
    low, high = -((int(time.min()) - first) // week), (last - 60 - int(time.max())) // week
    weeks = int(rng.integers(low, high + 1)) if high >= low else low
    seconds = time + weeks * week + rng.integers(0, 60, time.size)
    moved = own.with_columns(pl.Series("created_at", seconds * 1000).cast(pl.Datetime("ms", "UTC")))
    return moved.filter(pl.Series((seconds >= first) & (seconds <= last)))


def contiguous(
    source: pl.DataFrame,
    crews: Mapping[str, Members],
    background: pl.DataFrame,
    rng: np.random.Generator,
    floor: int,
) -> pl.DataFrame:
    """Every crew with all it did in its busiest days, matched to the background's accounts of `floor` posts."""
    counts = background["account_id"].value_counts(name="posts")["posts"]
    goal = float(counts.filter(counts >= floor).median() or floor)  # type: ignore[arg-type]
    period = background["created_at"].dt.epoch("s").to_numpy()
    most = int(period.max() - period.min()) // DAY - 7
    parts = []
    for members in crews.values():
        own = source.filter(pl.col("account_id").is_in(list(members)))
        if own.height:
            parts.append(placed(busiest(own, goal, floor, most), background, rng))
    return pl.concat(parts) if parts else source.clear()
