"""Figures of the joint verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from tarazu.evaluation.media.joint.cases import Case
from tarazu.evaluation.policy.figures import Figures, f1
from tarazu.verdicts import Outcome, Verdict

Pair = tuple[Outcome, Outcome]  # truth, judged


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A case and what the judge said of it."""

    case: Case
    verdict: Verdict

    @property
    def pair(self) -> Pair:
        """Truth and outcome."""
        return self.case.truth, self.verdict.outcome


@dataclass(frozen=True, kw_only=True)
class JointFigures:
    """What came of a set of posts, each with its truth."""

    judged: tuple[Judged, ...]

    @property
    def confusion(self) -> Counter[Pair]:
        """How many posts of each truth were judged how."""
        return Counter(one.pair for one in self.judged)

    @property
    def macro_f1(self) -> float:
        """Mean F1 of the three verdicts, `review` one of them; verdicts that no post has are left out."""
        found = self.confusion
        scores = []
        for one in Outcome:
            hit = found[one, one]
            false = sum(n for (truth, said), n in found.items() if said == one != truth)
            missed = sum(n for (truth, said), n in found.items() if truth == one != said)
            if hit + false + missed:
                scores.append(f1(hit, false, missed))
        return sum(scores) / len(scores) if scores else 1.0

    @property
    def clear(self) -> Figures:
        """Figures of the posts that are not a person's in truth, counted as for posts of text alone."""
        found = self.confusion
        violating = [found[Outcome.VIOLATES, said] for said in Outcome]
        staying = [found[Outcome.ALLOWED, said] for said in Outcome]
        return Figures(
            posts=sum(violating) + sum(staying),
            violating=sum(violating),
            removed=found[Outcome.VIOLATES, Outcome.VIOLATES],
            missed=found[Outcome.VIOLATES, Outcome.ALLOWED],
            wrongly=found[Outcome.ALLOWED, Outcome.VIOLATES],
            kept=found[Outcome.ALLOWED, Outcome.ALLOWED],
            review=found[Outcome.VIOLATES, Outcome.REVIEW] + found[Outcome.ALLOWED, Outcome.REVIEW],
        )

    @property
    def right(self) -> int:
        """Posts judged as a careful moderator would."""
        return sum(truth == said for truth, said in (one.pair for one in self.judged))

    @property
    def critical_headlines(self) -> tuple[int, int]:
        """Front pages with a critical headline: removed, and all."""
        pages = [one for one in self.judged if one.case.critical_headline]
        return sum(one.verdict.outcome == Outcome.VIOLATES for one in pages), len(pages)

    def by(self, key: Callable[[Case], str]) -> dict[str, JointFigures]:
        """Return the figures of every group of cases, in the order in which the groups first appear."""
        groups: dict[str, list[Judged]] = {}
        for one in self.judged:
            groups.setdefault(key(one.case), []).append(one)
        return {name: JointFigures(judged=tuple(group)) for name, group in groups.items()}

    @property
    def wrong(self) -> tuple[Judged, ...]:
        """Posts removed that should not be, and posts that stay up though they should not."""
        return tuple(
            one
            for one in self.judged
            if one.case.truth != one.verdict.outcome
            and (one.verdict.outcome == Outcome.VIOLATES or one.verdict.outcome == Outcome.ALLOWED)
        )
