from __future__ import annotations

import numpy as np
import pytest

from tarazu.evaluation import curve
from tarazu.evaluation.baselines import Graph, counts
from tarazu.evaluation.goals import goals
from tarazu.evaluation.worlds import table


def point(method: str, coverage: float, value: float) -> dict[str, object]:
    return {"method": method, "cut": "", "networks": 3, "coverage": coverage, "nmi": value}


def test_the_envelope_keeps_what_nothing_beats() -> None:
    rows = [point("a", 0.2, 0.9), point("a", 0.4, 0.7), point("b", 0.5, 0.8), point("Tarazu", 0.9, 0.9)]
    assert [r["coverage"] for r in curve.envelope(rows)] == [0.2, 0.5]


def test_our_curve_is_read_between_its_points_and_not_beyond() -> None:
    rows = [point("Tarazu, ranked", 0.2, 0.8), point("Tarazu, ranked", 0.4, 0.6)]
    assert curve.ours_at(rows, 0.3) == pytest.approx(0.7)
    assert curve.ours_at(rows, 0.5) is None


def test_leiden_divides_the_edges_of_a_weight() -> None:
    names = [(a, f"{team}{i}") for team in "uv" for i in range(4) for a in {"u": "abc", "v": "xyz"}[team]]
    posts = table(
        {
            "post_id": [str(i) for i in range(len(names))],
            "account_id": [a for a, _ in names],
            "urls": [[u] for _, u in names],
            "created_at": [0] * len(names),
        }
    )
    graph: Graph = counts(posts, ("co_url",), 60)
    assert {*curve.leiden(graph, 4, 1.0)} == {frozenset("abc"), frozenset("xyz")}
    assert curve.leiden(graph, 5, 1.0) == []


@pytest.mark.parametrize(("bad", "holds"), [(0, True), (1, True), (2, False)])
def test_a_promise_of_one_in_a_hundred_is_judged_by_twenty_runs(bad: int, holds: bool) -> None:
    runs = [
        {
            "suite": "nulls",
            "facts": {"data": "d", "how": "sessions shifted"},
            "edges": int(i < bad),
            "members": 0,
        }
        for i in range(20)
    ]
    (goal,) = goals(runs)
    assert (goal.measured, goal.holds) == (f"{bad} of 20", holds)


def test_a_curve_that_ends_early_misses_its_goal() -> None:
    rows = [
        point("Tarazu, ranked", 0.2, 0.8),
        point("Tarazu, ranked", 0.4, 0.8),
        point("a", 0.3, 0.7),
        point("a", 0.6, 0.6),
    ]
    (goal,) = goals([{"suite": "purity", "purity": rows}])
    assert not goal.holds
    assert goal.measured == "above at 1 of 2 points; ours ends before 60%"
    assert np.isclose(curve.ours_at(rows, 0.3) or 0, 0.8)
