"""Dates for reading, in the Gregorian or the Persian (Jalali) calendar. Times are UTC unless a zone is given."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

from tarazu.words.catalogue import say
from tarazu.words.numbers import digits


def day(lang: str, at: datetime, *, calendar: str = "gregorian", zone: tzinfo = UTC) -> str:
    """`23 November 2026`, `۲ آذر ۱۴۰۵`."""
    local = at.astimezone(zone)
    year, month, number = local.year, local.month, local.day
    names = "month"
    if calendar == "jalali":
        year, month, number = jalali(year, month, number)
        names = "jalali"
    name = say(lang, f"common.{names}_{month}")
    return say(lang, "common.day", day=digits(lang, str(number)), month=name, year=digits(lang, str(year)))


def date(lang: str, at: datetime, *, calendar: str = "gregorian", zone: tzinfo = UTC) -> str:
    """The day with hour, minute and the name of the zone."""
    local = at.astimezone(zone)
    clock = digits(lang, f"{local.hour:02}:{local.minute:02}")
    shown = day(lang, at, calendar=calendar, zone=zone)
    return say(lang, "common.moment", day=shown, time=clock, zone=local.tzname() or "UTC")


def jalali(year: int, month: int, day: int) -> tuple[int, int, int]:
    """A Gregorian day in the Persian calendar, by its 33-year cycle. Not promised: years far from ours."""
    before = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)
    shifted = year + 1 if month > 2 else year
    days = 355_666 + 365 * year + (shifted + 3) // 4 - (shifted + 99) // 100 + (shifted + 399) // 400
    days += day + before[month - 1]
    found = -1595 + 33 * (days // 12_053)
    days %= 12_053
    found += 4 * (days // 1461)
    days %= 1461
    if days > 365:
        found += (days - 1) // 365
        days = (days - 1) % 365
    if days < 186:
        return found, 1 + days // 31, 1 + days % 31
    return found, 7 + (days - 186) // 30, 1 + (days - 186) % 30
