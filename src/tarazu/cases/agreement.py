"""Agreement beyond chance: Cohen's kappa for two, Fleiss's for any number, each with an interval over cases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

T = TypeVar("T", bound=Sequence[str])
ROUNDS = 1_000
Pair = tuple[str, str]  # the first answer, the second
Ratings = Sequence[str]  # of one case, by however many


@dataclass(frozen=True, kw_only=True)
class Kappa:
    """1: always the same; 0: as often as by chance; None: nothing to compare, or nobody ever chose otherwise."""

    value: float | None
    low: float | None  # 95 %, by drawing the cases anew
    high: float | None
    cases: int
    same: int  # cases in which all said the same


def cohen(pairs: Sequence[Pair], seed: int = 0) -> Kappa:
    """Of two who judged the same cases (Cohen 1960)."""
    return _with_interval(pairs, _cohen, sum(one == other for one, other in pairs), seed)


def fleiss(ratings: Sequence[Ratings], seed: int = 0) -> Kappa:
    """Of any number, not the same people for each case (Fleiss 1971); a case with one answer says nothing."""
    several = [one for one in ratings if len(one) > 1]
    return _with_interval(several, _fleiss, sum(len(set(one)) == 1 for one in several), seed)


def _cohen(pairs: Sequence[Pair]) -> float | None:
    n = len(pairs)
    if not n:
        return None
    seen = sum(one == other for one, other in pairs) / n
    first, second = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    chance = sum(first[name] * second[name] for name in first) / (n * n)
    return None if chance >= 1 else (seen - chance) / (1 - chance)


def _fleiss(ratings: Sequence[Ratings]) -> float | None:
    if not ratings:
        return None
    total: Counter[str] = Counter()
    seen = 0.0
    for one in ratings:
        total.update(one)
        seen += _same(one)
    answers = sum(total.values())
    chance = sum((count / answers) ** 2 for count in total.values())
    return None if chance >= 1 else (seen / len(ratings) - chance) / (1 - chance)


def _with_interval(
    cases: Sequence[T], kappa: Callable[[Sequence[T]], float | None], same: int, seed: int
) -> Kappa:
    value = kappa(cases)
    if value is None:
        return Kappa(value=None, low=None, high=None, cases=len(cases), same=same)
    low, high = _interval([tuple(str(said) for said in one) for one in cases], seed, kappa is _fleiss)
    return Kappa(value=value, low=min(low, value), high=max(high, value), cases=len(cases), same=same)


def _interval(cases: Sequence[Ratings], seed: int, pooled: bool) -> tuple[float, float]:
    """The middle 95 % of kappa over cases drawn anew. Equal cases are drawn together, by their number."""
    import numpy as np

    kinds = Counter(tuple(sorted(one)) if pooled else tuple(one) for one in cases)
    known = sorted(kinds)
    labels = sorted({label for one in known for label in one})
    shares = np.array([kinds[one] for one in known]) / len(cases)
    drawn = np.random.default_rng(seed).multinomial(len(cases), shares, size=ROUNDS)
    seen = np.array([_same(one) for one in known])

    def of(ratings: Sequence[Ratings]) -> object:
        """How often each label was said, in each round."""
        said = np.array([[Counter(one)[label] for label in labels] for one in ratings])
        return drawn @ said

    if pooled:
        total: Any = of(known)
        chance = ((total / total.sum(axis=1, keepdims=True)) ** 2).sum(axis=1)
    else:
        first: Any = of([one[:1] for one in known])
        second: Any = of([one[1:] for one in known])
        chance = (first * second).sum(axis=1) / len(cases) ** 2
    with np.errstate(divide="ignore", invalid="ignore"):
        found = (drawn @ seen / len(cases) - chance) / (1 - chance)
    found = np.sort(np.where(chance >= 1, 1.0, found))  # drawn without any disagreement: they agree
    return float(found[int(ROUNDS * 0.025)]), float(found[int(ROUNDS * 0.975) - 1])


def _same(one: Ratings) -> float:
    """Of all pairs of answers to a case, the share that is the same."""
    counts, many = Counter(one), len(one)
    return (sum(count * count for count in counts.values()) - many) / (many * (many - 1))
