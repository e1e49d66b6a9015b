"""Accounts that post at the same moments, again and again, whatever they post."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tarazu.coordination.events import Actors, PairTests

REACH_MS = 7_200_000  # near: an organic pair that both posts within 2 h may have done so in any order of minutes
GAP_MS = 3_600_000  # posts closer than this belong to one episode, which counts once
LONGEST = 300  # s: longer windows say little without a shared object
LEAST = 3  # moments that two accounts must share to be looked at
BUDGET = 60_000_000  # pairs of posts that may be looked at; above it only the quieter moments are used
COUNTERS = 1 << 26
SENSITIVITY = 2.0  # the p-value holds if all odds of meeting were wrong by this factor
STRANGE = 1e-4  # pairs below this are no strangers, and do not count in what strangers do
ROUNDS = 2  # who is a stranger, and what strangers do, depend on each other


class Synchrony:
    """Pairs whose own posts (not reposts) meet within seconds in many separate episodes.

    Given that both posted within 2 h of one another, how likely was it that they did so within W seconds? By the
    largest of: a flat chance; the share of everybody else's posts of those 4 h that fell within W (the newsworthy
    minute); how often the other keeps to this time of the day, or this minute of the hour, on other days (the
    scheduler at full hours). Odds are doubled, an episode of posts without a gap of an hour counts once, both
    directions are computed and the worse is taken. All pairs of accounts with enough posts count as tested.
    """

    name = "synchrony"
    version = "synchrony.v1"

    def tests(
        self, posts: pl.DataFrame, accounts: pl.DataFrame | None, actors: Actors, windows: Sequence[int]
    ) -> PairTests | None:
        """Return the pairs that met at least LEAST times, or None when hardly anybody posts often enough."""
        used = sorted(window for window in windows if window <= LONGEST)
        stream = _stream(posts, actors)
        if not used or stream is None:
            return None
        account, time = stream
        often = np.bincount(account, minlength=actors.count) >= LEAST
        active = int(often.sum())
        widest = used[-1] * 1000
        pairs = _candidates(account, time, often, widest)
        if pairs is None:
            return None
        profile = _Profiles.of(account, time, actors.count)
        # Nobody else's posts can make a meeting less likely than the pair's own habits do: a first look without the
        # crowd is a lower bound of p, and what does not pass it never will.
        first = [profile.worse(pairs, window * 1000, np.zeros(time.size)) for window in used]
        firm = np.min([values[:, 0] for values in first], axis=0) < STRANGE
        if not firm.any():
            return None
        pairs = pairs[firm]
        values = np.empty((len(used), len(pairs), 4))
        for at, window in enumerate(used):
            width = window * 1000
            worse = first[at][firm]
            close = np.searchsorted(time, time + width, side="right") - np.searchsorted(time, time - width)
            reached = np.searchsorted(time, time + REACH_MS, side="right") - np.searchsorted(time, time - REACH_MS)
            for _ in range(ROUNDS):
                known = _known(account, time, pairs[worse[:, 0] < STRANGE], width)
                crowd = (np.maximum(close - 1 - known, 0) + 2 * profile.base(width)) / (np.maximum(reached - known, 0) + 1)
                worse = profile.worse(pairs, width, crowd)
            values[at] = worse
        p, best = _combined(values[:, :, 0])
        rows = np.arange(len(pairs))
        return PairTests(
            trace=self.name,
            source=pairs[:, 0],
            target=pairs[:, 1],
            window=np.array(used, dtype=np.int32)[best],
            weight=values[best, rows, 1].astype(np.int32),
            expected=values[best, rows, 2],
            shared=values[best, rows, 3].astype(np.int32),
            p=p,
            tested=max(active * (active - 1) // 2, len(pairs)),
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class _Profiles:
    """Everybody's posting times, by account: in order, by the time of day, and by the time of the hour."""

    order: NDArray[np.int64]  # of the stream, by account and time
    start: NDArray[np.int64]
    time: NDArray[np.int64]
    of_day: NDArray[np.int64]
    of_hour: NDArray[np.int64]
    grain: int  # ms

    @classmethod
    def of(cls, account: NDArray[np.int32], time: NDArray[np.int64], count: int) -> _Profiles:
        order = np.lexsort((time, account))
        who, when = account[order], time[order]
        return cls(
            order=order,
            start=np.searchsorted(who, np.arange(count + 1)).astype(np.int64),
            time=when,
            of_day=_by_account(who, when % 86_400_000),
            of_hour=_by_account(who, when % 3_600_000),
            grain=next(grain for grain in (60_000, 1_000, 1) if not (time % grain).any()),
        )

    def base(self, width: int) -> float:
        """Return the flat chance that a post within reach is within `width` (ms), with times of this grain."""
        return float(min((2 * (width // self.grain) + 1) * self.grain / (2 * REACH_MS), 1.0))

    def worse(
        self, pairs: NDArray[np.int32], width: int, crowd: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Return p, meetings, expected, episodes of each pair, from the direction with the larger p."""
        from tarazu.coordination.traces.copresence import tails

        both = []
        for way in (pairs, np.ascontiguousarray(pairs[:, ::-1])):
            out = np.empty((len(pairs), 4))
            tails(
                way,
                self.start,
                self.time,
                self.of_day,
                self.of_hour,
                crowd[self.order],
                width,
                REACH_MS,
                GAP_MS,
                self.base(width),
                SENSITIVITY,
                LEAST,
                out,
            )
            both.append(out)
        return np.where((both[0][:, 0] >= both[1][:, 0])[:, None], both[0], both[1])


def _stream(posts: pl.DataFrame, actors: Actors) -> tuple[NDArray[np.int32], NDArray[np.int64]] | None:
    """Return authors and times of the posts that are no reposts, in order of time."""
    rows = np.flatnonzero(posts["repost_of"].is_null().to_numpy())
    if rows.size < LEAST:
        return None
    time = posts["created_at"].dt.epoch("ms").to_numpy().astype(np.int64)[rows]
    order = np.argsort(time, kind="stable")
    return actors.of_post[rows][order], time[order]


def _candidates(
    account: NDArray[np.int32], time: NDArray[np.int64], often: NDArray[np.bool_], width: int
) -> NDArray[np.int32] | None:
    """Return the pairs (n x 2) that met at least LEAST times.

    Where there are too many posts, only those in quieter moments are used: which moments is decided by the crowd,
    not by the pair, and a meeting in a quiet moment says more.
    """
    from tarazu.coordination.traces.copresence import repeated

    use = often[account]
    account, time = account[use], time[use]
    before = np.arange(time.size) - np.searchsorted(time, time - width)
    if before.sum() > BUDGET:
        ranked = np.sort(before)
        allowed = ranked[max(int(np.searchsorted(np.cumsum(ranked), BUDGET)) - 1, 0)]
        account, time = account[before <= allowed], time[before <= allowed]
    seen = np.zeros(COUNTERS, dtype=np.uint8)
    out = np.empty(1 << 20, dtype=np.uint64)
    found = repeated(time, account, width, LEAST, seen, out)
    if found > out.size:
        seen[:] = 0
        out = np.empty(found, dtype=np.uint64)
        repeated(time, account, width, LEAST, seen, out)
    codes, count = np.unique(out[:found], return_counts=True)
    codes = codes[count >= LEAST]
    if codes.size == 0:
        return None
    return np.stack([codes >> np.uint64(32), codes & np.uint64(0xFFFFFFFF)], axis=1).astype(np.int32)


def _by_account(account: NDArray[np.int32], values: NDArray[np.int64]) -> NDArray[np.int64]:
    """Sort values within each account (`account` is sorted)."""
    return values[np.lexsort((values, account))]


def _known(
    account: NDArray[np.int32], time: NDArray[np.int64], pairs: NDArray[np.int32], width: int
) -> NDArray[np.int64]:
    """Return for each post how many posts within `width` are of accounts that form a strange pair with its author."""
    known = np.zeros(time.size, dtype=np.int64)
    if len(pairs) == 0:
        return known
    codes = np.sort((pairs.min(axis=1).astype(np.int64) << 32) | pairs.max(axis=1))
    involved = np.flatnonzero(np.isin(account, pairs))
    who, when = account[involved].astype(np.int64), time[involved]
    for step in range(1, involved.size):
        near = when[step:] - when[:-step] <= width
        if not near.any():
            break
        left = np.flatnonzero(near)
        one, two = who[left], who[left + step]
        code = (np.minimum(one, two) << 32) | np.maximum(one, two)
        at = np.minimum(np.searchsorted(codes, code), codes.size - 1)
        left = left[codes[at] == code]
        known[involved[left]] += 1
        known[involved[left + step]] += 1
    return known


def _combined(p: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the Cauchy combination over windows (rows) and the row with the smallest p of each column."""
    clipped = np.clip(p, 1e-300, 0.99)
    # tan(pi (1/2 - p)) = 1 / tan(pi p), exact for tiny p.
    mean = (1.0 / np.tan(np.pi * clipped)).mean(axis=0)
    combined = np.where(mean > 0, np.arctan(1.0 / np.maximum(mean, 1e-12)), np.pi / 2 + np.arctan(-mean)) / np.pi
    return combined, p.argmin(axis=0)
