"""Accounts that post at the same moments, again and again, whatever they post."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tarazu.coordination.events import Actors, PairTests

REACH_MS = (
    7_200_000  # near: an organic pair that both posts within 2 h may have done so in any order of minutes
)
GAP_MS = 3_600_000  # posts closer than this belong to one episode, which counts once
LONGEST = 300  # s: longer windows say little without a shared object
LEAST = 3  # moments that two accounts must share to be looked at
BUDGET = 30_000_000  # pairs of posts that may be looked at; above it only the quieter moments are used
COUNTERS = 1 << 26
SENSITIVITY = 2.0  # the p-value holds if all odds of meeting were wrong by this factor
STRANGE = 1e-4  # pairs below this are no strangers, and do not count in what strangers do
PARTNERS = 64  # pairs of one account that are tested to the end


class Synchrony:
    """Pairs whose own posts (not reposts) meet within seconds in many separate episodes.

    Given that both posted within 2 h of one another, how likely was it that they did so within W seconds? By
    the largest of: a flat chance; the share of everybody else's posts of those 4 h that fell within W (the
    newsworthy minute); how often the other keeps to this time of the day, or this minute of the hour, on
    other days (the scheduler at full hours). Odds are doubled, an episode of posts without a gap of an hour
    counts once, both directions are computed and the worse is taken. All pairs of accounts with enough posts
    count as tested.
    """

    name = "synchrony"
    version = "synchrony.v1"

    def tests(
        self, posts: pl.DataFrame, accounts: pl.DataFrame | None, actors: Actors, windows: Sequence[int]
    ) -> PairTests | None:
        """Return the pairs that met often enough for a look, or None without posts of anybody's own."""
        used = sorted(window for window in windows if window <= LONGEST)
        stream = _stream(posts, actors)
        if not used or stream is None:
            return None
        account, time = stream
        often = np.bincount(account, minlength=actors.count) >= LEAST
        active = int(often.sum())
        widest = used[-1] * 1000
        pairs = _candidates(account, time, often, widest)
        profile = _Profiles.of(account, time, actors.count)
        pairs = profile.lighter_first(pairs)
        # A first look with the flat chance alone: its p is never the larger, so what fails here would fail
        # anyway.
        flat = np.stack([profile.tails(pairs, window * 1000)[:, 0] for window in used])
        strange = flat < STRANGE
        chosen = _nearest(pairs, flat.min(axis=0))
        values = np.empty((len(used), chosen.size, 4))
        for at, window in enumerate(used):
            width = window * 1000
            known = profile.known(pairs[strange[at]], width)
            close = profile.crowd(time, width) - 1 - known
            reached = profile.crowd(time, REACH_MS) - known
            crowd = (np.maximum(close, 0) + 2 * profile.base(width)) / (np.maximum(reached, 0) + 1)
            values[at] = profile.worse(pairs[chosen], width, crowd)
        pairs = np.sort(pairs[chosen], axis=1)
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
            start=np.searchsorted(who, np.arange(count + 1)).astype(np.int64),
            time=when,
            of_day=_by_account(who, when % 86_400_000),
            of_hour=_by_account(who, when % 3_600_000),
            grain=next(grain for grain in (60_000, 1_000, 1) if not (time % grain).any()),
        )

    def base(self, width: int) -> float:
        """Return the flat chance that a post within reach is within `width` (ms), in times of this grain."""
        return float(min((2 * (width // self.grain) + 1) * self.grain / (2 * REACH_MS), 1.0))

    def crowd(self, stream: NDArray[np.int64], width: int) -> NDArray[np.int64]:
        """Return how many posts of the whole stream are within `width` of each post."""
        after = np.searchsorted(stream, self.time + width, side="right")
        return np.asarray(after - np.searchsorted(stream, self.time - width), dtype=np.int64)

    def lighter_first(self, pairs: NDArray[np.int32]) -> NDArray[np.int32]:
        """Turn each pair so that the account with fewer posts comes first."""
        posts = np.diff(self.start)[pairs]
        return np.where((posts[:, 0] <= posts[:, 1])[:, None], pairs, pairs[:, ::-1])

    def known(self, pairs: NDArray[np.int32], width: int) -> NDArray[np.int64]:
        """Return for each post how many posts within `width` are of accounts that move with its author."""
        from tarazu.coordination.traces.copresence import acquainted

        known = np.zeros(self.time.size, dtype=np.int64)
        acquainted(pairs, self.start, self.time, width, known)
        return known

    def tails(
        self, pairs: NDArray[np.int32], width: int, crowd: NDArray[np.float64] | None = None
    ) -> NDArray[np.float64]:
        """Return p, meetings, expected, episodes of each pair, the second account given the first."""
        from tarazu.coordination.traces.copresence import tails

        out = np.empty((len(pairs), 4))
        tails(
            np.ascontiguousarray(pairs),
            self.start,
            self.time,
            self.of_day,
            self.of_hour,
            np.zeros(0) if crowd is None else crowd,
            width,
            REACH_MS,
            GAP_MS,
            self.base(width),
            SENSITIVITY,
            LEAST,
            crowd is not None,
            out,
        )
        return out

    def worse(self, pairs: NDArray[np.int32], width: int, crowd: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return `tails` from the direction with the larger p."""
        ahead, back = self.tails(pairs, width, crowd), self.tails(pairs[:, ::-1], width, crowd)
        return np.where((ahead[:, 0] >= back[:, 0])[:, None], ahead, back)


def _nearest(pairs: NDArray[np.int32], p: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the rows of the pairs with p < STRANGE that are among the PARTNERS best of one of their
    accounts.

    A clique of a thousand has half a million edges; its members are found by a few dozen each.
    """
    rows = np.flatnonzero(p < STRANGE)
    table = pl.DataFrame(
        {"row": np.concatenate([rows, rows]), "account": pairs[rows].T.ravel(), "p": np.tile(p[rows], 2)}
    )
    best = table.sort("p", "row").filter(pl.int_range(pl.len()).over("account") < PARTNERS)
    return best["row"].unique().sort().to_numpy().astype(np.int64)


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
) -> NDArray[np.int32]:
    """Return the pairs (n x 2) that met at least LEAST times.

    Where there are too many posts, only those in quieter moments are used: which moments is decided by the
    crowd, not by the pair, and a meeting in a quiet moment says more.
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
    return np.stack([codes >> np.uint64(32), codes & np.uint64(0xFFFFFFFF)], axis=1).astype(np.int32)


def _by_account(account: NDArray[np.int32], values: NDArray[np.int64]) -> NDArray[np.int64]:
    """Sort values within each account (`account` is sorted)."""
    return values[np.lexsort((values, account))]


def _combined(p: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the Cauchy combination over windows (rows) and the row with the smallest p of each column."""
    clipped = np.clip(p, 1e-300, 0.99)
    # tan(pi (1/2 - p)) = 1 / tan(pi p), exact for tiny p.
    mean = (1.0 / np.tan(np.pi * clipped)).mean(axis=0)
    combined = (
        np.where(mean > 0, np.arctan(1.0 / np.maximum(mean, 1e-12)), np.pi / 2 + np.arctan(-mean)) / np.pi
    )
    return combined, p.argmin(axis=0)
