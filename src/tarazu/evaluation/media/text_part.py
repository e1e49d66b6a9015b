"""Words in pictures as a part of the page."""

from __future__ import annotations

from pathlib import Path

from tarazu.evaluation.media import words_in_pictures
from tarazu.evaluation.media.run import Measured
from tarazu.evaluation.media.words_section import section
from tarazu.progress import Progress


def part(pictures: int | None, out: Path | None, kept: Path | None, progress: Progress) -> Measured:
    """Measure with that many posters a font and background at most (6 for the page), as many tens without words."""
    each = words_in_pictures.EACH if pictures is None else min(pictures, words_in_pictures.EACH)
    wordless = words_in_pictures.WORDLESS if pictures is None else pictures
    figures = words_in_pictures.run(progress, each=each, wordless=wordless)
    return Measured(section(figures), figures.record())
