"""Points of a picture that are found again in its copies, each with what is around it as 128 bits.

The points and their surroundings are SIFT (Lowe 2004), as OpenCV computes it. Of each of its 128 numbers one bit is
kept: whether it is above their median. That is a tenth of the bytes, it does not mind contrast, and two points are
compared by counting bits. The bits of a mirrored picture are the same bits in another order.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MOST = 400  # points of one picture
CONTRAST = 0.01  # SIFT's threshold; its usual .04 leaves smooth pictures without points
EDGE = 12.0  # SIFT's limit to points that lie along an edge
CELLS = 8  # a picture is a grid of 8 x 8 cells that take turns, so that points are spread over it
SIZES = (3.5, 7.0)  # pixels; fine, middle and coarse points take turns too: fine ones vanish in small copies
STEP = 64  # positions are kept in 64ths of a pixel
TURN = 256  # angles are kept in 256ths of a circle
OCTAVE = 16  # sizes are kept in 16ths of a doubling


def _mirrored_order() -> NDArray[np.int64]:
    """Return where each of the 128 numbers (4 rows x 4 columns x 8 directions) comes from in a mirrored picture."""
    place = np.arange(128).reshape(4, 4, 8)
    # Rows lie across the direction of the point: mirrored, they swap sides, and directions turn the other way.
    return place[::-1, :, (-np.arange(8)) % 8].ravel()


MIRRORED = _mirrored_order()


@dataclass(frozen=True)
class Keypoints:
    """Points in the order in which they should be kept when there is room for fewer."""

    x: NDArray[np.uint16]  # 64ths of a pixel from the left
    y: NDArray[np.uint16]  # 64ths of a pixel from the top
    size: NDArray[np.uint8]  # 16 log2 of the pixels across
    angle: NDArray[np.uint8]  # 256ths of a circle, clockwise from the right
    codes: NDArray[np.uint64]  # n x 2 words

    def __len__(self) -> int:
        return len(self.x)

    def first(self, many: int) -> Keypoints:
        """Return the first `many` points."""
        return Keypoints(self.x[:many], self.y[:many], self.size[:many], self.angle[:many], self.codes[:many])

    def mirrored(self, width: int) -> Keypoints:
        """Return the points of the picture mirrored left to right, `width` pixels wide."""
        bits = np.unpackbits(self.codes.view(np.uint8).reshape(len(self), 16), axis=1)
        codes = np.ascontiguousarray(np.packbits(bits[:, MIRRORED], axis=1)).view(np.uint64)
        x = (width * STEP - self.x.astype(np.int64)).clip(0, width * STEP).astype(np.uint16)
        angle = ((TURN // 2 - self.angle.astype(np.int64)) % TURN).astype(np.uint8)
        return Keypoints(x, self.y, self.size, angle, codes)


def none() -> Keypoints:
    """Return the points of an empty picture."""
    empty = np.zeros(0, np.uint8)
    wide = np.zeros(0, np.uint16)
    return Keypoints(wide, wide, empty, empty, np.zeros((0, 2), np.uint64))


def keypoints(grey: NDArray[np.uint8], most: int = MOST) -> Keypoints:
    """Return the points of a grey picture (height x width, sides below 1,000 pixels); the same each time."""
    import cv2

    cv2.setNumThreads(1)
    # Written out: OpenCV has several `create`s and the defaults moved between versions.
    finder = cv2.SIFT_create(nfeatures=0, nOctaveLayers=3, contrastThreshold=CONTRAST, edgeThreshold=EDGE)  # type: ignore[attr-defined]
    found = finder.detect(grey, None)
    if not found:
        return none()
    rows = np.array([(*one.pt, one.size, one.angle, one.response) for one in found], np.float64)
    chosen = _spread(rows, grey.shape, most)
    kept, around = finder.compute(grey, [found[row] for row in chosen])
    if around is None or not len(kept):
        return none()
    bits = around > np.median(around, axis=1, keepdims=True)
    points = np.array([(*one.pt, one.size, one.angle) for one in kept], np.float64)
    height, width = grey.shape
    return Keypoints(
        (points[:, 0] * STEP).round().clip(0, width * STEP).astype(np.uint16),
        (points[:, 1] * STEP).round().clip(0, height * STEP).astype(np.uint16),
        (np.log2(points[:, 2].clip(1, None)) * OCTAVE).round().clip(0, 255).astype(np.uint8),
        ((points[:, 3] * TURN / 360).round().astype(np.int64) % TURN).astype(np.uint8),
        np.packbits(bits, axis=1).view(np.uint64),
    )


def _spread(rows: NDArray[np.float64], shape: tuple[int, ...], most: int) -> NDArray[np.int64]:
    """Return the rows to keep, best first: in each cell and size the strongest, then the second, and so on."""
    x, y, size, angle, response = rows.T
    across = (x * CELLS / shape[1]).astype(np.int64).clip(0, CELLS - 1)
    down = (y * CELLS / shape[0]).astype(np.int64).clip(0, CELLS - 1)
    group = (down * CELLS + across) * (len(SIZES) + 1) + np.digitize(size, SIZES)
    order = np.lexsort((angle, size, x, y, -response, group))
    starts = np.flatnonzero(np.r_[True, np.diff(group[order]) != 0])
    rank = np.empty(len(rows), np.int64)
    rank[order] = np.arange(len(rows)) - np.repeat(starts, np.diff(np.r_[starts, len(rows)]))
    return np.lexsort((angle, size, x, y, -response, rank))[:most]
