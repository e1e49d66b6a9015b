"""Which known pictures lie in a picture, or it in them: found by points, decided by what lies over what.

Two ways lead to a candidate: enough points like its own, or the hash of a box inside (a border trimmed away) that is
near its own. Either way the two pictures are laid over each other and have to show the same.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tarazu.media.local import buckets
from tarazu.media.local.agreement import agreement
from tarazu.media.local.features import Features
from tarazu.media.local.known import Known, measured
from tarazu.media.local.overlay import drawn, nudged
from tarazu.media.local.pose import LEAST, pose, support
from tarazu.media.pdq import LEAST_QUALITY, SAME

SHORTLIST = 64  # pictures whose points are looked at, of each way to count votes
LEAST_VOTES = 3.0
LEAST_SUPPORT = 3  # points that agree, for a picture's pose to be sought
POSES = 16  # pictures whose pose is sought
LEAST_DRAWN = 32.0  # pixels a side of a known picture in the query; smaller is not told from others
PROMISE = 0.45  # share of blocks that agree from which on it is worth while to lay one better over the other
NUDGES = (0, 3, 3)  # steps to lay one better over the other, before each comparison
EDGE = 65535.0

# Where a point of the picture turned in each way of tarazu.sightings.Transform lies in the picture itself, as a map of
# the unit square: x' = ax + by + c, y' = dx + ey + f.
TURNED = np.array(
    [
        (1, 0, 0, 0, 1, 0),
        (0, -1, 1, 1, 0, 0),
        (-1, 0, 1, 0, -1, 1),
        (0, 1, 0, -1, 0, 1),
        (1, 0, 0, 0, -1, 1),
        (-1, 0, 1, 0, 1, 0),
        (0, 1, 0, 1, 0, 0),
        (0, -1, 1, -1, 0, 1),
    ],
    np.float64,
)


@dataclass(frozen=True, kw_only=True)
class LocalHit:
    """A known picture found in a query, whole or in part."""

    id: int
    distance: int  # bits of 256 in which the PDQ hashes of the shared part differ, 0 to 31
    overlap: float  # share of the known picture's area that is seen in the query
    inliers: int  # points that agree; 0 if the picture was found by the hash of a box inside


class LocalIndex:
    """Known pictures that cropped and framed copies are looked for in. Threads may search while one adds or removes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known = Known()
        self._rows: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def bytes(self) -> int:
        """Return how much memory the index takes."""
        return self._known.bytes

    def add(self, id: int, features: Features) -> None:
        """Add a known picture. Raises ValueError if `id` is there already."""
        kept = features.kept()
        with self._lock:
            if id in self._rows:
                raise ValueError(f"Picture {id} is in the index already; remove it first.")
            if not self._known.has_room(kept):
                self._known = self._known.grown(kept)
            self._rows[id] = self._known.append(id, kept)

    def remove(self, id: int) -> None:
        """Remove a known picture. Raises KeyError if it is not there."""
        with self._lock:
            self._known.alive[self._rows.pop(id)] = False
            if self._known.pictures > 2 * len(self._rows) + 256:
                self._compact()

    def _compact(self) -> None:
        fresh, rows = Known(), {}
        for id, kept in self._known.living():
            if not fresh.has_room(kept):
                fresh = fresh.grown(kept)
            rows[id] = fresh.append(id, kept)
        self._known, self._rows = fresh, rows

    def search(self, features: Features) -> list[LocalHit]:
        """Return the known pictures that lie in a picture or that it is a part of, mirrored ones too; nearest first."""
        known = self._known
        best: dict[int, LocalHit] = {}
        for row, found, inliers in (*_by_points(known, features), *_by_boxes(known, features)):
            id = int(known.ids[row])
            hit = _checked(known, row, features, found, inliers)
            if hit is not None and (id not in best or hit.overlap > best[id].overlap):
                best[id] = hit
        return sorted(best.values(), key=lambda hit: (hit.distance, -hit.overlap, hit.id))


Candidate = tuple[
    int, NDArray[np.float64], int
]  # row, map of its unit square to the query's, points that agree


def _by_points(known: Known, features: Features) -> Iterator[Candidate]:
    width, height = features.width, features.height
    for mirrored in (False, True):
        points = features.points.mirrored(width) if mirrored else features.points
        pictures = known.pictures
        if len(points) < LEAST or not pictures:
            return
        seen = measured(points)
        for row in _likely(known, pictures, points.codes, seen):
            first, last = known.starts[row : row + 2]
            wide, tall = (float(side) for side in known.frames[row])
            found, inliers = pose(
                known.measured(row), known.codes[first:last], seen, points.codes, max(wide, tall)
            )
            if inliers < LEAST:
                continue
            a, b, c, d, e, f = found
            unit = np.array((a * wide, b * tall, c, d * wide, e * tall, f)) / np.repeat((width, height), 3)
            if mirrored:
                unit[:3] = -unit[0], -unit[1], 1 - unit[2]
            yield row, unit, inliers


def _likely(
    known: Known, pictures: int, codes: NDArray[np.uint64], seen: NDArray[np.float32]
) -> Iterator[int]:
    """Give the pictures whose points speak for them and for one pose, likeliest first."""
    votes, pairs = buckets.votes(
        codes,
        known.codes,
        known.owners,
        known.alive,
        known.heads,
        known.loads,
        known.following,
        buckets.PLACES,
        pictures,
    )
    chosen = np.zeros(pictures, np.bool_)
    for way in votes:
        chosen[np.argsort(-way, kind="stable")[:SHORTLIST]] = True
    chosen &= votes[0] >= LEAST_VOTES
    pairs = pairs[chosen[pairs[:, 0]]]
    pairs = pairs[np.argsort(pairs[:, 0], kind="stable")]
    rows, starts = np.unique(pairs[:, 0], return_index=True)
    ends = np.append(starts, len(pairs))[1:]  # none when nothing was chosen
    ranked = []
    for row, start, end in zip(rows.tolist(), starts, ends, strict=True):
        if end - start < LEAST_SUPPORT:
            continue
        left = pairs[start:end, 2] - known.starts[row]
        side = float(known.frames[row].max())
        agreeing = support(known.measured(row), seen, left, pairs[start:end, 1], side)[1].max()
        if agreeing >= LEAST_SUPPORT:
            ranked.append((-agreeing, -votes[0, row], row))
    for _, _, row in sorted(ranked)[:POSES]:
        yield row


def _by_boxes(known: Known, features: Features) -> Iterator[Candidate]:
    many = known.hashed
    for part in features.parts:
        if part.quality < LEAST_QUALITY:
            continue
        left, top, right, bottom = (edge / EDGE for edge in part.box)
        for turn, words in enumerate(part.hashes):
            apart = np.bitwise_count(known.hashes[:many] ^ words).sum(axis=1)
            for at in np.flatnonzero(apart <= SAME):
                row = int(known.bearers[at])
                if known.alive[row]:
                    x0, y0, x1, y1 = (edge / EDGE for edge in known.boxes[at].astype(np.float64))
                    a, b, c, d, e, f = TURNED[turn]
                    # The known picture's unit square, then its box's, turned, then the query's box's.
                    a, b, d, e = a / (x1 - x0), b / (y1 - y0), d / (x1 - x0), e / (y1 - y0)
                    c, f = c - a * x0 - b * y0, f - d * x0 - e * y0
                    wide, tall = right - left, bottom - top
                    yield (
                        row,
                        np.array((a * wide, b * wide, c * wide + left, d * tall, e * tall, f * tall + top)),
                        0,
                    )


def _checked(
    known: Known, row: int, features: Features, found: NDArray[np.float64], inliers: int
) -> LocalHit | None:
    """Return the hit if the two pictures show the same, laid over each other so or a little better."""
    grey, colour = known.greys[row], known.colours[row]
    for steps in NUDGES:
        for _ in range(steps):
            found = nudged(grey, *drawn(features.grey, found), found)
        size = abs(found[0] * found[4] - found[1] * found[3]) * features.width * features.height
        if not size >= LEAST_DRAWN**2:
            return None
        cells, there = drawn(features.grey, found)
        distance, area, agreed = agreement(grey, colour, cells, there, features.colour, found, inliers)
        if distance <= SAME:
            return LocalHit(
                id=int(known.ids[row]),
                distance=int(distance),
                overlap=round(float(area), 4),
                inliers=int(inliers),
            )
        if agreed < PROMISE:
            break
    return None
