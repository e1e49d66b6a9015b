"""False-discovery rates: definitions on small cases, the promise by simulation."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tarazu.coordination.multiplicity import q_values, select, simes

P = arrays(np.float64, st.integers(1, 40), elements=st.floats(0, 1))


@given(
    st.lists(st.integers(0, 997), min_size=1, max_size=40), st.sampled_from([0.0101234, 0.0512345, 0.2123456])
)
def test_q_values_select_what_the_step_up_rule_selects(parts: list[int], level: float) -> None:
    p = np.array(parts) / 997  # no rank makes a tie with these levels
    order = np.sort(p)
    passing = np.flatnonzero(order <= level * np.arange(1, p.size + 1) / p.size)
    cut = order[passing[-1]] if passing.size else -1.0
    assert ((q_values(p) <= level) == (p <= cut)).all()


@given(P)
def test_simes_is_the_smallest_q_value_of_its_group(p: np.ndarray) -> None:
    groups, found = simes(np.zeros(p.size, np.int64), p)
    assert groups.tolist() == [0]
    assert np.isclose(found[0], q_values(p).min())


def test_a_clique_does_not_buy_false_accounts() -> None:
    """100 accounts with all their edges true beside 2,000 null pairs: at most the promised share of false accounts."""
    rng = np.random.default_rng(7)
    x, y = np.triu_indices(100, 1)
    false = []
    for _ in range(40):
        source = np.r_[x, 100 + np.arange(0, 4000, 2)].astype(np.int32)
        target = np.r_[y, 101 + np.arange(0, 4000, 2)].astype(np.int32)
        p = np.r_[np.full(x.size, 1e-12), rng.random(2000)]
        keep, _, _ = select(source, target, p, 0.05)
        named = np.unique(np.r_[source[keep], target[keep]])
        assert (named < 100).sum() == 100
        false.append((named >= 100).sum() / named.size)
    assert np.mean(false) <= 0.05
