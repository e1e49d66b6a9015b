from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tarazu.evaluation.baselines import counts, pruned, similarity
from tarazu.evaluation.scores import auc, best_threshold, nmi, purity, score
from tarazu.evaluation.worlds import World, table

A, B, C = frozenset("abcd"), frozenset("efgh"), frozenset("xy")


def world(**groups: frozenset[str]) -> World:
    posts = table({"post_id": ["1"], "account_id": ["a"], "created_at": [0]})
    return World(name="w", posts=posts, truth=groups)


def test_score_counts_accounts_and_campaigns() -> None:
    result = score("m", [A | {"z"}, C], world(one=A, two=B))
    assert (result.flagged, result.false_accounts, result.false_networks) == (7, 3, 1)
    assert result.precision == pytest.approx(4 / 7)
    assert result.recall == 0.5
    assert (result.found, result.campaigns) == (1, 2)


def test_nothing_flagged_is_precise_and_blind() -> None:
    result = score("m", [], world(one=A))
    assert (result.precision, result.recall, result.f1) == (1.0, 0.0, 0.0)


def test_a_campaign_in_a_crowd_is_not_found() -> None:
    crowd = frozenset(str(i) for i in range(10))
    assert score("m", [A | crowd], world(one=A)).found == 0


def test_best_threshold_prefers_recall_among_the_precise() -> None:
    options = {"low": [A | C | B], "mid": [A], "high": [frozenset("ab")]}
    assert best_threshold(options, world(one=A)).method == "mid"
    assert best_threshold({"low": [A | B]}, world(one=A)).method == "low"


def test_nmi_against_known_values() -> None:
    assert nmi([1, 1, 2, 2], ["a", "a", "b", "b"]) == pytest.approx(1.0)
    assert nmi([1, 2, 1, 2], ["a", "a", "b", "b"]) == pytest.approx(0.0, abs=1e-12)
    # by hand: entropies ln 3 and ln 2; knowing the class leaves ln 2 in one case of three
    expected = 2 * (np.log(2) * 2 / 3) / (np.log(3) + np.log(2))
    assert nmi([1, 1, 2, 2, 3, 3], [0, 0, 0, 1, 1, 1]) == pytest.approx(expected)


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=60))
def test_nmi_is_symmetric_and_between_0_and_1(pairs: list[tuple[int, int]]) -> None:
    left, right = [p[0] for p in pairs], [p[1] for p in pairs]
    assert 0 <= nmi(left, right) <= 1 + 1e-12
    assert nmi(left, right) == pytest.approx(nmi(right, left))


def test_purity_covers_and_divides() -> None:
    result = purity("m", [A, B], {"one": A, "two": B}, 16)
    assert (result.coverage, result.nmi, result.networks) == (0.5, pytest.approx(1.0), 2)


def test_auc_with_ties() -> None:
    assert auc(np.array([1.0, 2, 3]), np.array([False, False, True])) == 1.0
    assert auc(np.array([1.0, 1, 1]), np.array([False, False, True])) == 0.5


def acts(rows: list[tuple[str, str, int]]) -> pl.DataFrame:
    return table(
        {
            "post_id": [str(i) for i in range(len(rows))],
            "account_id": [r[0] for r in rows],
            "urls": [[r[1]] for r in rows],
            "created_at": [r[2] * 1000 for r in rows],
        }
    )


@given(
    st.lists(
        st.tuples(st.sampled_from("abcde"), st.sampled_from("uvw"), st.integers(0, 300)),
        min_size=1,
        max_size=40,
    )
)
def test_counts_agree_with_a_double_loop(rows: list[tuple[str, str, int]]) -> None:
    expected: dict[tuple[str, str], set[str]] = {}
    for a, u, s in rows:
        for b, v, t in rows:
            if a < b and u == v and abs(s - t) <= 60:
                expected.setdefault((a, b), set()).add(u)
    graph = counts(acts(rows), ("co_url",), 60)
    names = graph.ids.to_list()
    found = {(names[i], names[j]): w for i, j, w in zip(graph.left, graph.right, graph.weight, strict=True)}
    assert found == {pair: len(objects) for pair, objects in expected.items()}


def test_objects_with_too_many_pairs_are_left_out_largest_first() -> None:
    rows = [(f"p{i}", "viral", 0) for i in range(100)] + [("a", "u", 0), ("b", "u", 1)]
    graph = counts(acts(rows), ("co_url",), 60, most=100)
    assert graph.networks(1) == [frozenset("ab")]


def test_components_by_weight() -> None:
    rows = [(a, f"u{i}", 0) for i in range(3) for a in "abc"] + [(a, "v", 0) for a in "xy"]
    graph = counts(acts(rows), ("co_url",), 60)
    assert graph.networks(1) == [frozenset("abc"), frozenset("xy")]
    assert graph.networks(2) == [frozenset("abc")]
    assert graph.networks(4) == []
    assert sorted(map(len, graph.communities(1))) == [2, 3]


def test_similarity_is_a_cosine() -> None:
    rows = [(a, f"u{i}", i) for i in range(5) for a in "ab"] + [("c", f"v{i}", i) for i in range(5)]
    rows += [("d", f"v{i}", i) for i in range(4)] + [("d", "u0", 9)]
    graph = similarity(acts(rows), ("co_url",))
    names = graph.ids.to_list()
    found = {(names[i], names[j]): w for i, j, w in zip(graph.left, graph.right, graph.weight, strict=True)}
    assert found["a", "b"] == pytest.approx(1.0)
    assert 0 < found["a", "d"] < found["c", "d"] < 1
    assert pruned(graph, 100) == [frozenset("ab")]
    assert pruned(similarity(acts(rows[:2]), ("co_url",)), 50) == []
