"""Finders on a few drawings, with real hashes; the record they leave; an interrupted run."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from tarazu.evaluation.media import curves, finders, robustness, tables, told_apart, unrelated
from tarazu.evaluation.media.changes import changes
from tarazu.evaluation.media.drawings import picture
from tarazu.evaluation.media.robust_part import summary

FEW = [
    *[change for change in changes() if change.family in ("as it is", "turned")],
    *[next(change for change in changes() if change.family == family) for family in curves.PANELS],
]
SIZE = {"decoys": 5, "strangers": 3, "ways": FEW, "side": 300}


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> robustness.Record:
    kept = tmp_path_factory.mktemp("kept")
    return robustness.measure(5, 80, **SIZE, kept=kept) | {"kept": kept}


def test_finders_find_what_they_are_made_for() -> None:
    drawn, turned = picture(3, side=400), picture(3, side=400).rotate(90, expand=True)
    known: list[finders.Finder] = [finders.Pdq(turns=False), finders.Pdq(turns=True), finders.Upstream()]
    for finder in known:
        finder.add(3, drawn)
        finder.add(4, picture(4, side=400))
    assert [finder.find(drawn) for finder in known] == [{3}, {3}, {3}]
    assert [finder.find(turned) for finder in known] == [set(), {3}, set()]
    assert [finder.find(picture(5, side=400)) for finder in known] == [set(), set(), set()]


def test_unrelated_hashes_are_answered_with_numbers_of_their_own() -> None:
    others = unrelated.hashes(16)
    assert others.shape == (16, 4)
    finder = finders.Pdq(turns=False, others=others)
    finder.add(0, picture(0, side=200))
    drawn = picture(unrelated.FIRST, side=unrelated.SIDE)
    assert -1 in finder.find(drawn)


def test_the_record_counts_every_change(record: robustness.Record) -> None:
    assert len(record["rows"]) == 8
    for row in record["rows"]:
        assert {len(found) for found in row["found"].values()} == {len(FEW) if row["known"] else 1}
    whole = tables.share(record, finders.PLAIN, lambda change: change["family"] == "as it is")
    turned = tables.share(record, finders.TURNS, lambda change: change["family"] == "turned")
    assert (whole, turned) == (1.0, 1.0)
    assert tables.share(record, finders.PLAIN, lambda change: change["family"] == "turned") < 0.1
    assert tables.wrong_counts(record, finders.PLAIN, known=False)[0] == 3


def test_an_interrupted_run_goes_on(record: robustness.Record, monkeypatch: pytest.MonkeyPatch) -> None:
    store: Path = record["kept"] / "robustness.jsonl"
    lines = store.read_text(encoding="utf-8").splitlines()
    store.write_text("\n".join(lines[:-2]) + '\n{"stamp": "cut o', encoding="utf-8")
    looked = []
    real = robustness.look
    monkeypatch.setattr(robustness, "look", lambda job, *rest: (looked.append(job.name), real(job, *rest))[1])
    again = robustness.measure(5, 80, **SIZE, kept=record["kept"])
    names = [json.loads(line)["name"] for line in lines[-2:]]
    assert sorted(looked) == sorted(names)
    for one, two in zip(again["rows"], record["rows"], strict=True):
        assert (one["found"], one["wrong"]) == (two["found"], two["wrong"])


def test_the_section_says_each_change_and_the_chart_each_panel(record: robustness.Record) -> None:
    text = tables.section(record)
    for change in record["changes"]:
        assert f"| {change['family']}" in text
    chart = curves.svg(record)
    assert all(f">{family}</text>" in chart for family in curves.PANELS)
    figures = summary(record)
    assert json.loads(json.dumps(figures))["recall"][0]["PDQ"] == 1.0


def test_the_bound_on_a_share_is_the_rule_of_three() -> None:
    assert tables.upper(0, 1000) == pytest.approx(3 / 1000, rel=0.01)
    assert tables.upper(10, 10) == 1.0
    assert np.all(np.diff([tables.upper(wrong, 50) for wrong in range(6)]) > 0)


def test_lookalikes_are_counted_by_pairs_and_copies(monkeypatch: pytest.MonkeyPatch) -> None:
    known = told_apart.lookalikes()
    # Without a number of their own, the others of a series are the known pictures: each answer is false.
    kinds = {
        "one table": known["one table"],
        "the same": lambda series, number: known["one logo"](series, number % 2),
    }
    monkeypatch.setattr(told_apart, "lookalikes", lambda: kinds)
    table, same = told_apart.measure(1, 2)
    assert (table["pairs"], table["false"][finders.LOCAL], table["copies"], table["found"]) == (4, 0, 2, 2)
    assert (same["false"][finders.LOCAL], same["found"]) == (2, 2)
    assert "| all | 8 | " in told_apart.section([table, same])
