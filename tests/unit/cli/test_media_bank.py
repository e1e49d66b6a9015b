"""A bank kept from the command line, from the first picture to the export."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tarazu.cli import main
from tarazu.media.bank import Seen
from tarazu.sightings import PictureHash

HEX = "0f1e2d3c4b5a6978" * 4


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as end:
        main(["media", "bank", *map(str, arguments)])
    return int(end.value.code or 0)


def made(tmp_path: Path, *told: object) -> Path:
    path = tmp_path / "emblems.bank"
    assert run("create", path, "--owner", "Trust", "--reason", "to test", *told) == 0
    return path


def listed(capsys: pytest.CaptureFixture[str], bank: Path) -> list[dict[str, object]]:
    capsys.readouterr()
    assert run("list", bank, "--json") == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_an_entry_goes_its_way(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bank = made(tmp_path)
    assert run("add", bank, "--pdq", HEX, "--entity", "org-1", "--shows", "emblem", "--by", "Ada") == 0
    (entry,) = listed(capsys, bank)
    assert (entry["state"], entry["entity_id"], entry["shows"]) == ("quarantined", "org-1", "emblem")
    id = entry["id"]
    for verb, state in (
        (("confirm", bank, id), "active"),
        (("remove", bank, id, "--reason", "wrong"), "removed"),
        (("restore", bank, id, "--reason", "right after all"), "quarantined"),
    ):
        assert run(*verb, "--by", "Ben") == 0
        assert listed(capsys, bank)[0]["state"] == state
    assert run("feedback", bank, id, "--false", "--reference", "post-1", "--by", "Ben") == 0
    assert run("show", bank, id) == 0
    shown = capsys.readouterr().out
    assert "removed by Ben: wrong" in shown and "false 1 times" in shown
    assert run("remove", bank, id, "--purge", "--reason", "a court", "--by", "Ben") == 0
    assert listed(capsys, bank) == []


def test_pictures_are_added_and_the_past_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from datetime import UTC, datetime

    from PIL import Image

    picture = Image.effect_mandelbrot((300, 200), (-2, -1, 1, 1), 40)
    picture.save(tmp_path / "known.png")
    Image.new("RGB", (300, 200), "white").save(tmp_path / "white.png")
    (tmp_path / "text.png").write_text("no picture")
    bank = made(tmp_path)
    assert run("add", bank, tmp_path / "known.png") == 0
    (entry,) = listed(capsys, bank)
    with Seen(tmp_path / "seen.db") as seen:
        seen.remember([PictureHash(pdq=str(entry["pdq"]), quality=90)], "post-7", datetime.now(UTC))
    other = tmp_path / "other.bank"
    assert run("create", other, "--owner", "Trust", "--reason", "to test") == 0
    files = (tmp_path / "known.png", tmp_path / "white.png", tmp_path / "text.png")
    assert run("add", other, *files, "--seen", tmp_path / "seen.db") == 2
    out, err = capsys.readouterr()
    assert "post-7" in out and "0 bits" in out
    assert "only exact copies" in out
    assert "text.png" in err
    assert len(listed(capsys, other)) == 2


@pytest.mark.parametrize("form", ["csv", "hma", "threatexchange", "threatexchange-csv"])
def test_export_and_import(tmp_path: Path, form: str, capsys: pytest.CaptureFixture[str]) -> None:
    bank, file = made(tmp_path), tmp_path / "out"
    assert run("add", bank, "--pdq", HEX, "--trusted") == 0
    assert run("export", bank, file, "--to", form) == 0
    assert run("export", bank, file, "--to", form) == 3  # not replaced unless asked
    with file.open("a") as stream:
        stream.write("pdq zz\n" if form != "hma" else "")
    other = tmp_path / "other.bank"
    assert run("create", other, "--owner", "Trust", "--reason", "to test") == 0
    assert run("import", other, file, "--rejected", tmp_path / "rejected.jsonl") == 0
    assert [entry["pdq"] for entry in listed(capsys, other)] == [HEX]
    lines = (tmp_path / "rejected.jsonl").read_text().splitlines()
    assert [json.loads(line)["position"] for line in lines] == ([] if form == "hma" else [2])


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["list", "nowhere.bank"], "not there"),
        (["add", "BANK"], "Give files, or --pdq"),
        (["add", "BANK", "--pdq", HEX, "--expires", "soon"], "YYYY-MM-DD"),
        (["add", "BANK", "--pdq", HEX, "--expires", "2001-01-01"], "has come"),
        (["add", "BANK", "--pdq", "zz"], "no PDQ hash"),
        (["list", "BANK", "--state", "asleep"], "no state"),
        (["show", "BANK", "nobody"], "no entry"),
        (["import", "BANK", "nowhere"], "not there"),
        (["export", "BANK", "out", "--to", "xml"], "no form"),
    ],
)
def test_a_mistake_is_told_in_words(
    tmp_path: Path, arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    bank = made(tmp_path)
    assert run(*(str(bank) if word == "BANK" else word for word in arguments)) == 2
    err = capsys.readouterr().err
    assert says in err and "Traceback" not in err
