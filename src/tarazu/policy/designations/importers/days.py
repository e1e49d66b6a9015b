"""Dates as lists write them."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime, timedelta

_WORDS = ("%d %B %Y", "%d %b %Y", "%d %b. %Y", "%B %d, %Y")


def day(written: str) -> date | None:
    """The day; None when nothing is written. Knows 2001-10-06 (a time or zone behind it is dropped), 6.10.2001,
    06/10/2001 (day first) and 6 October 2001. Raises ValueError for anything else: a guess would be a wrong date.
    """
    text = " ".join(written.split())
    if not text:
        return None
    if found := re.match(r"(\d{4})-(\d\d)-(\d\d)(?=$|[T+ -])", text, re.ASCII):
        return date(int(found[1]), int(found[2]), int(found[3]))
    if found := re.fullmatch(r"(\d\d?)[./](\d\d?)[./](\d{4})", text, re.ASCII):
        return date(int(found[3]), int(found[2]), int(found[1]))
    for shape in _WORDS:
        try:
            return datetime.strptime(text, shape).date()
        except ValueError:
            continue
    raise ValueError(f"{written!r} is no date")


def period(written: str, *, end: bool) -> date | None:
    """The first day of a period (2001, 2001-10, 2001-10-06), or with `end` the first day after it.

    A whole day that is an end is itself the first day after: lists date a delisting by the day it takes effect.
    """
    if found := re.fullmatch(r"(\d{4})(?:-(\d\d))?", written.strip(), re.ASCII):
        year, month = int(found[1]), int(found[2] or (12 if end else 1))
        if not end:
            return date(year, month, 1)
        return date(year, month, monthrange(year, month)[1]) + timedelta(days=1)
    return day(written)
