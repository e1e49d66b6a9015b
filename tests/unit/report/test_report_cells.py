"""Exports are safe to open and true (CVE-2021-41270): no cell is a formula, every cell comes back exactly."""

from __future__ import annotations

import csv
import io
import random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tarazu.report import cells

FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
PARTS = [*"=+-@\t\r\n'\",;| a1＝س🚢\x00\u200b\ufeff", "cmd|' /C calc'!A0", "%0A"]
SCHEMA = {"id": pl.String(), "n": pl.Float64()}


def generated(count: int, seed: int) -> list[str]:
    rng = random.Random(seed)
    return ["".join(rng.choices(PARTS, k=rng.randint(0, 7))) for _ in range(count)]


def written(values: list[str | None]) -> bytes:
    out = io.BytesIO()
    cells.write(pl.DataFrame({"id": values, "n": [-0.5] * len(values)}, schema=SCHEMA), out)
    return out.getvalue()


def test_100_000_generated_cells_hold_no_formula_and_come_back() -> None:
    values = generated(100_000, 15)
    raw = written(list(values))
    for row in csv.reader(io.StringIO(raw.decode(), newline="")):
        assert not row[0].startswith(FORMULA) and not row[0].lstrip(' "\u200b\ufeff').startswith(FORMULA)
    assert cells.read(io.BytesIO(raw), SCHEMA)["id"].to_list() == values


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_no_formula_appears_when_a_spreadsheet_splits_at_another_separator(separator: str) -> None:
    raw = written(list(generated(20_000, 16))).decode()
    for line in raw.splitlines():
        for cell in line.split(separator)[1:]:
            assert not cell.lstrip(' "').startswith(FORMULA[:4]), cell


@settings(max_examples=400, deadline=None)
@given(st.lists(st.one_of(st.none(), st.text()), min_size=1, max_size=20))
def test_any_text_comes_back(values: list[str | None]) -> None:
    assert cells.read(io.BytesIO(written(values)), SCHEMA)["id"].to_list() == values


@given(st.text(alphabet=st.sampled_from("".join(PARTS))))
def test_the_rule_is_its_own_inverse(text: str) -> None:
    assert cells.unescape(cells.escape(text)) == text


def test_ids_look_as_documented() -> None:
    assert [cells.escape(t) for t in ("-1", "@ida", "+98", "plain", "'tis", "a;=1")] == [
        "'-1", "'@ida", "'+98", "plain", "''tis", "a;'=1",
    ]  # fmt: skip


def test_numbers_stay_numbers() -> None:
    assert written(["x"]) == b'"id","n"\n"x",-0.5\n'
