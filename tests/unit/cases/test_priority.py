"""The order in which people look."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tarazu.cases.priority import SEVERITY, Weight, reach_of
from tarazu.verdicts import Severity

NOW = datetime(2026, 11, 23, tzinfo=UTC)
share = st.floats(0, 1)
hours = st.floats(-1e5, 1e5).map(lambda one: NOW + timedelta(hours=one))
weights = st.builds(
    Weight,
    severity=st.sampled_from(list(Severity)),
    reach=share,
    certainty=share,
    reports=st.integers(0, 10**6),
    trusted=st.booleans(),
    order=st.just(False),
    opened_at=hours,
    due_at=st.none() | hours,
)


@given(weights, share, share, st.integers(0, 1000), st.sampled_from(list(Severity)), st.floats(0, 1e4))
def test_more_of_anything_never_lowers_a_case(
    one: Weight, reach: float, certainty: float, reports: int, severity: Severity, earlier: float
) -> None:
    graver = [
        replace(one, reach=max(one.reach, reach)),
        replace(one, certainty=max(one.certainty, certainty)),
        replace(one, reports=one.reports + reports),
        replace(one, severity=max(one.severity, severity, key=SEVERITY.__getitem__)),
        replace(one, trusted=True),
        replace(one, opened_at=one.opened_at - timedelta(hours=earlier)),
        replace(one, due_at=(one.due_at or NOW) - timedelta(hours=earlier)) if one.due_at else one,
        replace(one, due_at=one.opened_at) if one.due_at is None else one,
    ]
    assert all(other.priority >= one.priority for other in graver)
    assert 0 <= one.base <= 100


@given(weights, weights, hours, hours)
def test_an_order_stands_before_everything_and_the_earlier_order_first(
    order: Weight, other: Weight, due: datetime, later: datetime
) -> None:
    assert replace(order, order=True, due_at=due).priority > other.priority
    if later - due > timedelta(minutes=10):
        one, two = replace(order, order=True, due_at=due), replace(other, order=True, due_at=later)
        assert one.priority > two.priority


@given(st.floats(0, 1e12), st.floats(0, 1e12))
def test_reach_grows_with_the_audience_up_to_one(one: float, more: float) -> None:
    assert 0 <= reach_of(one) <= reach_of(one + more) <= 1
