"""The child that reads: what it may use, and what happens when it dies, hangs or is not there."""

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tarazu.media import ocr
from tarazu.media.ocr import engine

STRIP = np.full((48, 200), 255, np.uint8)


def install(folder: Path, monkeypatch: pytest.MonkeyPatch, body: str) -> None:
    """Put a tesseract of our own in front of PATH."""
    script = folder / "tesseract"
    script.write_text(f'#!/bin/sh\ncase "$1" in --*) echo tesseract 9 eng fas ara; exit;; esac\n{body}\n')
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


def test_without_tesseract_nothing_is_read_and_the_packages_are_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert ocr.available() == ()
    assert ocr.version() == ""
    assert ocr.read(np.zeros((300, 400, 3), np.uint8)) == ()
    sentence = ocr.missing() or ""
    for package in ("tesseract-ocr", "tesseract-ocr-fas", "tesseract-ocr-ara"):
        assert package in sentence


def test_a_missing_language_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    install(tmp_path, monkeypatch, "")
    script = tmp_path / "tesseract"
    script.write_text(script.read_text().replace("eng fas ara", "eng ara"))
    assert ocr.available() == ("en", "ar")
    assert "Persian" in (ocr.missing() or "")
    assert "tesseract-ocr-fas" in (ocr.missing() or "")


@pytest.mark.parametrize("body", ["exit 3", "kill -SEGV $$", "cat; echo 5"])
def test_a_child_that_dies_or_talks_nonsense_has_no_words(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, body: str
) -> None:
    install(tmp_path, monkeypatch, body)
    assert engine.words([STRIP] * 3, "fa") == [[], [], []]


def test_a_child_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    started: list[subprocess.Popen[bytes]] = []

    class Remembered(subprocess.Popen):  # type: ignore[type-arg]
        def __init__(self, *what: Any, **how: Any) -> None:
            super().__init__(*what, **how)
            started.append(self)

    install(tmp_path, monkeypatch, "exec sleep 600")
    engine.installed()
    monkeypatch.setattr(engine, "WALL_SECONDS", 0.3)
    monkeypatch.setattr(subprocess, "Popen", Remembered)
    assert engine.words([STRIP], "fa") == [[]]
    assert [child.returncode for child in started] == [-signal.SIGKILL]


@pytest.mark.skipif(sys.platform != "linux", reason="limits are set from outside on Linux only")
def test_memory_time_and_what_it_knows_are_limited(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    row = r"printf '5\t1\t1\t1\t1\t1\t0\t0\t9\t9\t90\t%s\n'"
    install(
        tmp_path,
        monkeypatch,
        f'cat > /dev/null; {row} "$(ulimit -v)"; {row} "$(ulimit -t)"; {row} "$SECRET$OMP_THREAD_LIMIT"; {row} "$*"',
    )
    monkeypatch.setenv("SECRET", "seen")
    memory, cpu, known, arguments = (word.text for word in engine.words([STRIP], "ar")[0])
    assert int(memory) == engine.MEMORY // 1024
    assert int(cpu) == engine.CPU_SECONDS
    assert known == "1"
    assert arguments == "stdin stdout -l ara --psm 13 --dpi 150 tsv"
