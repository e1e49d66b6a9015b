"""The working rhythm of a set of accounts: when a shift seems to start, pause and end, in which zone.

A description for a report, never evidence: half a continent keeps office hours.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FEWEST = 200  # posts; fewer draw no profile
SLOTS = 48  # half hours
DAY_MS = 86_400_000
OFFICE_START = 18  # half hours: a working day is taken to begin at 9:00 local time ...
OFFICE_END = 36  # ... and to end at 18:00
QUIET = 0.6  # a pause has at most this share of the activity of the hour before and after it
EDGE = 0.04  # share of posts left out at either end of the day


@dataclass(frozen=True, kw_only=True)
class Rhythm:
    """A daily rhythm. Times are minutes after local midnight in the estimated zone."""

    posts: int
    utc_offset: int  # hours: the zone in which the activity fits 9:00 to 18:00 on weekdays best
    fit: float  # -1..1: correlation of a week's half hours with office hours; below 0.4 hardly a shift
    start: int
    end: int
    pause: int | None  # start of a quiet half hour in the middle of the day
    weekend_share: float  # of the posts; 2/7 = 0.29 is what a week without weekends has

    @property
    def sentence(self) -> str:
        """What a reviewer can read aloud."""
        zone = f"UTC{self.utc_offset:+d}" if self.utc_offset else "UTC"
        text = (
            f"Posts fall mostly between {_clock(self.start)} and {_clock(self.end)} if the clock is {zone}, "
            f"{self.weekend_share:.0%} of them at weekends"
        )
        return text + (f", with a pause about {_clock(self.pause)}." if self.pause is not None else ".")


def describe(times: NDArray[np.int64]) -> Rhythm | None:
    """Describe the rhythm of post times (ms since 1970, UTC); None for fewer than FEWEST posts."""
    if times.size < FEWEST:
        return None
    # Day 0 of 1970 was a Thursday: four days later the week begins.
    slot = ((times - 4 * DAY_MS) // (DAY_MS // SLOTS)) % (7 * SLOTS)
    week = np.bincount(slot, minlength=7 * SLOTS).astype(np.float64)
    office = np.zeros(7 * SLOTS)
    for day in range(5):
        office[day * SLOTS + OFFICE_START : day * SLOTS + OFFICE_END] = 1.0
    offsets = range(-11, 13)
    flat = bool(week.std() == 0)
    fits = [0.0 if flat else float(np.corrcoef(np.roll(week, 2 * hours), office)[0, 1]) for hours in offsets]
    offset = offsets[int(np.argmax(fits))]
    local = np.roll(week, 2 * offset)
    day = local.reshape(7, SLOTS)[:5].sum(axis=0)
    # The day is cut in the middle of its quietest six hours, so that a late shift is not cut in two.
    quiet = np.convolve(np.concatenate([day, day[:11]]), np.ones(12), "valid")
    cut = (int(np.argmin(quiet)) + 6) % SLOTS
    share = np.cumsum(np.roll(day, -cut)) / max(day.sum(), 1.0)
    start = (cut + int(np.searchsorted(share, EDGE))) % SLOTS
    end = (cut + int(np.searchsorted(share, 1 - EDGE)) + 1) % SLOTS
    return Rhythm(
        posts=int(times.size),
        utc_offset=offset,
        fit=max(fits),
        start=start * 30,
        end=end * 30,
        pause=_pause(day, start, (end - start) % SLOTS),
        weekend_share=float(local.reshape(7, SLOTS)[5:].sum() / times.size),
    )


def _pause(day: NDArray[np.float64], start: int, length: int) -> int | None:
    """Return the minute at which the deepest dip begins, two hours or more from both ends of the shift."""
    best, found = QUIET, None
    for step in range(4, length - 4):
        here = day[(start + step) % SLOTS]
        around = np.mean([day[(start + step + shift) % SLOTS] for shift in (-2, -1, 1, 2)])
        # The dip must be more than chance: three standard deviations of a Poisson count.
        if around > 0 and here / around < best and around - here > 3 * np.sqrt(around):
            best, found = here / around, ((start + step) % SLOTS) * 30
    return found


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
