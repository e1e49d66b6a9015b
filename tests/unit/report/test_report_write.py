"""All files or none; the same bytes for the same result; nobody else's files touched."""

from __future__ import annotations

import json
from pathlib import Path

import invented
import payloads
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from tarazu.errors import OutputError
from tarazu.report import cells
from tarazu.report import write as writing
from tarazu.report.view import ACCOUNTS, EDGES, EVIDENCE


class Reading:
    rejected = pl.DataFrame(
        {"file": ["a.csv"], "position": [3], "reason": ["no time"], "sample": ["<b>\x00"]}
    )


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_every_file_of_the_contract_is_there_and_true(tmp_path: Path) -> None:
    result = invented.result(invented.World(hostile=payloads.payloads(), sizes=(40, 12)))
    out = tmp_path / "deep" / "report"
    result.write(out, Reading())  # type: ignore[arg-type]
    assert sorted(bytes_of(out)) == sorted(writing.FILES)
    assert_frame_equal(
        cells.read(out / "accounts.csv", ACCOUNTS),
        result.accounts.sort("network_id", "account_id"),
        check_exact=True,
    )
    order = ["source", "target", "trace", "window"]
    assert_frame_equal(
        cells.read(out / "edges.csv", EDGES).sort(order), result.edges.sort(order), check_exact=True
    )
    assert_frame_equal(pl.read_parquet(out / "evidence.parquet"), result.evidence.sort(list(EVIDENCE)))
    found = json.loads((out / "networks.json").read_text())
    assert found["schema"] == "tarazu.networks.v1"
    assert [n["reason"] for n in found["networks"]] == [n.reason for n in result.networks]
    assert found["networks"][0]["members"][0]["handle"] == result.networks[0].members[0].handle
    assert json.loads((out / "rejected.jsonl").read_text()) == Reading.rejected.row(0, named=True)


def test_the_same_result_gives_the_same_bytes(tmp_path: Path) -> None:
    invented.result().write(tmp_path / "a")
    invented.result().write(tmp_path / "b")
    assert bytes_of(tmp_path / "a") == bytes_of(tmp_path / "b")


@pytest.mark.parametrize(
    "error", [OSError(28, "No space left on device"), KeyboardInterrupt(), RuntimeError("x")]
)
@pytest.mark.parametrize("where", ["write_gexf", "render", "_flush", "_swap"])
def test_a_failure_leaves_what_was_there(
    error: BaseException, where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "report"
    invented.empty().write(out)
    before = bytes_of(out)

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(writing, where, fail)
    with pytest.raises((OutputError, KeyboardInterrupt, RuntimeError)):
        invented.result().write(out)
    assert bytes_of(out) == before
    assert [path.name for path in tmp_path.iterdir()] == ["report"]


def test_a_failure_between_the_two_renames_puts_the_old_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "report"
    invented.empty().write(out)
    before = bytes_of(out)
    real = Path.replace

    def replace(self: Path, target: Path) -> Path:
        if ".partial-" in self.name:
            raise KeyboardInterrupt
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    with pytest.raises(KeyboardInterrupt):
        invented.result().write(out)
    assert bytes_of(out) == before and [path.name for path in tmp_path.iterdir()] == ["report"]


def test_an_older_report_is_replaced_whole(tmp_path: Path) -> None:
    invented.result().write(tmp_path / "report")
    (tmp_path / "report" / ".DS_Store").write_bytes(b"")
    invented.empty().write(tmp_path / "report")
    assert b"No coordinated networks" in (tmp_path / "report" / "report.html").read_bytes()
    assert sorted(bytes_of(tmp_path / "report")) == sorted(writing.FILES)


def test_other_files_are_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(OutputError, match="holds other files"):
        invented.empty().write(tmp_path)
    with pytest.raises(OutputError, match="not a folder"):
        invented.empty().write(tmp_path / "notes.txt")
    assert (tmp_path / "notes.txt").read_text() == "mine"
