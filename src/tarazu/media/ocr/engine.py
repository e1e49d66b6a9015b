"""The door to tesseract: lines of words as grey strips in, words with confidences out. One child process a call.

Tesseract is the operator's own (Debian: tesseract-ocr and a package a language). It gets pixels that were already
decoded, over a pipe, as pages of one TIFF that we wrote; no file name, no address and no setting comes from outside.
Where the system can, the child's memory and CPU are limited before it sees its first byte; its time always is.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from tarazu.media.ocr.words import Word, by_page

LANGUAGES = {"en": "eng", "fa": "fas", "ar": "ara"}  # ours, tesseract's
PACKAGES = {"en": "tesseract-ocr", "fa": "tesseract-ocr-fas", "ar": "tesseract-ocr-ara"}
MEMORY = 768 * 1024 * 1024  # bytes of address space; one model and a page take a fifth of it
CPU_SECONDS, WALL_SECONDS = 20, 40
RAW_LINE = "13"  # page segmentation mode: the page is one line, nothing is cut up or thrown away


@dataclass(frozen=True, kw_only=True)
class Installed:
    """What this machine has of tesseract."""

    command: str | None
    version: str = ""
    languages: tuple[str, ...] = ()  # of ours, in our order


def installed() -> Installed:
    """Return what is installed; asked once for each PATH."""
    return _installed(os.environ.get("PATH", ""), os.environ.get("TESSDATA_PREFIX", ""))


@cache
def _installed(path: str, data: str) -> Installed:
    command = shutil.which("tesseract", path=path)
    if command is None:
        return Installed(command=None)
    told = subprocess.run(
        [command, "--version"], capture_output=True, timeout=WALL_SECONDS, env=_environment()
    )
    words = (told.stdout + told.stderr).decode("utf-8", "replace").split()
    listed = subprocess.run(
        [command, "--list-langs"], capture_output=True, timeout=WALL_SECONDS, env=_environment()
    )
    known = (listed.stdout + listed.stderr).decode("utf-8", "replace").split()
    return Installed(
        command=command,
        version=words[1] if len(words) > 1 else "",
        languages=tuple(ours for ours, theirs in LANGUAGES.items() if theirs in known),
    )


def words(strips: Sequence[NDArray[np.uint8]], lang: str) -> list[list[Word]]:
    """Read each strip (h, w), dark words on white, in one language; return the words of each in reading order.

    A strip on which the child dies or runs out of time has no words: a picture that cannot be read is not an error.
    """
    command = installed().command
    if command is None or not strips:
        return [[] for _ in strips]
    line = [command, "stdin", "stdout", "-l", LANGUAGES[lang], "--psm", RAW_LINE, "--dpi", "150", "tsv"]
    child = subprocess.Popen(
        line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=_environment()
    )
    with child:
        _limit(child.pid)
        try:
            told, _ = child.communicate(_pages(strips), timeout=WALL_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            told = b""
    return by_page(told.decode("utf-8", "replace"), len(strips))


def _environment() -> dict[str, str]:
    """Return what the child may know: one thread, and where the operator keeps the models."""
    kept = {name: os.environ[name] for name in ("TESSDATA_PREFIX", "LD_LIBRARY_PATH") if name in os.environ}
    return {"OMP_THREAD_LIMIT": "1", "LC_ALL": "C", **kept}


def _limit(pid: int) -> None:
    """Limit a child that still waits for its input."""
    if sys.platform != "linux":
        return
    import resource

    try:
        resource.prlimit(pid, resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.prlimit(pid, resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, 0))
        resource.prlimit(pid, resource.RLIMIT_CORE, (0, 0))
    except ProcessLookupError:  # it has ended already, which communicate will find
        return


def _pages(strips: Sequence[NDArray[np.uint8]]) -> bytes:
    from PIL import Image

    first, *rest = (Image.fromarray(strip) for strip in strips)
    out = io.BytesIO()
    first.save(out, "TIFF", save_all=True, append_images=rest)
    return out.getvalue()
