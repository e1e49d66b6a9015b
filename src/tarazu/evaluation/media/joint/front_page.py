"""The front page of a newspaper: masthead, headline, the portrait, columns too small to read."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from tarazu.evaluation.media.joint.lettering import SERIF, lettered

if TYPE_CHECKING:
    from PIL import Image, ImageDraw

PAPER, INK, GREY = (244, 241, 232), (24, 22, 20), (150, 147, 140)
WIDE, HIGH, EDGE = 1100, 1400, 50


def front_page(photo: Image.Image, headline: str, masthead: str, lang: str, seed: int) -> Image.Image:
    """Return a page on which the portrait takes some three fifths of the width."""
    from PIL import Image, ImageDraw

    dice = random.Random(f"front page {seed} {headline}")
    page = Image.new("RGB", (WIDE, HIGH), PAPER)
    draw = ImageDraw.Draw(page)
    end = lettered(
        page,
        (EDGE, 24, WIDE - EDGE, 170),
        masthead,
        lang,
        ink=INK,
        face=SERIF,
        largest=dice.choice((72, 80, 88)),
    )
    draw.line((EDGE, end + 6, WIDE - EDGE, end + 6), fill=INK, width=4)
    draw.line((EDGE, end + 14, WIDE - EDGE, end + 14), fill=INK, width=1)
    end = lettered(
        page, (EDGE, end + 34, WIDE - EDGE, end + 260), headline, lang, ink=INK, face=SERIF, largest=76
    )
    wide = round((WIDE - 2 * EDGE) * dice.uniform(0.58, 0.66))
    shown = photo.resize((wide, round(photo.height * wide / photo.width)))
    top = end + 20
    left = EDGE if dice.random() < 0.5 else WIDE - EDGE - wide
    page.paste(shown, (left, top))
    beside = (EDGE, left - 30) if left > EDGE else (left + wide + 30, WIDE - EDGE)
    column(draw, beside, (top, top + shown.height), dice)
    third = (WIDE - 2 * EDGE - 60) // 3
    for n in range(3):
        start = EDGE + n * (third + 30)
        column(draw, (start, start + third), (top + shown.height + 40, HIGH - EDGE), dice)
    return page


def column(
    draw: ImageDraw.ImageDraw, across: tuple[int, int], down: tuple[int, int], dice: random.Random
) -> None:
    """Draw a column of lines that nobody can read."""
    y = down[0]
    while y < down[1]:
        last = dice.random() < 0.12  # of a paragraph
        end = across[0] + (across[1] - across[0]) * (dice.uniform(0.3, 0.8) if last else 1)
        draw.line((across[0], y, end, y), fill=GREY, width=5)
        y += 24 if last else 14
