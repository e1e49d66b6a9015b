"""Posters with words of which the truth is known, drawn from a seed: font, size, colour, background, lines.

The fonts are those of Debian's packages (see `packages`); Pillow shapes Persian and Arabic with RAQM, which needs
FriBiDi on the machine. Nothing here is a real poster.
"""

from __future__ import annotations

import io
import random
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tarazu.evaluation.media.poster_lines import Lines

if TYPE_CHECKING:
    from PIL import ImageDraw, ImageFont

    Colour = tuple[int, int, int]

FOLDER = Path("/usr/share/fonts")
# Font, file below FOLDER. Five an ordinary text may be set in; a script's display hands come apart from them.
FONTS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "DejaVu Sans": "truetype/dejavu/DejaVuSans.ttf",
        "Liberation Sans Bold": "truetype/liberation/LiberationSans-Bold.ttf",
        "Liberation Serif": "truetype/liberation/LiberationSerif-Regular.ttf",
        "Noto Sans": "truetype/noto/NotoSans-Regular.ttf",
        "Noto Serif Bold": "truetype/noto/NotoSerif-Bold.ttf",
    },
    "fa": {
        "Noto Naskh Arabic": "truetype/noto/NotoNaskhArabic-Regular.ttf",
        "Noto Sans Arabic": "truetype/noto/NotoSansArabic-Bold.ttf",
        "Noto Kufi Arabic": "truetype/noto/NotoKufiArabic-Regular.ttf",
        "Nazli": "truetype/farsiweb/nazli.ttf",
        "Homa": "truetype/farsiweb/homa.ttf",
    },
    "ar": {
        "Noto Naskh Arabic": "truetype/noto/NotoNaskhArabic-Regular.ttf",
        "Noto Sans Arabic": "truetype/noto/NotoSansArabic-Bold.ttf",
        "Noto Kufi Arabic": "truetype/noto/NotoKufiArabic-Regular.ttf",
        "Amiri": "opentype/fonts-hosny-amiri/Amiri-Regular.ttf",
        "KacstOne": "truetype/kacst-one/KacstOne.ttf",
    },
}
DISPLAY: Mapping[str, Mapping[str, str]] = {
    "fa": {
        "Titr": "truetype/farsiweb/titr.ttf",
        "Noto Nastaliq Urdu": "truetype/noto/NotoNastaliqUrdu-Regular.ttf",
    },
    "ar": {"KacstPoster": "truetype/kacst/KacstPoster.ttf"},
}
PACKAGES = (
    "fonts-dejavu-core fonts-liberation fonts-noto-core fonts-farsiweb "
    "fonts-hosny-amiri fonts-kacst fonts-kacst-one"
)
WITH_ENGLISH = 0.3  # share of the Persian and Arabic posters that have an English line, too
CONTRAST = 4.5  # of ink and paper, as the web's accessibility guidelines count it (4.5: ordinary text)


@dataclass(frozen=True, kw_only=True)
class WordPoster:
    """One poster and what it says."""

    pixels: NDArray[np.uint8]  # (h, w, 3) RGB, after a JPEG of quality 85
    lang: str
    font: str
    display: bool
    busy: bool
    lines: tuple[str, ...]  # in the poster's language
    english: tuple[str, ...]  # a line below them, on some Persian and Arabic posters
    entity_id: str  # whom its headline names


def missing() -> str | None:
    """Return one sentence about what these posters need and this machine lacks, or None."""
    from PIL import features

    if not features.check("raqm"):
        return "Persian and Arabic cannot be drawn: Pillow finds no FriBiDi (Debian: apt-get install libfribidi0)."
    every = {file for fonts in (*FONTS.values(), *DISPLAY.values()) for file in fonts.values()}
    absent = sorted(Path(file).name for file in every if not (FOLDER / file).exists())
    if not absent:
        return None
    return f"Fonts are missing: {', '.join(absent)} (Debian: apt-get install {PACKAGES})."


def posters(
    lines: Mapping[str, Lines],
    names: Mapping[str, tuple[tuple[str, str], ...]],
    *,
    seed: int,
    each: int,
    only: Collection[str] | None = None,
    backgrounds: Sequence[bool] = (False, True),
) -> Iterator[WordPoster]:
    """Yield `each` posters a language, font and kind of background.

    `names` gives (entity id, name) pairs a language; `only` names fonts, `backgrounds` says which (True: busy).
    The same arguments give the same posters, as long as Pillow and the fonts stay the same.
    """
    for lang in FONTS:
        for display, fonts in ((False, FONTS[lang]), (True, DISPLAY.get(lang, {}))):
            for font, file in fonts.items():
                for busy in backgrounds if only is None or font in only else ():
                    for number in range(each):
                        dice = random.Random(f"{seed} {lang} {font} {busy} {number}")
                        entity_id, name = dice.choice(names[lang])
                        said = _said(dice, lines[lang], name, FOLDER / file)
                        also = lang != "en" and dice.random() < WITH_ENGLISH
                        english = (dice.choice(lines["en"].further),) if also else ()
                        set_in = [(line, FOLDER / file, lang) for line in said]
                        set_in += [(line, FOLDER / FONTS["en"]["DejaVu Sans"], "en") for line in english]
                        pixels = _drawn(dice, set_in, busy)
                        yield WordPoster(
                            pixels=pixels,
                            lang=lang,
                            font=font,
                            display=display,
                            busy=busy,
                            lines=said,
                            english=english,
                            entity_id=entity_id,
                        )


def _said(dice: random.Random, lines: Lines, name: str, file: Path) -> tuple[str, ...]:
    headline = dice.choice(lines.headlines).format(name=name)
    further = [line for line in lines.further if not _lacks(file, line)]
    return (headline, *dice.sample(further, dice.randint(1, 3)))


@cache
def _lacks(file: Path, line: str) -> bool:
    """Whether a font has no picture of a character of a line; several Arabic fonts have neither # nor a colon."""
    from PIL import ImageFont

    font = ImageFont.truetype(str(file), 40)
    box = bytes(font.getmask("\uffff"))
    return any(bytes(font.getmask(sign)) == box for sign in set(line) - {" ", "\u200c"})


def _drawn(dice: random.Random, said: list[tuple[str, Path, str]], busy: bool) -> NDArray[np.uint8]:
    """Return a poster with these lines (text, font, language) as it looks after its way through a site."""
    from PIL import Image, ImageDraw

    width, height = dice.randint(800, 1200), dice.randint(600, 900)
    paper, ink = _colours(dice)
    if busy:
        from tarazu.evaluation.media.drawings import scene

        picture = scene(dice.randrange(10_000)).convert("RGB").resize((width, height))
    else:
        picture = Image.new("RGB", (width, height), paper)
    draw = ImageDraw.Draw(picture)
    sizes = [dice.randint(40, 64), *(dice.randint(26, 44) for _ in said[1:])]
    fonts = [
        _fitting(draw, line, file, size, lang, width * 0.92)
        for (line, file, lang), size in zip(said, sizes, strict=True)
    ]
    boxes = [_box(draw, line, font, lang) for (line, _, lang), font in zip(said, fonts, strict=True)]
    gap = dice.randint(14, 50)
    tall = sum(box[3] - box[1] for box in boxes) + gap * (len(boxes) - 1)
    top = dice.randint(10, max(11, int(height - tall) - 10))
    ranged = dice.choice(("left", "centre", "right"))
    outline = dice.randint(2, 3) if busy and dice.random() < 0.5 else 0
    if busy and not outline and dice.random() < 0.5:  # a veil behind the words, as editors lay one
        veil = Image.new("RGB", (width, int(tall) + 40), paper)
        under = (0, top - 20, width, top - 20 + int(tall) + 40)
        picture.paste(Image.blend(picture.crop(under), veil, 0.65), under)
    for (line, _, lang), font, box in zip(said, fonts, boxes, strict=True):
        wide = box[2] - box[0]
        left = {"left": 0.04 * width, "centre": (width - wide) / 2, "right": 0.96 * width - wide}[ranged]
        draw.text(
            (left - box[0], top - box[1]),
            line,
            fill=ink,
            font=font,
            stroke_width=outline,
            stroke_fill=paper,
            direction=_direction(lang),
            language=lang,
        )
        top += int(box[3] - box[1]) + gap
    packed = io.BytesIO()
    picture.save(packed, "JPEG", quality=85)
    return np.asarray(Image.open(packed).convert("RGB"))


def _direction(lang: str) -> str:
    return "ltr" if lang == "en" else "rtl"


def _box(
    draw: ImageDraw.ImageDraw, line: str, font: ImageFont.FreeTypeFont, lang: str
) -> tuple[float, float, float, float]:
    return draw.textbbox((0, 0), line, font=font, direction=_direction(lang), language=lang)


def _fitting(
    draw: ImageDraw.ImageDraw, line: str, file: Path, size: int, lang: str, room: float
) -> ImageFont.FreeTypeFont:
    """Return the font at `size` pixels, or smaller when the line would not fit into `room` pixels."""
    from PIL import ImageFont

    while True:
        font = ImageFont.truetype(str(file), size)
        left, _, right, _ = _box(draw, line, font, lang)
        if right - left <= room or size <= 18:
            return font
        size -= 2


def _colours(dice: random.Random) -> tuple[Colour, Colour]:
    """Return paper and ink of enough contrast; in two of five posters the ink is the lighter one."""
    while True:
        one, other = (tuple(dice.randrange(256) for _ in range(3)) for _ in range(2))
        dark, light = sorted((one, other), key=_luminance)
        if (_luminance(light) + 0.05) / (_luminance(dark) + 0.05) >= CONTRAST:
            return (dark, light) if dice.random() < 0.4 else (light, dark)  # type: ignore[return-value]


def _luminance(colour: tuple[int, ...]) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (x / 255 for x in colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
