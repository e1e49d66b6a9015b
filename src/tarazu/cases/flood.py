"""A flood: more people report one clean post within an hour than honest reports explain.

Clean posts that are honestly reported are exchangeable, so the chance that one of them gets more reports than all but
a share `alpha` of the others is `alpha`: that is the rate of false alarms, whatever the law of reports. Others are
those of the last 30 days about which nothing was found either, counted over all 30 days, which errs on the safe side.
Where too few others are known for that, only far more than any of them is a flood.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from tarazu.cases.case_facts import OWN
from tarazu.cases.reporting import HOUR
from tarazu.store.tables.automation import flag_groups
from tarazu.store.tables.cases import cases, findings, reports
from tarazu.store.times import ms
from tarazu.store.view import View

MEMORY = timedelta(days=30)
_WHO = func.coalesce(reports.c.reporter, reports.c.id)  # every anonymous report is somebody


@dataclass(frozen=True, kw_only=True)
class FloodSettings:
    """What a flood is; the defaults are the ones documented."""

    crowd: int = 50  # fewer within an hour are none
    alpha: float = 0.005  # share of honestly reported clean posts that may be called flooded
    unknown: int = 200  # where too few others are known, so many within an hour,
    times: int = 10  # and so many times the most that any other got


@dataclass(frozen=True, kw_only=True)
class Flood:
    """A flood as it is found."""

    case_id: str
    item_id: str
    reporters: int  # within the last hour
    others: int  # clean posts it is compared with
    most: int  # that any of them got
    p_value: float
    begins: datetime


def examine(view: View, item_id: str, now: datetime, settings: FloodSettings) -> Flood | None:
    """Whether an item is flooded now; None where it is not, or where something was found about it."""
    hour = (reports.c.item_id == item_id) & (reports.c.received_at > ms(now - HOUR))
    count = int(view.value(select(func.count(_WHO.distinct())).where(hour)) or 0)
    if count < settings.crowd:
        return None
    row = view.one(
        select(reports.c.case_id, cases.c.reports)
        .join(cases, cases.c.id == reports.c.case_id)
        .where(hour)
        .limit(1)
    )
    own = select(findings.c.id).where(findings.c.item_id == item_id, findings.c.kind.in_(OWN))
    if row is None or view.one(own) is not None:
        return None
    found = select(findings.c.item_id).where(findings.c.kind.in_(OWN))
    flooded = select(flag_groups.c.item_id).where(
        flag_groups.c.item_id.is_not(None), flag_groups.c.lifted_at.is_(None)
    )
    others = (
        select(func.count(_WHO.distinct()).label("many"))
        .where(reports.c.received_at > ms(now - MEMORY), reports.c.item_id != item_id)
        .where(reports.c.item_id.not_in(found), reports.c.item_id.not_in(flooded))
        .group_by(reports.c.item_id)
    )
    counts = [int(one.many) for one in view.rows(others)]
    most = max(counts, default=0)
    p_value = (1 + sum(one >= count for one in counts)) / (len(counts) + 1)
    known = 1 / (len(counts) + 1) <= settings.alpha
    far = count >= settings.unknown and count >= settings.times * most
    if not (p_value <= settings.alpha if known else far):
        return None
    return Flood(
        case_id=row.case_id,
        item_id=item_id,
        reporters=count,
        others=len(counts),
        most=most,
        p_value=p_value,
        begins=_begins(view, item_id, now),
    )


def _begins(view: View, item_id: str, now: datetime) -> datetime:
    """The first report since which there was never an hour without one."""
    asked = select(reports.c.received_at).where(reports.c.item_id == item_id)
    first, hour = ms(now), ms(now) - ms(now - HOUR)
    for row in view.each(asked.order_by(reports.c.received_at.desc())):
        if first - row.received_at > hour:
            break
        first = row.received_at
    return now - timedelta(milliseconds=ms(now) - first)
