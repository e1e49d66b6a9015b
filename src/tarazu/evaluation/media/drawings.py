"""Every kind of picture that is drawn, by name. The same seed gives the same picture, at any size."""

from __future__ import annotations

from collections.abc import Callable

from PIL import Image

from tarazu.evaluation.media.emblem import emblem
from tarazu.evaluation.media.flag import flag
from tarazu.evaluation.media.portrait import portrait
from tarazu.evaluation.media.poster import poster
from tarazu.evaluation.media.scene import scene

Drawing = Callable[..., Image.Image]  # (seed, *, side=900) -> RGB

DRAWINGS: dict[str, Drawing] = {
    "portrait": portrait,
    "poster": poster,
    "flag": flag,
    "emblem": emblem,
    "scene": scene,
}

__all__ = ["DRAWINGS", "emblem", "flag", "picture", "portrait", "poster", "scene"]


def picture(number: int, *, side: int = 900) -> Image.Image:
    """Return picture `number` of an endless row in which the kinds take turns."""
    kinds = list(DRAWINGS.values())
    return kinds[number % len(kinds)](number // len(kinds), side=side)
