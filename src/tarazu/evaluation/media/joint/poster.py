"""A poster: a portrait with words over and under it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tarazu.evaluation.media.joint.lettering import lettered

if TYPE_CHECKING:
    from PIL import Image

GROUNDS = ((28, 46, 74), (92, 30, 34), (32, 72, 52), (236, 226, 200), (58, 50, 44))


def poster(photo: Image.Image, lines: Sequence[str], lang: str, seed: int) -> Image.Image:
    """Return the portrait on a coloured sheet: the first line above it, the others below."""
    from PIL import Image

    dice = random.Random(f"poster {seed} {lines}")
    ground = dice.choice(GROUNDS)
    ink = (30, 24, 20) if sum(ground) > 400 else (250, 244, 226)
    wide, high = photo.size
    edge, band = wide // 14, max(high, wide) // 4
    sheet = Image.new("RGB", (wide + 2 * edge, high + 2 * band), ground)
    sheet.paste(photo, (edge, band))
    room = edge // 2
    above, below = lines[0], " ".join(lines[1:])
    lettered(sheet, (room, band // 10, sheet.width - room, band), above, lang, ink=ink)
    if below:
        top = band + high + band // 12
        lettered(sheet, (room, top, sheet.width - room, sheet.height), below, lang, ink=ink, largest=72)
    return sheet
