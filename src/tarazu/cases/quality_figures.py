"""All figures of quality for some weeks, each with how many cases it is of. No figure is about one person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from tarazu.cases.agreement import Kappa, cohen
from tarazu.cases.answer import Answer
from tarazu.cases.comparing import Compared, compared
from tarazu.cases.disagreements import Disagreements
from tarazu.cases.interval import Share
from tarazu.cases.overturns import OverturnRates, overturns
from tarazu.cases.quality import Quality
from tarazu.cases.weeks import WEEK, Week, by_week, monday
from tarazu.store.tables.quality import golden, second_looks
from tarazu.store.times import ms
from tarazu.store.view import View

WEEKS = 12


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """Of who decided and who looked again."""

    raw: Share  # the same answer
    kappa: Kappa  # beyond chance


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Everything the page of quality shows."""

    since: datetime
    until: datetime
    few: int  # fewer cases than this are too few to say a share of
    agreement: Agreement
    by_lang: Mapping[str, Agreement]
    by_clause: Mapping[str, Agreement]
    by_week: tuple[tuple[datetime, Agreement], ...]
    disagreements: int  # that wait for a lead
    overturns: OverturnRates
    golden: Share  # of all answers to golden cases
    golden_cases: int
    weeks: tuple[Week, ...]


def figures(quality: Quality, weeks: int = WEEKS) -> Figures:
    """Count."""
    now = quality.clock()
    since = monday(now) - WEEK * (weeks - 1)
    with quality.store.read() as view:
        both = [one for one in compared(view, since) if one.first is not None]
        right, known = _golden(view, since)
        passing = by_week(view, now, weeks)
    return Figures(
        since=since,
        until=now,
        few=quality.settings.few,
        agreement=_agreement(both),
        by_lang=_by(both, lambda one: one.lang),
        by_clause=_by(both, lambda one: one.clause_id),
        by_week=tuple(
            (week.begins, _agreement([one for one in both if monday(one.at) == week.begins]))
            for week in passing
        ),
        disagreements=len(Disagreements(quality.store, quality.clock).open()),
        overturns=overturns(quality.store, since),
        golden=right,
        golden_cases=known,
        weeks=passing,
    )


def _agreement(both: list[Compared]) -> Agreement:
    pairs = [(one.first or "", one.looks[0]) for one in both]
    found = cohen(pairs)
    return Agreement(raw=Share(found.same, found.cases), kappa=found)


def _by(both: list[Compared], key: Callable[[Compared], str]) -> dict[str, Agreement]:
    groups: dict[str, list[Compared]] = defaultdict(list)
    for one in both:
        groups[key(one)].append(one)
    return {name: _agreement(some) for name, some in sorted(groups.items())}


def _golden(view: View, since: datetime) -> tuple[Share, int]:
    asked = (
        select(second_looks.c.answer, golden.c.expected)
        .join(golden, golden.c.case_id == second_looks.c.case_id)
        .where(second_looks.c.kind == "golden", second_looks.c.at >= ms(since))
    )
    said = [Answer.of(row.answer).label == Answer.of(row.expected).label for row in view.rows(asked)]
    return Share(sum(said), len(said)), len(view.rows(select(golden.c.case_id)))
