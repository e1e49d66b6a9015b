"""Times: aware datetimes in Python, milliseconds since 1970 in UTC in tables."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)


def now() -> datetime:
    """The time, in UTC: the default of every `clock`."""
    return datetime.now(UTC)


def ms(at: datetime) -> int:
    """A moment -> milliseconds, rounded down. A time without a zone is refused (ValueError)."""
    if at.tzinfo is None:
        raise ValueError("a time without a zone")
    return (at - _EPOCH) // _MS


def moment(at: int) -> datetime:
    """Milliseconds -> a moment in UTC."""
    return _EPOCH + at * _MS


def moment_or_none(at: int | None) -> datetime | None:
    """The same for a column that may be empty."""
    return None if at is None else moment(at)
