"""Figures of the joint verdict, worked out by hand and held against properties."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tarazu.evaluation.media.joint.cases import Case, cases
from tarazu.evaluation.media.joint.figures import JointFigures, Judged
from tarazu.evaluation.media.joint.section import section
from tarazu.verdicts import Outcome, Verdict


def judged(case: Case, outcome: Outcome) -> Judged:
    verdict = Verdict(
        post_id=case.id,
        outcome=outcome,
        grounds=(),
        mentions=(),
        stances=(),
        purpose=None,
        words=(),
        where={},
        reason="",
        versions={},
    )
    return Judged(case=case, verdict=verdict)


def of_truth(truth: Outcome, count: int) -> list[Case]:
    return [case for case in cases("test") if case.truth == truth][:count]


def test_worked_by_hand() -> None:
    rows = [
        *(judged(c, Outcome.VIOLATES) for c in of_truth(Outcome.VIOLATES, 3)),
        *(judged(c, Outcome.ALLOWED) for c in of_truth(Outcome.VIOLATES, 4)[3:]),
        *(judged(c, Outcome.ALLOWED) for c in of_truth(Outcome.ALLOWED, 4)),
        *(judged(c, Outcome.REVIEW) for c in of_truth(Outcome.ALLOWED, 6)[4:]),
        *(judged(c, Outcome.REVIEW) for c in of_truth(Outcome.REVIEW, 2)),
        *(judged(c, Outcome.VIOLATES) for c in of_truth(Outcome.REVIEW, 3)[2:]),
    ]
    found = JointFigures(judged=tuple(rows))
    # violates: 3 hit, 1 false, 1 missed; allowed: 4, 1, 2; review: 2, 2, 1
    assert found.macro_f1 == pytest.approx((6 / 8 + 8 / 11 + 4 / 7) / 3)
    assert found.clear.posts == 10
    assert found.clear.macro_f1 == pytest.approx((6 / 7 + 8 / 9) / 2)
    assert found.clear.strict_f1 == pytest.approx((6 / 7 + 8 / 11) / 2)
    assert found.right == 9
    assert len(found.wrong) == 2


@given(st.lists(st.sampled_from(list(Outcome)), min_size=120, max_size=120))
def test_groups_add_up_and_only_the_truth_is_perfect(outcomes: list[Outcome]) -> None:
    rows = tuple(judged(case, one) for case, one in zip(cases("test"), outcomes, strict=True))
    found = JointFigures(judged=rows)
    assert (found.macro_f1 == 1) == (found.right == 120)
    assert 0 <= found.macro_f1 <= 1
    for key in ("lang", "form"):
        groups = found.by(lambda case, key=key: getattr(case, key))
        assert sum(len(group.judged) for group in groups.values()) == 120
        assert sum((group.confusion for group in groups.values()), start=type(found.confusion)()) == (
            found.confusion
        )


def test_a_critical_headline_that_is_removed_is_counted_and_shown() -> None:
    test = cases("test")
    right = JointFigures(judged=tuple(judged(case, case.truth) for case in test))
    assert right.critical_headlines == (0, 9)
    assert "0 of 9" in section(right)
    page = next(case for case in test if case.critical_headline)
    wrong = JointFigures(
        judged=tuple(judged(case, Outcome.VIOLATES if case is page else case.truth) for case in test)
    )
    assert wrong.critical_headlines == (1, 9)
    assert page.picture.lines[0] in section(wrong)
