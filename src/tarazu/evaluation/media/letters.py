"""Letters for drawn pictures: a font that has them, lines that fit."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from tarazu.evaluation.media.brush import Colour

# Fonts of Debian with Arabic and Persian letters, the first that is there; Latin is in Pillow's own.
ARABIC = (
    "/usr/share/fonts/truetype/noto/NotoNaskhArabic-Bold.ttf",
    "/usr/share/fonts/truetype/noto/NotoNaskhArabic-Regular.ttf",
    "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf",
    "/usr/share/fonts/opentype/fonts-hosny-amiri/Amiri-Bold.ttf",
)


def right_to_left(text: str) -> bool:
    """Return whether a text has Arabic or Persian letters."""
    return any("؀" <= letter <= "ۿ" or "ﭐ" <= letter <= "﻿" for letter in text)


@lru_cache(maxsize=256)
def _font(size: int, arabic: bool, path: str | None) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    if path is not None:
        return ImageFont.truetype(path, size)
    if arabic:
        for known in ARABIC:
            if Path(known).exists():
                return ImageFont.truetype(known, size)
    return ImageFont.load_default(size)


def font(size: int, text: str = "", path: Path | None = None) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Return a font of `size` pixels that has the letters of `text`, or the one at `path`."""
    return _font(max(6, size), right_to_left(text), str(path) if path else None)


def measure(text: str, size: int, path: Path | None = None) -> float:
    """Return the width of a line in pixels."""
    return float(font(size, text, path).getlength(text))


def fitting(text: str, width: int, most: int, path: Path | None = None) -> int:
    """Return the largest size up to `most` at which a line is at most `width` wide."""
    long = measure(text, 40, path)
    return max(8, min(most, int(40 * width / max(long, 1))))


def write(
    image: Image.Image,
    lines: Sequence[str],
    box: tuple[int, int, int, int],
    colour: Colour,
    *,
    most: int | None = None,
    path: Path | None = None,
) -> None:
    """Write lines into a box, each as large as fits and centred."""
    left, top, right, bottom = box
    room = (bottom - top) / max(1, len(lines))
    pen = ImageDraw.Draw(image)
    for number, line in enumerate(lines):
        size = fitting(line, int((right - left) * 0.92), min(most or 10_000, int(room * 0.62)), path)
        pen.text(
            ((left + right) / 2, top + room * (number + 0.5)),
            line,
            font=font(size, line, path),
            fill=colour,
            anchor="mm",
        )
