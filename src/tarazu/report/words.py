"""Numbers and names in plain words: chances, spans of time, traces.

The page's script says the same (static/words.js), and a test holds the two together.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime

# What two accounts did, in words; the second is the noun for counts.
TRACES: dict[str, tuple[str, str]] = {
    "co_repost": ("reposted the same post", "reposts"),
    "fast_repost": ("reposted within seconds of the original", "fast reposts"),
    "co_url": ("shared the same link", "links"),
    "co_hashtag": ("used the same hashtags", "hashtags"),
    "co_mention": ("mentioned the same account", "mentions"),
    "co_reply": ("replied to the same post", "replies"),
    "co_text": ("posted nearly the same text", "texts"),
    "co_media": ("posted the same picture", "pictures"),
    "co_report": ("reported the same subject", "reports"),
    "synchrony": ("posted at the same moments", "rhythm"),
    "birth": ("were created together", "creation"),
}
# Strength of evidence by p-value: three steps, used for words and for the shade of an edge alike.
VERY = 1e-4
EXTREME = 1e-9
NAMES = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine"}


def did(trace: str) -> str:
    """What two accounts did, as a verb phrase; the trace's own name when it is not known here."""
    return TRACES[trace][0] if trace in TRACES else trace


def noun(trace: str) -> str:
    """The trace as a plural noun; its own name when it is not known here."""
    return TRACES[trace][1] if trace in TRACES else trace


def count(number: int) -> str:
    """An integer with thousands separated: 58,317."""
    return f"{number:,}"


def plural(number: int, one: str, many: str | None = None) -> str:
    """'1 account', '284 accounts'."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def level(p: float) -> int:
    """Strength of evidence in three steps: 0 unlikely, 1 very unlikely, 2 next to impossible by chance."""
    return 2 if p <= EXTREME else 1 if p <= VERY else 0


def odds(p: float) -> str:
    """A p-value as '1 in 40,000', two leading digits kept; 'less than 1 in a billion' below 1e-9."""
    if not p > EXTREME:
        return "less than 1 in a billion"
    if p >= 1:
        return "1 in 1"
    times = 1 / p
    digits = max(0, math.floor(math.log10(times)) - 1)
    rounded = int(times / 10**digits + 0.5) * 10**digits
    return f"1 in {rounded:,}"


def chance(p: float) -> str:
    """A p-value in words with its number: 'very unlikely by chance, 1 in 40,000'."""
    if p > 0.05:
        return f"could be chance, {odds(p)}"
    word = ("unlikely by chance", "very unlikely by chance", "next to impossible by chance")[level(p)]
    return f"{word}, {odds(p)}"


def span(seconds: float) -> str:
    """A length of time in the unit one would say: '0.4 s', '9 s', '5 min', '3 h', '12 days'."""
    size = abs(seconds)
    if size < 10 and size != int(size):
        return f"{math.floor(size * 10 + 0.5) / 10:.1f} s"
    # Halves go up, as in the page's script.
    if size < 120:
        return f"{math.floor(size + 0.5)} s"
    if size < 7200:
        return f"{math.floor(size / 60 + 0.5)} min"
    if size < 172_800:
        return f"{math.floor(size / 3600 + 0.5)} h"
    return f"{math.floor(size / 86_400 + 0.5):,} days"


def within(seconds: float) -> str:
    """'within 9 s', or 'at the same time' where the clock shows no difference."""
    return f"within {span(seconds)}" if seconds > 0 else "at the same time"


def later(seconds: float) -> str:
    """Time after the first of a moment: '+4 s'; 'first' for the first itself."""
    if seconds == 0:
        return "+0 s"
    return ("+" if seconds > 0 else "−") + span(seconds)


def _utc(time: datetime) -> datetime:
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)


def day(time: datetime) -> str:
    """'9 Nov 2016' in UTC, the same in every locale."""
    time = _utc(time)
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    return f"{time.day} {months[time.month - 1]} {time.year}"


def minute(time: datetime) -> str:
    """'9 Nov 2016, 14:03' in UTC."""
    time = _utc(time)
    return f"{day(time)}, {time:%H:%M}"


def clock(time: datetime) -> str:
    """'9 Nov 2016, 14:03:22' in UTC."""
    time = _utc(time)
    return f"{day(time)}, {time:%H:%M:%S}"


def period(first: datetime, last: datetime) -> str:
    """'1 Sep 2016 to 9 Nov 2016', or the one day with its hours."""
    if day(first) == day(last):
        return f"{day(first)}, {_utc(first):%H:%M} to {_utc(last):%H:%M}"
    return f"{day(first)} to {day(last)}"


def share(part: int, whole: int) -> str:
    """'2.1 %', one decimal below ten; 'under 0.1 %' rather than a false zero."""
    if whole <= 0 or part == 0:
        return "0 %"
    percent = 100 * part / whole
    if percent < 0.1:
        return "under 0.1 %"
    return f"{percent:.1f} %" if percent < 10 else f"{percent:.0f} %"
