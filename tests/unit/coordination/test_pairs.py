"""Pair counts against a brute force over all pairs of rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import product

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tarazu.coordination import pairs
from tarazu.coordination.pairs import count_pairs
from tarazu.errors import OptionError

Act = tuple[int, int, int, int]  # account, object, time, message
Edges = dict[tuple[int, int], int]
SEMANTICS = ("objects", "coortweet", "cnt")


def brute(acts: list[Act], window: int, semantics: str, min_weight: int) -> Edges:
    seen: dict[tuple[int, int], set[object]] = defaultdict(set)
    for (m, first), (n, second) in product(enumerate(acts), repeat=2):
        a, obj, time, message = first
        b, other, then, _ = second
        if a == b or obj != other or abs(time - then) > window:
            continue
        if semantics == "cnt":
            seen[a, b].add(message)
        elif a < b:
            seen[a, b].add(obj if semantics == "objects" else (m, n))
    return {pair: len(what) for pair, what in seen.items() if len(what) >= min_weight}


def ours(acts: list[Act], window: int, semantics: str, min_weight: int, messages: bool = True) -> Edges:
    table = np.array(acts, np.int64).reshape(-1, 4)
    account, obj, message = (table[:, i].astype(np.int32) for i in (0, 1, 3))
    source, target, weight = count_pairs(
        account, obj, table[:, 2], window, semantics, message if messages else None, min_weight
    )
    keys = list(zip(source.tolist(), target.tolist(), strict=True))
    assert keys == sorted(set(keys))
    return dict(zip(keys, weight.tolist(), strict=True))


@st.composite
def tables(draw: st.DrawFn) -> list[Act]:
    """Few accounts, objects and times: ties, repeated acts and messages of several objects are common."""
    step = draw(st.sampled_from([1, 1000, 10**14]))  # 10^14 ms do not fit into a packed key with wide objects
    wide = draw(st.sampled_from([1, 40_000]))
    rows = draw(
        st.lists(
            st.tuples(st.integers(0, 5), st.integers(0, 3), st.integers(-3, 12), st.integers(0, 6)),
            max_size=24,
        )
    )
    # A message has one author, and names an object once.
    unique = {(a * 7 + m, o): (a, o * wide, t * step, a * 7 + m) for a, o, t, m in rows}
    repeated = draw(st.booleans())
    if not repeated:
        return list(unique.values())
    return [(a, o * wide, t * step, n) for n, (a, o, t, _) in enumerate(rows)]


WAYS = ("at once", "by ranges", "with heavy objects set aside", "both")


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Every way of counting the module can choose, forced on small tables."""
    if request.param in ("by ranges", "both"):
        monkeypatch.setattr(pairs, "_BATCH", 3)
    if request.param in ("with heavy objects set aside", "both"):
        monkeypatch.setattr(pairs, "_HEAVY", 1)
    yield request.param


@pytest.mark.parametrize("semantics", SEMANTICS)
@pytest.mark.usefixtures("way")
def test_counts_are_those_of_a_brute_force(semantics: str) -> None:
    @settings(max_examples=120, deadline=None)
    @given(tables(), st.sampled_from([0, 1, 2, 5, 1000, 4000, 10**14, 3 * 10**14]), st.integers(1, 4))
    @example([(0, 0, 5, 0), (1, 0, 5, 1), (2, 0, 5, 2), (0, 0, 5, 3)], 0, 1)
    @example([(0, 0, 0, 0), (1, 0, 0, 7)] * 3, 0, 1)
    @example([], 60, 1)
    def check(acts: list[Act], window: int, min_weight: int) -> None:
        acts = list(dict.fromkeys(acts))
        assert ours(acts, window, semantics, min_weight) == brute(acts, window, semantics, min_weight)

    check()


@pytest.mark.usefixtures("way")
def test_without_messages_every_row_is_one() -> None:
    @settings(max_examples=80, deadline=None)
    @given(tables(), st.integers(0, 5))
    def check(acts: list[Act], window: int) -> None:
        rows = [(a, o, t, n) for n, (a, o, t, _) in enumerate(acts)]
        assert ours(rows, window, "cnt", 1, messages=False) == brute(rows, window, "cnt", 1)

    check()


@pytest.mark.parametrize("semantics", SEMANTICS)
def test_order_of_the_rows_does_not_matter(semantics: str) -> None:
    rng = np.random.default_rng(3)
    acts = [(int(a), int(o), int(t), n) for n, (a, o, t) in enumerate(rng.integers(0, (9, 5, 300), (200, 3)))]
    there = ours(acts, 7, semantics, 1)
    assert there == ours(acts[::-1], 7, semantics, 1)
    assert there == brute(acts, 7, semantics, 1)


def test_edges_at_the_window_count() -> None:
    acts = [(0, 0, 0, 0), (1, 0, 60_000, 1), (2, 0, 120_001, 2)]
    assert ours(acts, 60_000, "objects", 1) == {(0, 1): 1}


def test_one_object_with_100_000_actors_is_no_burden() -> None:
    rng = np.random.default_rng(5)
    crowd = np.arange(100_000)
    account = np.r_[crowd, rng.integers(0, 100_000, 300_000)].astype(np.int32)
    obj = np.r_[np.zeros(100_000), rng.integers(1, 60_000, 300_000)].astype(np.int32)
    time = np.r_[rng.integers(0, 60_000, 100_000), rng.integers(0, 10**8, 300_000)]
    with pytest.raises(OptionError, match="pairs lie within the window"):
        count_pairs(account, obj, time, 60_000)
    source, target, weight = count_pairs(account, obj, time, 60_000, min_weight=2)
    # Pairs that meet on any other object meet on the crowded one too.
    others = obj > 0
    a, b, n = count_pairs(account[others], obj[others], time[others], 60_000)
    assert np.array_equal(source, a)
    assert np.array_equal(target, b)
    assert np.array_equal(weight, n + 1)


def test_bad_options_say_what_to_do() -> None:
    none = np.zeros(0, np.int32)
    with pytest.raises(OptionError, match="choose one of objects, coortweet, cnt"):
        count_pairs(none, none, np.zeros(0, np.int64), 1, "sessions")
    with pytest.raises(OptionError, match="zero seconds or longer"):
        count_pairs(none, none, np.zeros(0, np.int64), -1)
