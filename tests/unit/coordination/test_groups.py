"""Whole groups: a rotating campaign is found, a club of independent fans is not; members are told from bystanders."""

import numpy as np
from small_worlds import HOUR, joined, world

from tarazu.coordination.cells import make_cells
from tarazu.coordination.groups import burst_p, coordinated_groups
from tarazu.coordination.membership import examine_members
from tarazu.coordination.timing import learn

WINDOWS = np.array([10, 60, 300, 1800], np.int64) * 1000
CREW = np.arange(30)


def null_of(events, accounts=900):
    return learn(make_cells(events, accounts), WINDOWS)[0]


def rotating(rng: np.random.Generator, spread: int):
    """Twelve objects, each acted on by a random third of thirty accounts within `spread` ms."""
    who = np.concatenate([rng.choice(CREW, 10, replace=False) for _ in range(12)])
    which = np.repeat(np.arange(400, 412), 10)
    when = np.repeat(rng.integers(0, 20 * 24, 12) * HOUR, 10) + rng.integers(0, spread, 120)
    return who, which, when


def test_rotating_thirds_are_found_as_a_group(rng: np.random.Generator) -> None:
    null = null_of(joined(world(rng, 900), *rotating(rng, 60_000)))
    assert burst_p([null], CREW) < 1e-6
    label = coordinated_groups([null], np.full(900, -1, np.int32), 0.01)
    named = np.flatnonzero(label >= 0)
    assert np.isin(CREW, named).mean() >= 0.8
    assert np.isin(named, CREW).all()


def test_fans_with_times_of_their_own_are_not(rng: np.random.Generator) -> None:
    null = null_of(joined(world(rng, 900), *rotating(rng, 3 * HOUR)))
    assert burst_p([null], CREW) > 0.01
    assert (coordinated_groups([null], np.full(900, -1, np.int32), 0.01) < 0).all()


def test_a_bystander_is_told_from_a_member(rng: np.random.Generator) -> None:
    """Account 899 shares all the crew's objects, hours later."""
    who, which, when = rotating(rng, 60_000)
    late = np.array([when[which == o].max() + 2 * HOUR for o in range(400, 412)])
    events = joined(
        world(rng, 899), np.r_[who, np.full(12, 899)], np.r_[which, np.arange(400, 412)], np.r_[when, late]
    )
    label = np.full(900, -1, np.int32)
    label[CREW] = 0
    found = examine_members([null_of(events)], label)
    p = dict(zip(found.account.tolist(), found.p.tolist(), strict=True))
    assert p[899] > 0.05
    assert np.median([p[a] for a in CREW.tolist() if a in p]) < 0.01
