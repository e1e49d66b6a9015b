"""Figures of verdicts whose truth is known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from tarazu.evaluation.policy.judged import Judged
from tarazu.verdicts import Outcome


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What came of a set of posts. Rates are shares of the posts that the word names."""

    posts: int
    violating: int  # in truth
    removed: int  # violating posts that were judged so
    missed: int  # violating posts judged to stay up
    wrongly: int  # posts that should stay, judged to violate
    kept: int  # posts that should stay, judged so
    review: int  # posts left to a person

    @property
    def macro_f1(self) -> float:
        """Mean F1 of `violates` and `allowed` over the posts that the judge decided."""
        return (f1(self.removed, self.wrongly, self.missed) + f1(self.kept, self.missed, self.wrongly)) / 2

    @property
    def strict_f1(self) -> float:
        """The same with every post left to a person counted as wrong."""
        open_violating = self.violating - self.removed - self.missed
        open_allowed = self.review - open_violating
        return (
            f1(self.removed, self.wrongly, self.missed + open_violating)
            + f1(self.kept, self.missed, self.wrongly + open_allowed)
        ) / 2

    @property
    def wrong_rate(self) -> float:
        """Share of the posts that should stay, judged to violate."""
        return self.wrongly / max(1, self.posts - self.violating)

    @property
    def missed_rate(self) -> float:
        """Share of the violating posts, judged to stay up."""
        return self.missed / max(1, self.violating)

    @property
    def review_rate(self) -> float:
        """Share of all posts, left to a person."""
        return self.review / max(1, self.posts)


def f1(hit: int, false: int, missed: int) -> float:
    """Return F1 of one class; 1 when there was nothing to find and nothing was found."""
    return 2 * hit / (2 * hit + false + missed) if hit + false + missed else 1.0


def figures(judged: Iterable[Judged]) -> Figures:
    """Return the figures of a set of posts."""
    rows = [(one.case.truth, one.outcome) for one in judged]
    return Figures(
        posts=len(rows),
        violating=sum(truth == Outcome.VIOLATES for truth, _ in rows),
        removed=rows.count((Outcome.VIOLATES, Outcome.VIOLATES)),
        missed=rows.count((Outcome.VIOLATES, Outcome.ALLOWED)),
        wrongly=rows.count((Outcome.ALLOWED, Outcome.VIOLATES)),
        kept=rows.count((Outcome.ALLOWED, Outcome.ALLOWED)),
        review=sum(outcome == Outcome.REVIEW for _, outcome in rows),
    )


def by(judged: Sequence[Judged], key: Callable[[Judged], str]) -> dict[str, Figures]:
    """Return the figures of every group, in the order of their names."""
    groups: dict[str, list[Judged]] = {}
    for one in judged:
        groups.setdefault(key(one), []).append(one)
    return {name: figures(groups[name]) for name in sorted(groups)}
