"""Week by week: how long people waited for a decision, and how much waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median

from sqlalchemy import func, or_, select

from tarazu.cases.case import UNDECIDED
from tarazu.store.tables.cases import cases
from tarazu.store.tables.decisions import decisions
from tarazu.store.times import moment, ms
from tarazu.store.view import View

WEEK = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Week:
    """One week, Monday to Sunday (UTC); the last one as far as it went."""

    begins: datetime
    opened: int
    decided: int  # for the first time
    hours: float | None  # from opening to the decision: half took no longer
    slow_hours: float | None  # nine of ten took no longer
    waiting: int  # at its end
    waiting_days: float | None  # half of those waited no longer


def monday(at: datetime) -> datetime:
    """When the week of a time began."""
    day = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return day - timedelta(days=day.weekday())


def by_week(view: View, now: datetime, many: int) -> tuple[Week, ...]:
    """The last weeks, the earliest first."""
    starts = [monday(now) - WEEK * back for back in range(many - 1, -1, -1)]
    first = (
        select(decisions.c.case_id, func.min(decisions.c.made_at).label("at"))
        .where(decisions.c.undoes.is_(None))
        .group_by(decisions.c.case_id)
        .subquery()
    )
    asked = (
        select(cases.c.opened_at, cases.c.updated_at, cases.c.state, first.c.at)
        .outerjoin(first, first.c.case_id == cases.c.id)
        .where(cases.c.shadow == 0, or_(first.c.at.is_(None), first.c.at >= ms(starts[0])))
    )
    undecided = {str(one) for one in UNDECIDED}
    lives = []  # opened, decided (None: never), no longer waiting (None: waits)
    for row in view.rows(asked):
        # What was closed without a decision waits no longer.
        over = row.at if row.at is not None else (None if row.state in undecided else row.updated_at)
        lives.append((row.opened_at, row.at, over))
    return tuple(_week(start, min(start + WEEK, now), lives) for start in starts)


def _week(start: datetime, end: datetime, lives: list[tuple[int, int | None, int | None]]) -> Week:
    begin, over = ms(start), ms(end)
    took = sorted(
        (at - opened) / 3_600_000 for opened, at, _ in lives if at is not None and begin <= at <= over
    )
    ages = [over - opened for opened, _, gone in lives if opened <= over and (gone is None or gone > over)]
    return Week(
        begins=moment(begin),
        opened=sum(begin <= opened <= over for opened, _, _ in lives),
        decided=len(took),
        hours=median(took) if took else None,
        slow_hours=took[int(0.9 * (len(took) - 1))] if took else None,
        waiting=len(ages),
        waiting_days=median(ages) / 86_400_000 if ages else None,
    )
