"""Ink apart from paper: how much each pixel is lighter, or darker, than what is around it.

What is around is a median, so an edge leaves nothing and a stroke stands out. It is taken over two sizes of window:
the wide one sees the thick strokes of a headline, the narrow one keeps words apart from what is drawn behind them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

WIDE, NARROW = 8, 24  # windows of 1/8 and 1/24 of the longest side
SMALL = 256  # pixels of the longest side at which the medians are taken


@dataclass(frozen=True, kw_only=True)
class Layer:
    """One map of ink."""

    ink: NDArray[np.uint8]  # (h, w), 0 to 255: the strongest difference of a channel
    paper: NDArray[np.uint8]  # (h, w, 3): the colour around each pixel


def layers(rgb: NDArray[np.uint8]) -> list[Layer]:
    """Return the darker and the lighter ink of a picture (h, w, 3), by the wide window, then by the narrow one."""
    import cv2

    height, width = rgb.shape[:2]
    shrunk = max(1, max(height, width) // SMALL)
    size = (max(1, width // shrunk), max(1, height // shrunk))
    small = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    out = []
    for part in (WIDE, NARROW):
        around = cv2.medianBlur(small, max(3, max(size) // part | 1))
        paper = np.asarray(
            cv2.resize(around, (width, height), interpolation=cv2.INTER_LINEAR), dtype=np.uint8
        )
        apart = cv2.absdiff(rgb, paper)
        strongest = cv2.max(cv2.max(apart[:, :, 0], apart[:, :, 1]), apart[:, :, 2])
        darker = grey < cv2.cvtColor(paper, cv2.COLOR_RGB2GRAY)
        for side in (darker, ~darker):
            out.append(Layer(ink=np.where(side, strongest, np.uint8(0)), paper=paper))
    return out
