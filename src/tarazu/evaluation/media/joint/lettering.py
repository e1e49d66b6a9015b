"""Words drawn into a picture, in the script's own order and shapes, as large as their box allows."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from tarazu.errors import InputError

if TYPE_CHECKING:
    from PIL import Image, ImageDraw, ImageFont

Box = tuple[int, int, int, int]  # left, top, right, bottom in pixels
Ink = tuple[int, int, int]

PLAIN = "plain"
SERIF = "serif"
# The first that the machine has is taken.
FACES = {
    ("en", PLAIN): ("DejaVuSans-Bold.ttf", "LiberationSans-Bold.ttf", "NotoSans-Bold.ttf"),
    ("en", SERIF): ("DejaVuSerif-Bold.ttf", "LiberationSerif-Bold.ttf", "NotoSerif-Bold.ttf"),
    ("fa", PLAIN): ("NotoSansArabic-Bold.ttf", "NotoNaskhArabic-Bold.ttf", "DejaVuSans-Bold.ttf"),
    ("fa", SERIF): ("NotoNaskhArabic-Bold.ttf", "nazlib.ttf", "DejaVuSans-Bold.ttf"),
    ("ar", PLAIN): ("NotoSansArabic-Bold.ttf", "NotoNaskhArabic-Bold.ttf", "DejaVuSans-Bold.ttf"),
    ("ar", SERIF): ("Amiri-Bold.ttf", "NotoNaskhArabic-Bold.ttf", "DejaVuSans-Bold.ttf"),
}
PACKAGE = "fonts-noto-core"


def lettered(
    picture: Image.Image,
    box: Box,
    text: str,
    lang: str,
    *,
    ink: Ink,
    face: str = PLAIN,
    largest: int = 96,
    outline: Ink | None = None,
    centred: bool = True,
) -> int:
    """Write `text` into a box of the picture, wrapped, and return where it ends, in pixels from the top.

    The size is the largest that fits, from `largest` down to 14 pixels.
    """
    from PIL import ImageDraw

    draw = ImageDraw.Draw(picture)
    left, top, right, bottom = box
    size = largest
    while True:
        font = font_of(lang, face, size)
        lines = wrapped(draw, text, font, lang, right - left)
        fits = all(width_of(draw, line, font, lang) <= right - left for line in lines)
        high = sum(font.getmetrics())  # of a line; a Naskh face needs much more than its size
        if size <= 14 or (fits and len(lines) * high <= bottom - top):
            break
        size -= 2
    y = float(top)
    for line in lines:
        room = right - left - width_of(draw, line, font, lang)
        x = left + (room / 2 if centred else 0 if lang == "en" else room)
        draw.text(
            (x, y),
            line,
            font=font,
            fill=ink,
            direction=direction(lang),
            language=lang,
            stroke_width=max(2, size // 14) if outline is not None else 0,
            stroke_fill=outline,
        )
        y += high
    return round(y)


def wrapped(
    draw: ImageDraw.ImageDraw, text: str, font: ImageFont.FreeTypeFont, lang: str, room: float
) -> Sequence[str]:
    """Return the text in lines that fit into `room` pixels; a word that does not fit has its own line."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and width_of(draw, longer, font, lang) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def width_of(draw: ImageDraw.ImageDraw, line: str, font: ImageFont.FreeTypeFont, lang: str) -> float:
    """Return the width of a line in pixels."""
    return draw.textlength(line, font=font, direction=direction(lang), language=lang)


def direction(lang: str) -> str:
    """Return the direction of a script as Pillow names it."""
    return "ltr" if lang == "en" else "rtl"


@cache
def font_of(lang: str, face: str, size: int) -> ImageFont.FreeTypeFont:
    """Return a font for a language; InputError says which package has one."""
    from PIL import ImageFont, features

    if not features.check("raqm"):
        raise InputError(
            "Persian and Arabic cannot be drawn, because Pillow finds no FriBiDi; install it, on Debian with "
            "apt-get install libfribidi0."
        )
    for name in FACES[lang, face]:
        try:
            return ImageFont.truetype(name, size, layout_engine=ImageFont.Layout.RAQM)
        except OSError:
            continue
    raise InputError(
        f"No font for the language “{lang}” was found on this machine (looked for {', '.join(FACES[lang, face])}); "
        f"install one, on Debian with apt-get install {PACKAGE}."
    )
