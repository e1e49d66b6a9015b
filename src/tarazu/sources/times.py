"""Times as sources write them -> UTC milliseconds, a column at a time.

Read are ISO 8601 with an offset ("2021-08-21T23:30:36+02:00", "Z", "UTC"), epoch numbers (seconds,
milliseconds or microseconds, also as text: "1629589836.0"), Twitter's "Wed Oct 10 20:19:24 +0000 2018" and
real timestamp columns. A time without a zone is read only where the caller says that it is UTC. Years outside
1990 to 2100 are refused: they are nearly always a wrong unit. The unit of epoch numbers is one per file (the
one that most values of its first batch fit), so that seconds of the year 30,000 never pass for milliseconds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tarazu.records import TIME

FIRST_MS = 631_152_000_000  # 1990-01-01T00:00:00Z
LAST_MS = 4_102_444_800_000  # 2100-01-01T00:00:00Z, excluded

MISSING = "no time"
UNREADABLE = "not a time: write ISO 8601 with an offset, or epoch seconds or milliseconds"
NAIVE = "time without a zone: pass --assume-utc if the file's times are UTC"
OUTSIDE = "time outside the years 1990 to 2100"
NO_CLOCK = "a date without a time of day"

_UNITS_PER_MS = {"s": 0.001, "ms": 1.0, "us": 1000.0}
_WIDTH = 42  # the longest ISO form that is read, zone included
_NUMBER = r"^[+-]?[0-9]{1,20}(?:\.[0-9]{0,20})?$"
_LEGACY = "%a %b %d %H:%M:%S %z %Y"


@dataclass(kw_only=True)
class Clock:
    """How the times of one file are read; remembers the file's epoch unit between batches."""

    naive_is_utc: bool = False
    dates: bool = False  # a bare date is read as its midnight
    unit: str | None = None  # "s", "ms" or "us", once known


def parse(column: pl.Series, clock: Clock) -> tuple[pl.Series, pl.Series]:
    """Give the times of `column` as UTC milliseconds, and why a time was refused (null where it was read)."""
    dtype = column.dtype
    count = len(column)
    empty = pl.Series([None], dtype=pl.String).new_from_index(0, count)
    if isinstance(dtype, pl.Datetime):
        if dtype.time_zone is None:
            if not clock.naive_is_utc:
                reason = pl.select(
                    pl.when(column.is_null()).then(pl.lit(MISSING)).otherwise(pl.lit(NAIVE))
                ).to_series()
                return pl.Series([None], dtype=TIME).new_from_index(0, count), reason
            column = column.dt.replace_time_zone("UTC")
        millis = column.dt.convert_time_zone("UTC").dt.cast_time_unit("ms").to_physical()
        return _bounded(millis, column.is_null(), empty)
    if dtype.is_numeric():
        number = column.cast(pl.Float64)
        return _bounded(_epoch(number, clock), column.is_null() | number.is_nan(), empty)
    if dtype != pl.String:
        try:
            column = column.cast(pl.String)
        except pl.exceptions.PolarsError:
            return (
                pl.Series([None], dtype=TIME).new_from_index(0, count),
                pl.Series([UNREADABLE]).new_from_index(0, count),
            )
    return _text(column, clock)


def _bounded(millis: pl.Series, missing: pl.Series, reason: pl.Series) -> tuple[pl.Series, pl.Series]:
    inside = ((millis >= FIRST_MS) & (millis < LAST_MS)).fill_null(False)
    frame = pl.DataFrame(
        {"ms": millis.cast(pl.Int64, strict=False), "inside": inside, "missing": missing, "reason": reason}
    )
    frame = frame.select(
        time=pl.when("inside").then("ms").cast(TIME),
        reason=pl.when(pl.col("reason").is_not_null())
        .then("reason")
        .when("missing")
        .then(pl.lit(MISSING))
        .when(~pl.col("inside"))
        .then(pl.lit(OUTSIDE)),
    )
    return frame["time"], frame["reason"]


def _epoch(number: pl.Series, clock: Clock) -> pl.Series:
    """Milliseconds of epoch numbers in the file's unit, rounded; the unit is settled on the first call."""
    values = number.to_numpy()
    if clock.unit is None:
        fits = {
            unit: int(np.count_nonzero((values / per >= FIRST_MS) & (values / per < LAST_MS)))
            for unit, per in _UNITS_PER_MS.items()
        }
        best = max(fits, key=lambda unit: fits[unit])
        if not fits[best]:
            return pl.Series(np.full(len(values), -1, np.int64))
        clock.unit = best
    millis = np.rint(values / _UNITS_PER_MS[clock.unit]) if clock.unit != "s" else np.rint(values * 1000.0)
    good = (millis >= FIRST_MS) & (millis < LAST_MS)
    return pl.Series(np.where(good, millis, -1.0).astype(np.int64))


def _text(column: pl.Series, clock: Clock) -> tuple[pl.Series, pl.Series]:
    column = column.str.strip_chars()
    missing = column.is_null() | (column == "").fill_null(True)
    millis, naive, date_only = _iso(column)
    if clock.dates:
        naive, date_only = naive & ~date_only, np.zeros_like(date_only)
    else:
        millis[date_only] = -1
    read = millis >= 0
    reason = np.full(len(column), None, dtype=object)
    naive_bad = read & naive & (not clock.naive_is_utc)
    reason[naive_bad] = NAIVE
    reason[date_only] = NO_CLOCK
    rest = np.flatnonzero(~read & ~missing.to_numpy() & ~date_only)
    if len(rest):
        left = column.gather(rest)
        numeric = left.str.contains(_NUMBER).to_numpy()
        if numeric.any():
            values = left.filter(pl.Series(numeric)).cast(pl.Float64)
            millis[rest[numeric]] = _epoch(values, clock).to_numpy()
        other = rest[~numeric]
        if len(other):
            words = column.gather(other)
            legacy = words.str.to_datetime(
                _LEGACY, strict=False, time_unit="ms", time_zone="UTC"
            ).to_physical()
            millis[other] = legacy.fill_null(-1).to_numpy()
            far = words.str.contains(r"^[+-]?[0-9]{5,}-[0-9]{2}-").to_numpy()
            unread = legacy.is_null().to_numpy()
            reason[other[unread & ~far]] = UNREADABLE
    millis[naive_bad] = -1
    return _bounded(pl.Series(millis), missing, pl.Series(reason.tolist(), dtype=pl.String))


def _bytes(column: pl.Series) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """The first `_WIDTH` bytes of each value as a matrix padded with zeros, and the lengths in bytes."""
    array = column.fill_null("").to_arrow(compat_level=pl.CompatLevel.oldest())
    count = len(array)
    offsets = np.frombuffer(array.buffers()[1], dtype=np.int64, count=count + 1 + array.offset)[
        array.offset :
    ]
    data = np.frombuffer(array.buffers()[2] or b"", dtype=np.uint8)
    padded = np.concatenate([data[: offsets[-1]], np.zeros(_WIDTH, np.uint8)])
    length = np.diff(offsets)
    width = int(min(_WIDTH, max(int(length.max(initial=0)), 20)))
    steps = np.arange(width)
    matrix = padded[offsets[:-1, None] + steps]
    matrix[steps >= length[:, None]] = 0
    if width < _WIDTH:
        matrix = np.concatenate([matrix, np.zeros((count, _WIDTH - width), np.uint8)], axis=1)
    return matrix, length


def _iso(column: pl.Series) -> tuple[NDArray[np.int64], NDArray[np.bool_], NDArray[np.bool_]]:
    """Read ISO 8601 by position.

    Gives milliseconds (-1: not ISO), which of them had no zone, and which values are a bare date.
    """
    matrix, length = _bytes(column)
    count = len(length)
    if not count:
        return np.zeros(0, np.int64), np.zeros(0, np.bool_), np.zeros(0, np.bool_)
    digits = (matrix >= 48) & (matrix <= 57)
    value = np.where(digits, matrix - 48, 0).astype(np.int32)

    def two(at: int) -> NDArray[np.int32]:
        return value[:, at] * 10 + value[:, at + 1]

    year = two(0) * 100 + two(2)
    month, day = two(5), two(8)
    date = (
        digits[:, [0, 1, 2, 3, 5, 6, 8, 9]].all(axis=1)
        & (matrix[:, 4] == ord("-"))
        & (matrix[:, 7] == ord("-"))
        & (month >= 1)
        & (month <= 12)
        & (day >= 1)
        & (year >= 1)
    )
    leap = ((year % 4 == 0) & (year % 100 != 0)) | (year % 400 == 0)
    days_in = np.array([31, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], np.int32)[np.clip(month, 0, 12)]
    date &= day <= days_in + ((month == 2) & leap)
    date_only = date & (length == 10)
    mark = matrix[:, 10]
    hour, minute = two(11), two(14)
    good = date & ((mark == ord("T")) | (mark == ord("t")) | (mark == ord(" ")))
    good &= (
        digits[:, [11, 12, 14, 15]].all(axis=1) & (matrix[:, 13] == ord(":")) & (hour < 24) & (minute < 60)
    )
    seconds = matrix[:, 16] == ord(":")
    good &= ~seconds | digits[:, [17, 18]].all(axis=1)
    second = np.where(seconds, two(17), 0)
    good &= second < 60
    at = np.where(seconds, 19, 16)
    point = seconds & ((matrix[:, 19] == ord(".")) | (matrix[:, 19] == ord(",")))
    run = np.where(point, np.cumprod(digits[:, 20:30], axis=1, dtype=np.int8).sum(axis=1), 0)
    good &= ~point | (run > 0)
    milli = np.where(
        point,
        value[:, 20] * 100 + (run > 1) * value[:, 21] * 10 + (run > 2) * value[:, 22],
        0,
    )
    at = at + np.where(point, run + 1, 0)
    rows = np.arange(count)
    at = at + (matrix[rows, at] == ord(" "))
    tail = length - at  # bytes of the zone
    zone = matrix[rows[:, None], np.minimum(at[:, None] + np.arange(6), _WIDTH - 1)]
    zone_digits = (zone >= 48) & (zone <= 57)
    zone_value = np.where(zone_digits, zone - 48, 0).astype(np.int32)
    good |= date_only
    naive = date_only | (good & (tail == 0))
    first = zone[:, 0]
    zulu = (tail == 1) & ((first == ord("Z")) | (first == ord("z")))
    word = (tail == 3) & (
        (zone[:, :3] == np.frombuffer(b"UTC", np.uint8)).all(axis=1)
        | (zone[:, :3] == np.frombuffer(b"GMT", np.uint8)).all(axis=1)
    )
    signed = (first == ord("+")) | (first == ord("-"))
    colon = signed & (tail == 6) & zone_digits[:, [1, 2, 4, 5]].all(axis=1) & (zone[:, 3] == ord(":"))
    plain = signed & (tail == 5) & zone_digits[:, 1:5].all(axis=1)
    short = signed & (tail == 3) & zone_digits[:, [1, 2]].all(axis=1)
    hours = zone_value[:, 1] * 10 + zone_value[:, 2]
    minutes = np.where(
        colon,
        zone_value[:, 4] * 10 + zone_value[:, 5],
        np.where(plain, zone_value[:, 3] * 10 + zone_value[:, 4], 0),
    )
    offset = colon | plain | short
    good &= naive | zulu | word | (offset & (hours < 24) & (minutes < 60))
    shift = np.where(offset, np.where(first == ord("-"), -1, 1) * (hours * 60 + minutes), 0)
    # Days since 1970 of a civil date, with years counted from March.
    shifted = year.astype(np.int64) - (month <= 2)
    era_day = 365 * shifted + shifted // 4 - shifted // 100 + shifted // 400
    days = era_day + (153 * ((month + 9) % 12) + 2) // 5 + day - 1 - 719_468
    millis = ((days * 24 + hour) * 60 + minute - shift) * 60_000 + second.astype(np.int64) * 1000 + milli
    # Times before 1970 would look unread; they are outside the accepted years anyway.
    return np.where(good, np.maximum(millis, 0), -1), naive, date_only
