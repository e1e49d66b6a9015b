"""A file that is no bank, or no longer whole, is refused in one sentence; nothing is ever replaced."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest
from bank_parts import words

from tarazu.errors import NotReadable, OptionError, OutputError, TarazuError
from tarazu.media.bank import Bank, Entry


def made(path: Path, entries: int = 200) -> Path:
    with Bank.create(path, owner="o", reason="r") as bank:
        bank.add_many((Entry.picture(f"{n + 1:064x}") for n in range(entries)), by="a")
    assert not Path(f"{path}-wal").exists()  # closed, a bank is one file
    return path


@pytest.mark.parametrize(
    ("content", "why"),
    [(b"", "no bank"), (b"{}", "no bank"), (os.urandom(5000), "no bank"), (None, "not there")],
)
def test_what_is_no_bank_is_refused(tmp_path: Path, content: bytes | None, why: str) -> None:
    path = tmp_path / "x.bank"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(NotReadable, match=why):
        Bank.open(path)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("PRAGMA user_version = 2", "version 2"),
        ("PRAGMA application_id = 7", "no bank"),
        ("DROP TRIGGER change_stays", "altered"),
        ("CREATE TRIGGER t AFTER INSERT ON entry BEGIN DELETE FROM frame; END", "altered"),
    ],
)
def test_an_altered_bank_is_refused(tmp_path: Path, change: str, why: str) -> None:
    path = made(tmp_path / "x.bank", 1)
    other = sqlite3.connect(path)
    other.executescript(change)
    other.close()
    with pytest.raises(NotReadable, match=why):
        Bank.open(path)


def test_a_cut_or_scribbled_bank_never_fails_without_words(tmp_path: Path) -> None:
    whole = made(tmp_path / "x.bank").read_bytes()
    said = 0
    for place in range(100, len(whole), max(1, len(whole) // 40)):
        for damaged in (whole[:place], whole[:place] + b"\xff" * 64 + whole[place + 64 :]):
            path = tmp_path / f"{place}-{len(damaged)}.bank"
            path.write_bytes(damaged)
            try:
                with Bank.open(path) as bank:
                    list(bank.entries())
                    bank.match(words("ab" * 32))
            except TarazuError as error:
                said += 1
                assert "\n" not in str(error)
    assert said > 40


def test_a_bank_is_never_replaced(tmp_path: Path) -> None:
    path = made(tmp_path / "x.bank", 1)
    before = path.read_bytes()
    with pytest.raises(OutputError, match="already"):
        Bank.create(path, owner="o", reason="r")
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["x.bank"]


def test_a_bank_needs_an_owner_a_reason_and_a_sound_distance(tmp_path: Path) -> None:
    for wrong in ({"owner": ""}, {"reason": " "}, {"distance": 32}):
        with pytest.raises(OptionError):
            Bank.create(tmp_path / "x.bank", **({"owner": "o", "reason": "r"} | wrong))  # type: ignore[arg-type]
    assert not list(tmp_path.iterdir())
