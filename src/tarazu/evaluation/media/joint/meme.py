"""A meme: the portrait with a line at the top and one at the bottom, white with a black edge."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tarazu.evaluation.media.joint.lettering import lettered

if TYPE_CHECKING:
    from PIL import Image

WHITE, BLACK = (255, 255, 255), (0, 0, 0)


def meme(photo: Image.Image, lines: Sequence[str], lang: str) -> Image.Image:
    """Return the portrait with the first line over its top and the second over its bottom."""
    picture = photo.copy()
    wide, high = picture.size
    room, band = wide // 30, max(wide, high) // 6
    boxes = ((room, room // 2, wide - room, band), (room, high - band, wide - room, high - room // 2))
    for line, box in zip(lines, boxes, strict=False):
        lettered(picture, box, line, lang, ink=WHITE, outline=BLACK, largest=72)
    return picture
