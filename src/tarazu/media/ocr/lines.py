"""Where lines of words may stand in a picture: pieces of ink of one colour that stand side by side.

This is also the quick test whether there are words at all: where no line is found, tesseract is never started.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tarazu.media.ocr.layers import Layer

CONTRAST = 36  # of 255, least difference of ink from paper
LETTER = 7  # pixels, height of the lowest letter
LOWEST = 9  # pixels, height of the lowest line that can be read
ALIKE = 60  # of 255, greatest difference in a channel between pieces of one line
MOST_PIECES = 2000  # of a layer; a picture with more is foliage, and only the largest are looked at


@dataclass(frozen=True, kw_only=True)
class Line:
    """A box that may hold one line of words, in pixels."""

    top: int
    bottom: int
    left: int
    right: int
    layer: int  # in which ink it was found
    colour: tuple[float, float, float]  # of its ink

    @property
    def height(self) -> int:
        """Pixels from top to bottom."""
        return self.bottom - self.top

    @property
    def width(self) -> int:
        """Pixels from left to right."""
        return self.right - self.left

    def shared(self, other: Line) -> float:
        """Return the share of the smaller of two boxes that lies in both."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(0, across) * max(0, down) / min(self.width * self.height, other.width * other.height)


@dataclass(frozen=True, kw_only=True)
class Pieces:
    """Connected ink, or rows of it."""

    box: NDArray[np.int64]  # (n, 4): top, bottom, left, right
    colour: NDArray[np.float64]  # (n, 3)
    count: NDArray[np.int64]
    area: NDArray[np.int64]  # pixels of ink

    def __getitem__(self, chosen: NDArray[np.bool_] | NDArray[np.int64]) -> Pieces:
        """Return some of them."""
        return Pieces(
            box=self.box[chosen], colour=self.colour[chosen], count=self.count[chosen], area=self.area[chosen]
        )


def lines(rgb: NDArray[np.uint8], inks: list[Layer]) -> list[Line]:
    """Return the lines that a picture may have, largest first; the same one may be found in several layers."""
    found = [line for at, layer in enumerate(inks) for line in _rows(_pieces(rgb, layer.ink), at)]
    found.sort(key=lambda line: -line.height * line.width)
    kept: list[Line] = []
    for line in found:
        if not any(_same(line, other) for other in kept):
            kept.append(line)
    return kept


def _same(one: Line, other: Line) -> bool:
    """Whether both windows found one line; the narrow one's copy is not needed."""
    smaller, larger = sorted((one.height * one.width, other.height * other.width))
    return one.layer % 2 == other.layer % 2 and one.shared(other) > 0.9 and smaller > 0.85 * larger


def _pieces(rgb: NDArray[np.uint8], ink: NDArray[np.uint8]) -> Pieces:
    import cv2

    count, labels, stats, _ = cv2.connectedComponentsWithStats(
        (ink > CONTRAST).astype(np.uint8), connectivity=8
    )
    left, top, width, height, area = stats.T.astype(np.int64)
    tall, wide = ink.shape
    likely = (area >= 6) & (height <= 0.35 * tall) & (width <= 0.97 * wide) & (height >= 2)
    likely &= ~((area > 0.9 * width * height) & (width > 40) & (height > 12))  # a bar or a box, no letter
    likely[0] = False  # paper
    chosen = np.flatnonzero(likely)
    chosen = chosen[np.argsort(-area[chosen], kind="stable")[:MOST_PIECES]]
    inked = np.flatnonzero(labels)
    label = labels.ravel()[inked]
    # The colour of a piece is that of its strongest pixels: thin strokes are mixed with paper at their edges.
    weight = ink.ravel()[inked].astype(np.float64) ** 4
    whole = np.bincount(label, weight, minlength=count)
    colours = rgb.reshape(-1, 3)[inked]
    colour = np.stack([np.bincount(label, weight * colours[:, c], minlength=count) for c in range(3)], axis=1)
    return Pieces(
        box=np.stack([top, top + height, left, left + width], axis=1)[chosen],
        colour=colour[chosen] / whole[chosen, None],
        count=np.ones(chosen.size, np.int64),
        area=area[chosen],
    )


def _rows(pieces: Pieces, layer: int) -> list[Line]:
    """Join pieces that stand beside each other."""
    heights = pieces.box[:, 1] - pieces.box[:, 0]
    body = heights >= LETTER  # what is lower is a dot, which joins a line later but makes none
    dots = pieces[~body]
    rows = _joined(pieces[body], 0.9, 5.0)
    # The gap between two words may be wider than the low letters beside it, but not than the whole row is high.
    rows = _joined(rows, 1.0, 3.0)
    out = []
    for at in range(len(rows.count)):
        top, bottom, left, right = rows.box[at].tolist()
        height, width = bottom - top, right - left
        if height < LOWEST or width < (1.2 if rows.count[at] > 1 else 2.0) * height:
            continue
        if not 0.04 < rows.area[at] / (height * width) < 0.7:
            continue
        near = (
            (dots.box[:, 3] > left - height * 0.3)
            & (dots.box[:, 2] < right + height * 0.3)
            & (dots.box[:, 1] > top - height * 0.25)
            & (dots.box[:, 0] < bottom + height * 0.25)
            & (np.abs(dots.colour - rows.colour[at]).max(axis=1) < 2 * ALIKE)
        )
        if near.any():
            own = dots.box[near]
            top, bottom = min(top, int(own[:, 0].min())), max(bottom, int(own[:, 1].max()))
            left, right = min(left, int(own[:, 2].min())), max(right, int(own[:, 3].max()))
        red, green, blue = rows.colour[at].tolist()
        out.append(
            Line(top=top, bottom=bottom, left=left, right=right, layer=layer, colour=(red, green, blue))
        )
    return out


def _joined(pieces: Pieces, apart: float, unlike: float) -> Pieces:
    """Join what shares rows and colour, stands less than `apart` heights apart, is not `unlike` times as high."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    size = len(pieces.count)
    if size < 2:
        return pieces
    top, bottom, left, right = pieces.box.T
    heights = bottom - top
    taller, lower = np.maximum(heights[:, None], heights), np.minimum(heights[:, None], heights)
    beside = np.minimum(bottom[:, None], bottom) - np.maximum(top[:, None], top) >= 0.5 * lower
    beside &= np.maximum(left[:, None], left) - np.minimum(right[:, None], right) <= apart * taller
    beside &= taller <= unlike * lower
    one, other = np.nonzero(beside)
    alike = np.abs(pieces.colour[one] - pieces.colour[other]).max(axis=1) <= ALIKE
    pairs = coo_array((np.ones(int(alike.sum()), np.int8), (one[alike], other[alike])), shape=(size, size))
    count, row = connected_components(pairs, directed=False)
    box = np.empty((count, 4), np.int64)
    for side, (best, start) in enumerate(((np.minimum, 1 << 40), (np.maximum, -1)) * 2):
        box[:, side] = start
        best.at(box[:, side], row, pieces.box[:, side])
    area = np.bincount(row, pieces.area, minlength=count)
    colour = [np.bincount(row, pieces.area * pieces.colour[:, c], minlength=count) / area for c in range(3)]
    return Pieces(
        box=box,
        colour=np.stack(colour, axis=1),
        count=np.bincount(row, pieces.count, minlength=count).astype(np.int64),
        area=area.astype(np.int64),
    )
