"""What a rule would have done to the cases that people have decided, and how often they decided the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select

from tarazu.cases.case_facts import CaseFacts, facts
from tarazu.cases.condition import Condition
from tarazu.cases.decision import Action
from tarazu.cases.interval import Share
from tarazu.cases.judgements import Judgement, agrees, judgements
from tarazu.cases.quotas import day_of
from tarazu.cases.shelf import parts
from tarazu.policy.backtest import MINUTES
from tarazu.store.tables.cases import cases
from tarazu.store.view import View

SAMPLES = 20  # disagreements that are shown
_TELLING = 30  # cases of a language from which its own share says something


@dataclass(frozen=True, kw_only=True)
class Disagreement:
    """A case that people decided otherwise."""

    case_id: str
    title: str
    lang: str | None
    would: Action
    was: Action
    clause_id: str | None  # under which people decided


@dataclass(frozen=True, kw_only=True)
class RuleBacktest:
    """What a rule would have done."""

    at: datetime
    decided: int  # cases that people have settled
    matched: int  # of these, those it would have decided
    agreed: int
    wanted: int  # of these, those that people decided as it would: `agreed` of them it found
    by_lang: Mapping[str, Share]
    days: float  # between the first and the last of the decided cases
    samples: Sequence[Disagreement] = ()
    by_day: Mapping[str, Share] = field(default_factory=dict)  # day in UTC on which people decided, in order

    @property
    def precision(self) -> Share:
        """How often people had decided the same."""
        return Share(self.agreed, self.matched)

    @property
    def recall(self) -> Share:
        """Of what people decided so, how much it would have."""
        return Share(self.agreed, self.wanted)

    @property
    def hours_saved(self) -> float:
        """Of reviewers, at `MINUTES` a case: a rule of thumb, said as one."""
        return self.matched * MINUTES / 60

    def line(self) -> dict[str, object]:
        """What is kept with the rule."""
        return {
            "at": self.at.isoformat(),
            "decided": self.decided,
            "matched": self.matched,
            "agreed": self.agreed,
            "wanted": self.wanted,
            "low": round(self.precision.low, 6),
            "high": round(self.precision.high, 6),
            "by_lang": {lang: [share.part, share.of] for lang, share in sorted(self.by_lang.items())},
            "days": round(self.days, 2),
            "hours_saved": round(self.hours_saved, 2),
        }

    def lagging(self, precision: float) -> list[str]:
        """Languages in which it is surely worse than asked."""
        told = [
            lang for lang, share in self.by_lang.items() if share.of >= _TELLING and share.high < precision
        ]
        return sorted(told)


def fits(condition: Condition, clause_id: str, of: CaseFacts) -> bool:
    """Whether a rule may have a case: something was found under its clause, and nobody ordered anything.

    What was only reported a person judges, so that no number of reports makes a rule act.
    """
    return (
        of.found
        and not of.ordered
        and clause_id in of.words.get("clause", frozenset())
        and condition.holds(of)
    )


def backtest(
    view: View,
    condition: Condition,
    action: Action,
    clause_id: str,
    now: datetime,
    *,
    case_ids: Sequence[str] | None = None,
) -> RuleBacktest:
    """Run a rule over everything that people have settled, each case as it was when they decided."""
    settled = judgements(view, case_ids)
    matched: list[tuple[Judgement, CaseFacts]] = []
    for some in parts(settled):
        known = facts(view, [one.case_id for one in some], {one.case_id: one.at for one in some})
        matched += [
            (one, known[one.case_id])
            for one in some
            if one.case_id in known and fits(condition, clause_id, known[one.case_id])
        ]
    right = [agrees(action, clause_id, judged) for judged, _ in matched]
    counted: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for (_, of), good in zip(matched, right, strict=True):
        for lang in of.words.get("lang") or ("und",):
            counted[lang][0] += good
            counted[lang][1] += 1
    wrong = [pair for pair, good in zip(matched, right, strict=True) if not good]
    daily: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for (one, _), good in zip(matched, right, strict=True):
        daily[day_of(one.at)][0] += good
        daily[day_of(one.at)][1] += 1
    times = [one.at for one in settled]
    return RuleBacktest(
        at=now,
        decided=len(settled),
        matched=len(matched),
        agreed=sum(right),
        wanted=sum(agrees(action, clause_id, one) for one in settled),
        by_lang={lang: Share(good, of) for lang, (good, of) in counted.items()},
        days=(max(times) - min(times)) / timedelta(days=1) if times else 0.0,
        samples=_samples(view, wrong, action),
        by_day={day: Share(*daily[day]) for day in sorted(daily)},
    )


def _samples(
    view: View, wrong: Sequence[tuple[Judgement, CaseFacts]], action: Action
) -> tuple[Disagreement, ...]:
    """The latest disagreements."""
    last = sorted(wrong, key=lambda pair: pair[0].case_id, reverse=True)[:SAMPLES]
    ids = [judged.case_id for judged, _ in last]
    rows = view.rows(select(cases.c.id, cases.c.title, cases.c.lang).where(cases.c.id.in_(ids)))
    named = {row.id: row for row in rows}
    return tuple(
        Disagreement(
            case_id=judged.case_id,
            title=named[judged.case_id].title,
            lang=named[judged.case_id].lang,
            would=action,
            was=judged.action,
            clause_id=judged.clause_id,
        )
        for judged, _ in last
    )
