"""In which order people look: one number a case, higher first.

    priority = tier + base - PER_DAY * days(deadline)

- `base`, 0 to 100 = 40 severity + 20 reach + 20 certainty + 10 reports + 10 trusted flagger, each from 0 to 1.
- `deadline` is when the case is due, or `GRACE` after it was opened where it has no clock; days are counted from a
  fixed day. So a case gains PER_DAY points a day on all that come in later, none waits for ever, and the order of two
  cases never changes with time: the number is computed when a case changes, not when somebody looks.
- `tier` is ORDER for a case with an open government order, whose hour is running: it stands before every other, and
  among orders the earlier hour counts most.

The number rises with each of its parts and falls with a later deadline; a test holds it to that.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tarazu.verdicts import Severity

SEVERITY = {Severity.LOW: 0.25, Severity.MEDIUM: 0.5, Severity.HIGH: 0.75, Severity.CRITICAL: 1.0}
PER_DAY = 6.0
GRACE = timedelta(days=7)
ORDER = 1e10  # more than all days to come can take away
ORDER_PER_DAY = 24_000.0  # 100 points in 6 minutes: the earlier order comes first
_DAY_0 = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Weight:
    """What the place of a case in the queue depends on."""

    severity: Severity
    reach: float  # 0 to 1
    certainty: float  # 0 to 1
    reports: int  # received
    trusted: bool  # one of them by a trusted flagger
    order: bool  # one of them an open government order
    opened_at: datetime
    due_at: datetime | None

    @property
    def base(self) -> float:
        """How much the case itself weighs, 0 to 100."""
        # Reports count by their order of magnitude: a flood of them moves a case no further than a few do.
        reported = min(1.0, math.log2(1 + self.reports) / 5)
        return (
            40 * SEVERITY[self.severity]
            + 20 * _share(self.reach)
            + 20 * _share(self.certainty)
            + 10 * reported
            + 10 * self.trusted
        )

    @property
    def priority(self) -> float:
        """The number that the queue is sorted by."""
        if self.order:
            due = self.due_at or self.opened_at
            return ORDER + self.base - ORDER_PER_DAY * _days(due)
        latest = self.opened_at + GRACE
        return self.base - PER_DAY * _days(min(self.due_at or latest, latest))


def reach_of(audience: float) -> float:
    """How many people saw it or may see it (followers, shares, accounts) as 0 to 1: a million is 1."""
    return _share(math.log10(1 + max(0.0, audience)) / 6)


def _days(at: datetime) -> float:
    return (at - _DAY_0) / timedelta(days=1)


def _share(value: float) -> float:
    return min(1.0, max(0.0, value))
