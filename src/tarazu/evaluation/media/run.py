"""`tarazu evaluate media`: the parts of the media room on drawn pictures, each by itself or all in turn."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from tarazu.errors import OptionError
from tarazu.evaluation.media import page
from tarazu.progress import SILENT, Progress

LEAST_PICTURES = 5  # one of each kind


class Measured(NamedTuple):
    """What a part found: its section of the page in Markdown, and its figures for the JSON file."""

    section: str
    figures: Mapping[str, Any]


# A part is a module with `part(pictures, out, kept, progress) -> Measured`: how many pictures (None: the number for
# the published page), where charts may go, where finished work may be kept (both None: nowhere).
Part = Callable[[int | None, Path | None, Path | None, Progress], Measured]
MODULES = {
    "robustness": "tarazu.evaluation.media.robust_part",
    "text": "tarazu.evaluation.media.text_part",
    "verdicts": "tarazu.evaluation.media.verdicts_part",
}


def available() -> tuple[str, ...]:
    """Return the parts that this version has."""
    return tuple(name for name in page.PARTS if find_spec(MODULES[name]) is not None)


def evaluate(
    *,
    out: Path | None = None,
    pictures: int | None = None,
    parts: Sequence[str] = (),
    progress: Progress = SILENT,
) -> str:
    """Measure the parts (all of them if none are named), write their sections below `out`, return them as text.

    Raises OptionError for a part that does not exist and for fewer than five pictures.
    """
    there = available()
    for name in parts:
        if name not in there:
            raise OptionError(f"There is no part '{name}'; choose of {', '.join(there)}.")
    if pictures is not None and pictures < LEAST_PICTURES:
        raise OptionError(
            f"{pictures} pictures are too few; give at least {LEAST_PICTURES}, one of each kind."
        )
    kept = None
    if out is not None:
        kept = out / "media-kept"
        kept.mkdir(parents=True, exist_ok=True)
        (kept / ".gitignore").write_text("*\n", encoding="utf-8")
    texts = []
    for name in parts or there:
        found = Measured(*_part(name)(pictures, out, kept, progress))
        if out is not None:
            page.write(name, found.section, found.figures, out)
        texts.append(found.section)
    return "\n".join(texts)


def _part(name: str) -> Part:
    made: Part = import_module(MODULES[name]).part
    return made
