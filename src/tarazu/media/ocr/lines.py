"""Where lines of words may stand in a picture: pieces of ink that are alike and stand side by side.

Ink is what differs from the colour around it, lighter or darker, in any channel. This is also the quick test whether
there are words at all: where no line is found, tesseract is never started.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

WINDOW = 8  # the colour around a pixel is the median over a square of 1/WINDOW of the longest side
CONTRAST = 36  # of 255, least difference of ink from paper
LETTER = 7  # pixels, height of the lowest letter
LOWEST = 9  # pixels, height of the lowest line that can be read
MOST_PIECES = 3000  # of ink; a picture with more is foliage, and only the largest are looked at
MOST_LINES = 32  # of a picture


@dataclass(frozen=True, kw_only=True)
class Line:
    """A box that may hold one line of words, in pixels."""

    top: int
    bottom: int
    left: int
    right: int

    @property
    def height(self) -> int:
        """Pixels from top to bottom."""
        return self.bottom - self.top

    @property
    def width(self) -> int:
        """Pixels from left to right."""
        return self.right - self.left


def ink(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return how much each pixel of (h, w, 3) differs from the colour around it, 0 to 255, as (h, w)."""
    import cv2

    height, width = rgb.shape[:2]
    shrunk = max(1, max(height, width) // 256)
    small = cv2.resize(rgb, (max(1, width // shrunk), max(1, height // shrunk)), interpolation=cv2.INTER_AREA)
    window = max(small.shape[:2]) // WINDOW | 1
    around = cv2.medianBlur(small, max(3, window))
    paper = cv2.resize(around, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.absdiff(rgb, paper).max(axis=2), dtype=np.uint8)


def lines(drawn: NDArray[np.uint8]) -> list[Line]:
    """Return the lines that `ink` may show, from top to bottom."""
    import cv2

    _, _, stats, _ = cv2.connectedComponentsWithStats((drawn > CONTRAST).astype(np.uint8), connectivity=8)
    left, top, width, height, area = stats[1:].T.astype(np.int64)
    tall, wide = drawn.shape
    likely = (area >= 6) & (height <= 0.35 * tall) & (width <= 0.97 * wide) & (height >= 2)
    likely &= ~((area > 0.9 * width * height) & (width > 40) & (height > 12))  # a bar or a box, no letter
    chosen = np.flatnonzero(likely)
    chosen = chosen[np.argsort(-area[chosen], kind="stable")[:MOST_PIECES]]
    boxes = np.stack([top, top + height, left, left + width], axis=1)[chosen]
    found = _rows(boxes, area[chosen])
    found.sort(key=lambda line: -line.height * line.width)
    return sorted(found[:MOST_LINES], key=lambda line: (line.top + line.bottom, line.left))


def _rows(boxes: NDArray[np.int64], area: NDArray[np.int64]) -> list[Line]:
    """Join pieces (top, bottom, left, right) that stand beside each other."""
    heights = boxes[:, 1] - boxes[:, 0]
    body = heights >= LETTER  # what is lower is a dot, which joins a line later but makes none
    rows, pieces, inked = _joined(boxes[body], np.ones(int(body.sum()), np.int64), area[body], 0.9, 5.0)
    # The gap between two words may be wider than the low letters beside it, but not than the whole row is high.
    rows, pieces, inked = _joined(rows, pieces, inked, 1.0, 3.0)
    dots = boxes[~body]
    out = []
    for (top, bottom, left, right), members, dark in zip(
        rows.tolist(), pieces.tolist(), inked.tolist(), strict=True
    ):
        height, width = bottom - top, right - left
        if height < LOWEST or width < (1.2 if members > 1 else 2.0) * height:
            continue
        if not 0.04 < dark / (height * width) < 0.7:
            continue
        near = (
            (dots[:, 3] > left - height * 0.3)
            & (dots[:, 2] < right + height * 0.3)
            & (dots[:, 1] > top - height * 0.25)
            & (dots[:, 0] < bottom + height * 0.25)
        )
        if near.any():
            top, bottom = min(top, int(dots[near, 0].min())), max(bottom, int(dots[near, 1].max()))
            left, right = min(left, int(dots[near, 2].min())), max(right, int(dots[near, 3].max()))
        out.append(Line(top=top, bottom=bottom, left=left, right=right))
    return out


def _joined(
    boxes: NDArray[np.int64], pieces: NDArray[np.int64], area: NDArray[np.int64], apart: float, unlike: float
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Join boxes that share rows, stand less than `apart` heights apart and are not `unlike` times as high."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    if len(boxes) < 2:
        return boxes, pieces, area
    top, bottom, left, right = boxes.T
    heights = bottom - top
    taller, lower = np.maximum(heights[:, None], heights), np.minimum(heights[:, None], heights)
    shared = np.minimum(bottom[:, None], bottom) - np.maximum(top[:, None], top)
    gap = np.maximum(left[:, None], left) - np.minimum(right[:, None], right)
    one, other = np.nonzero((shared >= 0.5 * lower) & (gap <= apart * taller) & (taller <= unlike * lower))
    pairs = coo_array((np.ones(one.size, np.int8), (one, other)), shape=(len(boxes), len(boxes)))
    count, row = connected_components(pairs, directed=False)
    out = np.empty((count, 4), np.int64)
    for side, (best, start) in enumerate(((np.minimum, 1 << 40), (np.maximum, -1)) * 2):
        out[:, side] = start
        best.at(out[:, side], row, boxes[:, side])
    total = np.zeros((2, count), np.int64)
    np.add.at(total[0], row, pieces)
    np.add.at(total[1], row, area)
    return out, total[0], total[1]
