"""The known pictures of a local index, as columns: what a search reads while others append."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from tarazu.media.local import buckets
from tarazu.media.local.features import FEW_COLOURS, THUMBNAIL, WHOLE, Features
from tarazu.media.local.keypoints import OCTAVE, STEP, TURN, Keypoints
from tarazu.media.pdq import LEAST_QUALITY

PART_AREA = 0.4  # share of a known picture that a box inside it needs to stand for it


class Known:
    """Columns with some room left. They are appended to in place and never moved: `grown` gives a larger copy."""

    def __init__(self, pictures: int = 64, points: int = 4096, hashes: int = 64) -> None:
        self.pictures = self.points = self.hashed = 0  # how many are there
        self.ids = np.zeros(pictures, np.int64)
        self.alive = np.zeros(pictures, np.bool_)
        self.starts = np.zeros(pictures + 1, np.int64)  # of each picture's points
        self.frames = np.zeros((pictures, 2), np.int32)  # width and height that points are measured in
        self.greys = np.zeros((pictures, THUMBNAIL, THUMBNAIL), np.uint8)
        self.colours = np.zeros((pictures, FEW_COLOURS, FEW_COLOURS, 2), np.uint8)
        self.places = np.zeros((points, 4), np.uint16)  # x, y, size, angle as keypoints have them
        self.codes = np.zeros((points, 2), np.uint64)
        self.owners = np.zeros(points, np.int32)
        self.following = np.zeros((points, buckets.TABLES), np.int32)
        self.heads, self.loads = buckets.empty_heads(), buckets.no_loads()
        self.hashes = np.zeros((hashes, 4), np.uint64)
        self.boxes = np.zeros((hashes, 4), np.uint16)
        self.bearers = np.zeros(hashes, np.int32)  # the picture of each hash

    @property
    def bytes(self) -> int:
        """Return how much memory the columns take, room left included."""
        return sum(column.nbytes for column in vars(self).values() if isinstance(column, np.ndarray))

    def has_room(self, features: Features) -> bool:
        """Return whether one more picture fits."""
        return (
            self.pictures < len(self.ids)
            and self.points + len(features.points) <= len(self.codes)
            and self.hashed + len(features.parts) <= len(self.hashes)
        )

    def grown(self, features: Features) -> Known:
        """Return a copy with room for one more picture. The original stays as it is for those who still read it."""
        larger = Known(
            _more(self.pictures + 1, len(self.ids)),
            _more(self.points + len(features.points), len(self.codes)),
            _more(self.hashed + len(features.parts), len(self.hashes)),
        )
        for name, column in vars(self).items():
            if isinstance(column, np.ndarray):
                getattr(larger, name)[: len(column)] = column
            else:
                setattr(larger, name, column)
        return larger

    def append(self, id: int, kept: Features) -> int:
        """Add a picture for which there is room; return its row. The tables come last: what they lead to is there."""
        row, first, last = self.pictures, self.points, self.points + len(kept.points)
        points = kept.points
        self.ids[row], self.alive[row] = id, True
        self.starts[row], self.starts[row + 1] = first, last
        self.frames[row] = kept.width, kept.height
        self.greys[row], self.colours[row] = kept.grey, kept.colour
        self.places[first:last] = np.stack((points.x, points.y, points.size, points.angle), axis=1)
        self.codes[first:last] = points.codes
        self.owners[first:last] = row
        for part in kept.parts:
            if part.share >= PART_AREA and part.quality >= LEAST_QUALITY and len(part.hashes):
                self.hashes[self.hashed], self.boxes[self.hashed] = part.hashes[0], part.box
                self.bearers[self.hashed] = row
                self.hashed += 1
        self.points, self.pictures = last, row + 1
        buckets.chain(self.codes, first, last, self.heads, self.loads, self.following, buckets.PLACES)
        return row

    def living(self) -> Iterator[tuple[int, Features]]:
        """Give each picture that was not removed, as it was added."""
        from tarazu.media.local.features import Part

        for row in np.flatnonzero(self.alive[: self.pictures]):
            first, last = self.starts[row : row + 2]
            x, y, size, angle = self.places[first:last].T
            points = Keypoints(x, y, size.astype(np.uint8), angle.astype(np.uint8), self.codes[first:last])
            parts = [Part(WHOLE, 0, np.zeros((0, 4), np.uint64))]
            for at in np.flatnonzero(self.bearers[: self.hashed] == row):
                left, top, right, bottom = (int(edge) for edge in self.boxes[at])
                parts.append(Part((left, top, right, bottom), 100, self.hashes[at][None]))
            width, height = (int(side) for side in self.frames[row])
            yield (
                int(self.ids[row]),
                Features(width, height, self.greys[row], self.colours[row], points, tuple(parts)),
            )

    def measured(self, row: int) -> NDArray[np.float32]:
        """Return the points of a picture as `measured` does."""
        return _measured(self.places[self.starts[row] : self.starts[row + 1]])


def _more(need: int, there: int) -> int:
    return there if need <= there else max(need, there * 3 // 2)


def measured(points: Keypoints) -> NDArray[np.float32]:
    """Return n x 4: x and y in pixels, log2 of the size, angle in radians."""
    return _measured(np.stack((points.x, points.y, points.size, points.angle), axis=1))


def _measured(places: NDArray[np.uint16]) -> NDArray[np.float32]:
    scale = np.array((1 / STEP, 1 / STEP, 1 / OCTAVE, 2 * math.pi / TURN), np.float32)
    out: NDArray[np.float32] = places.reshape(-1, 4).astype(np.float32) * scale
    return out
