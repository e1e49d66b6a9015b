"""The exact tail against enumeration, and the saddlepoint against the exact tail."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tarazu.coordination import tail


@given(st.lists(st.floats(0.001, 0.999), min_size=1, max_size=9), st.integers(0, 10))
def test_the_tail_is_the_sum_over_all_outcomes(q: list[float], k: int) -> None:
    total = sum(
        float(np.prod([p if x else 1 - p for p, x in zip(q, outcome, strict=True)]))
        for outcome in product((0, 1), repeat=len(q))
        if sum(outcome) >= k
    )
    found = tail.upper_tail(np.array(q), len(q), k, np.empty(len(q) + 1))
    assert found == pytest.approx(total, rel=1e-9, abs=1e-300)


def test_small_tails_keep_their_relative_accuracy() -> None:
    q = np.full(60, 1e-3)
    assert tail.upper_tail(q, 60, 60, np.empty(61)) == pytest.approx(1e-180, rel=1e-9)


@pytest.mark.parametrize(("n", "k"), [(50, 20), (200, 60), (500, 140)])
def test_the_saddlepoint_agrees_with_the_exact_tail(n: int, k: int) -> None:
    q = np.linspace(0.05, 0.3, n)
    exact = tail.upper_tail(q, n, k, np.empty(n + 1))
    assert tail._saddlepoint(q, n, k) == pytest.approx(exact, rel=0.01)
