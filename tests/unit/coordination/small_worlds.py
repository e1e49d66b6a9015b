"""Small worlds as events: who acts on what and when, with times drawn as the null says or not."""

import numpy as np
import polars as pl

from tarazu.coordination.events import Events

HOUR = 3_600_000


def world(rng: np.random.Generator, accounts: int = 300, objects: int = 400, sharers: int = 8) -> Events:
    """Each object is shared by random accounts at independent times within three hours of its own start."""
    start = rng.integers(0, 20 * 24, objects) * HOUR
    who = np.concatenate([rng.choice(accounts, sharers, replace=False) for _ in range(objects)])
    which = np.repeat(np.arange(objects), sharers)
    when = start[which] + rng.integers(0, 3 * HOUR, who.size)
    return events(who, which, when)


def events(who: np.ndarray, which: np.ndarray, when: np.ndarray) -> Events:
    return Events(
        account=who.astype(np.int32),
        object=which.astype(np.int32),
        time=when.astype(np.int64),
        post=np.arange(who.size, dtype=np.int32),
        keys=pl.Series([f"o{i}" for i in range(int(which.max()) + 1)]),
    )


def joined(base: Events, who: np.ndarray, which: np.ndarray, when: np.ndarray) -> Events:
    return events(np.r_[base.account, who], np.r_[base.object, which], np.r_[base.time, when])
