from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tarazu.errors import InputError
from tarazu.evaluation import run
from tarazu.evaluation.suites import Job
from tarazu.evaluation.tables import Sheet


def test_evaluation_writes_tables_and_goes_on_where_it_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = run.evaluate(None, tmp_path, quick=True, suites=frozenset({"evasive"}))
    assert "slow drip" in text
    assert "slow drip" in (tmp_path / "networks.md").read_text(encoding="utf-8")
    made = json.loads((tmp_path / "networks.json").read_text(encoding="utf-8"))["made"]
    assert int(made["worlds"]) == len(list((tmp_path / "worlds").glob("*.json"))) > 5
    assert str(tmp_path) not in (tmp_path / "networks.md").read_text(encoding="utf-8")

    def fail(_: object) -> dict[str, object]:
        raise AssertionError("measured again")

    monkeypatch.setattr(run, "measure", fail)
    assert run.evaluate(None, tmp_path, quick=True, suites=frozenset({"evasive"})) == text


def test_worlds_are_measured_in_processes_of_their_own(tmp_path: Path) -> None:
    threads = os.environ.get("POLARS_MAX_THREADS")
    text = run.evaluate(None, tmp_path, suites=frozenset({"sample"}))
    assert "The bundled sample" in text
    assert (tmp_path / "worlds" / "the-bundled-sample.json").exists()
    assert os.environ.get("POLARS_MAX_THREADS") == threads


def test_a_broken_result_is_measured_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "w.json").write_text('{"stamp"', encoding="utf-8")
    monkeypatch.setattr(run, "measure", lambda _: {"value": 1})
    job = Job(suite="planted", name="w", build=lambda: None)  # type: ignore[arg-type, return-value]
    assert run.measured(job, tmp_path, None)["value"] == 1


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no folder"):
        run.evaluate(tmp_path / "nowhere")


def test_a_sheet_is_a_markdown_table() -> None:
    sheet = Sheet(title="T", note="N", columns=("a", "b"), rows=(("x|y", "1"),))
    assert sheet.markdown().splitlines()[4:] == ["| a | b |", "|---|--:|", "| x\\|y | 1 |"]
