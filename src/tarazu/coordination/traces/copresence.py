"""Compiled parts of the synchrony test: who posts near whom, how often, and how likely that was."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def repeated(time: Any, account: Any, width: int, least: int, seen: Any, out: Any) -> int:
    """Write to `out` the pairs of accounts with posts within `width` of one another, if that may be often.

    `time` is sorted; a pair is (low << 32 | high). Each pair is first counted in `seen`, small counters that
    strangers may share, so a pair that comes `least` times is never missed, and few others are written.
    Returns how many were found; those beyond the size of `out` are not written.
    """
    mask = np.uint64(seen.size - 1)
    found = 0
    for turn in range(2):
        low = 0
        for at in range(time.size):
            while time[at] - time[low] > width:
                low += 1
            for before in range(low, at):
                one, two = account[before], account[at]
                if one == two:
                    continue
                pair = (np.uint64(min(one, two)) << np.uint64(32)) | np.uint64(max(one, two))
                mix = pair * np.uint64(0x9E3779B97F4A7C15)
                place = (mix ^ (mix >> np.uint64(29))) & mask
                if turn == 0:
                    if seen[place] < 255:
                        seen[place] += np.uint8(1)
                elif seen[place] >= least:
                    if found < out.size:
                        out[found] = pair
                    found += 1
    return found


@njit(cache=True, nogil=True)
def _within(values: Any, low: int, high: int, first: int, last: int) -> int:
    """Return how many of the sorted values[low:high] are in first..last."""
    left, right = low, high
    while left < right:
        middle = (left + right) >> 1
        if values[middle] < first:
            left = middle + 1
        else:
            right = middle
    begin, right = left, high
    while left < right:
        middle = (left + right) >> 1
        if values[middle] <= last:
            left = middle + 1
        else:
            right = middle
    return left - begin


@njit(cache=True, nogil=True)
def _around(values: Any, low: int, high: int, middle: int, reach: int, period: int) -> Any:
    """Return how many of the sorted values[low:high], all in 0..period, are within reach on the circle."""
    count = _within(values, low, high, middle - reach, middle + reach)
    if middle < reach:
        count += _within(values, low, high, middle - reach + period, period)
    if middle + reach >= period:
        count += _within(values, low, high, 0, middle + reach - period)
    return count


@njit(cache=True, nogil=True)
def tails(
    pairs: Any,
    start: Any,
    time: Any,
    of_day: Any,
    of_hour: Any,
    crowd: Any,
    width: int,
    reach: int,
    gap: int,
    base: float,
    gamma: float,
    least: int,
    profiled: bool,
    out: Any,
) -> None:
    """Fill out[pair] with (p, joint episodes, expected, episodes) of each (i, j) of `pairs`, j given i's
    times.

    time[start[a]:start[a + 1]] are a's posts, sorted; of_day and of_hour the same posts' times modulo a day
    and an hour, sorted on their own; crowd[post] the chance that a stranger who posts within `reach` of the
    post does so within `width`. All times in ms. Pairs with fewer than `least` meetings get p = 1.
    Without `profiled` only the flat chance counts: quicker, and never a larger p.
    """
    chances = np.empty(4096)
    tail = np.empty(4097)
    for row in range(pairs.shape[0]):
        i, j = pairs[row, 0], pairs[row, 1]
        low, high = start[j], start[j + 1]
        out[row, 0], out[row, 1], out[row, 2], out[row, 3] = 1.0, 0.0, 0.0, 0.0
        # A quick look first: too few separate meetings need no profile.
        met, last, at = 0, np.int64(-1) << np.int64(60), low
        for post in range(start[i], start[i + 1]):
            while at < high and time[at] < time[post] - width:
                at += 1
            if at < high and time[at] <= time[post] + width:
                met += time[post] - last > gap
                last = time[post]
        if met < least:
            continue
        episodes, hits = 0, 0
        none, hit = 1.0, False
        last = np.int64(0)
        at, far, begun = low, low, False
        for post in range(start[i], start[i + 1]):
            now = time[post]
            while at < high and time[at] < now - reach:
                at += 1
            far = max(far, at)
            while far < high and time[far] <= now + reach:
                far += 1
            near = far - at
            if near == 0:
                continue
            if begun and now - last > gap:
                if episodes < chances.size:
                    chances[episodes] = 1.0 - none
                    hits += hit
                    episodes += 1
                none, hit = 1.0, False
            last, begun = now, True
            close = _within(time, at, far, now - width, now + width)
            hit = hit or close > 0
            chance = base
            if profiled:
                chance = max(base, crowd[post])
                # How j keeps to the clock on other days: by the time of day, and by the minute of the hour.
                day, hour = now % 86_400_000, now % 3_600_000
                band = max(_around(of_day, low, high, day, reach, 86_400_000) - near, 0)
                on_day = max(_around(of_day, low, high, day, width, 86_400_000) - close, 0)
                on_hour = max(_around(of_hour, low, high, hour, width, 3_600_000) - close, 0)
                others = max(high - low - near, 0)
                chance = max(chance, (on_day + 3.0 * chance) / (band + 3.0))
                # An hour's phase comes round 2 * reach / 1 h times within reach.
                usual = 2.0 * width / 3_600_000.0
                phase = (on_hour + 3.0 * usual) / (others + 3.0) * 3_600_000.0 / (2.0 * reach)
                chance = min(max(chance, phase), 1.0)
            chance = gamma * chance / (1.0 + (gamma - 1.0) * chance)
            none *= (1.0 - chance) ** near
        if begun and episodes < chances.size:
            chances[episodes] = 1.0 - none
            hits += hit
            episodes += 1
        # The exact tail of a sum of unlike coins, absorbed at `hits`: only positive terms, so tiny values are
        # exact.
        for k in range(hits + 1):
            tail[k] = 1.0 if k == 0 else 0.0
        expected = 0.0
        for e in range(episodes):
            expected += chances[e]
            if hits == 0:
                continue
            tail[hits] += tail[hits - 1] * chances[e]
            for k in range(hits - 1, 0, -1):
                tail[k] = tail[k] * (1.0 - chances[e]) + tail[k - 1] * chances[e]
            tail[0] *= 1.0 - chances[e]
        out[row, 0] = 1.0 if hits == 0 else min(tail[hits], 1.0)
        out[row, 1], out[row, 2], out[row, 3] = hits, expected, episodes


@njit(cache=True, nogil=True)
def acquainted(pairs: Any, start: Any, time: Any, width: int, known: Any) -> None:
    """Add to known[post] how many posts within `width` are of partners of its author in `pairs`."""
    for row in range(pairs.shape[0]):
        for side in range(2):
            i, j = pairs[row, side], pairs[row, 1 - side]
            at, far = start[j], start[j]
            for post in range(start[i], start[i + 1]):
                while at < start[j + 1] and time[at] < time[post] - width:
                    at += 1
                far = max(far, at)
                while far < start[j + 1] and time[far] <= time[post] + width:
                    far += 1
                known[post] += far - at
