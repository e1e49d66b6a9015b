"""The pair test: it keeps its level when nobody is coordinated, and sees those who are."""

import numpy as np
from small_worlds import HOUR, joined, world

from tarazu.coordination.cells import make_cells
from tarazu.coordination.events import Events
from tarazu.coordination.timing import Null, Outcome, cauchy, examine_pairs, learn

WINDOWS = np.array([10, 60, 300, 1800], np.int64) * 1000


def run(events: Events, accounts: int = 300) -> tuple[Null, np.ndarray, Outcome]:
    null, keys = learn(make_cells(events, accounts), WINDOWS)
    return null, keys, examine_pairs(null, keys)


def test_independent_sharers_have_large_p_values(rng: np.random.Generator) -> None:
    found = np.concatenate([run(world(rng))[2].combined for _ in range(6)])
    assert found.size > 300
    for level in (0.1, 0.05, 0.01):
        assert (found <= level).mean() <= level


def test_a_pair_that_keeps_meeting_is_found(rng: np.random.Generator) -> None:
    base = world(rng)
    which = np.repeat(np.arange(400, 412), 2)
    when = np.repeat(rng.integers(0, 20 * 24, 12) * HOUR, 2) + rng.integers(0, 30_000, 24)
    _, keys, result = run(joined(base, np.tile([3, 9], 12), which, when))
    pair = int(np.flatnonzero(keys == (3 << 32 | 9))[0])
    assert result.combined[pair] < 1e-6
    assert result.weight[pair, 1] >= 10 > result.expected[pair, 1]


def test_one_long_session_is_one_meeting(rng: np.random.Generator) -> None:
    """Twelve objects shared within twenty minutes, once: one overlap of two sessions, not twelve coincidences."""
    base = world(rng)
    which = np.repeat(np.arange(400, 412), 2)
    when = 9 * HOUR + np.repeat(np.arange(12) * 100_000, 2) + rng.integers(0, 20_000, 24)
    _, keys, result = run(joined(base, np.tile([3, 9], 12), which, when))
    assert result.combined[int(np.flatnonzero(keys == (3 << 32 | 9))[0])] > 1e-3


def test_a_burst_of_strangers_explains_a_burst(rng: np.random.Generator) -> None:
    """Ten fans who always share within the same minute as forty strangers are not called."""
    base = world(rng, accounts=900)
    who, which, when = [], [], []
    for k in range(10):
        crowd = np.r_[np.arange(10), rng.choice(np.arange(10, 900), 40, replace=False)]
        who.append(crowd)
        which.append(np.full(50, 400 + k))
        when.append(rng.integers(0, 20 * 24) * HOUR + rng.integers(0, 60_000, 50))
    _, keys, result = run(joined(base, *map(np.concatenate, (who, which, when))), 900)
    fans = (keys >> 32 < 10) & ((keys & 0xFFFFFFFF) < 10)
    assert fans.sum() == 45
    assert result.combined[fans].min() > 1e-3


def test_no_evidence_in_a_window_does_not_veto_another() -> None:
    assert cauchy(np.array([[1.0, 1.0, 1.0, 1e-8]]))[0] < 1e-7
    assert cauchy(np.array([[1.0, 1.0, 1.0, 1.0]]))[0] == 1.0
