"""What was decoded: pixels with their times."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class Frame:
    """One picture: (height, width, 3) RGB, transparent parts over white."""

    pixels: Pixels
    at: float = 0.0  # seconds from the start


@dataclass(frozen=True)
class Opened:
    """A file whose header was checked; its frames are decoded while they are taken."""

    format: str  # jpeg, png, gif, webp, avif, bmp, tiff, mp4, mov, webm, mkv, ts
    width: int  # pixels of the original, turned as its EXIF says
    height: int
    frames: Iterator[Frame]
    seconds: float = 0.0  # 0 for a still picture


@dataclass(frozen=True)
class Decoded:
    """A whole file: one frame for a still picture, about one a second for a moving one."""

    format: str
    width: int
    height: int
    frames: tuple[Frame, ...]
    seconds: float = 0.0
