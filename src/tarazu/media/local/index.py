"""Which known pictures lie in a picture, or it in them: found by points, decided by what lies over what.

Two ways lead to a candidate: enough points like its own, or the hash of a box inside (a border trimmed away) that is
near its own. Either way the two pictures are laid over each other and have to show the same.
"""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tarazu.media.local import buckets
from tarazu.media.local.features import THUMBNAIL, Features
from tarazu.media.local.keypoints import OCTAVE, STEP, TURN, Keypoints
from tarazu.media.local.overlap import compared, drawn, nudged
from tarazu.media.local.pose import pose
from tarazu.media.pdq import LEAST_QUALITY, SAME

NUDGE = True
CANDIDATES = 32  # pictures that are compared in full
LEAST_VOTES = 3.0
LEAST_AREA = 0.3  # of the known picture that has to be seen
LEAST_CONTENT = 0.3
PART_AREA = 0.4  # of a known picture for a box inside it to stand for it


@dataclass(frozen=True)
class LocalHit:
    """A known picture found in a query, or a query found in it."""

    id: int
    distance: int  # bits in which the hashes of the shared part differ, 0 to 31
    overlap: float  # share of the known picture's area that is shared
    inliers: int  # points that agree; 0 if the picture was found by the hash of a box inside
    mirrored: bool = False
    content: float = 1.0
    extra: object = None


class LocalIndex:
    """Known pictures that cropped and framed copies are looked for in. Threads may search while one adds or removes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rows = 0
        self._slots: dict[int, int] = {}
        self._ids: list[int] = []
        self._starts: list[int] = [0]
        self._frames: list[tuple[int, int]] = []
        self._greys = np.zeros((0, THUMBNAIL, THUMBNAIL), np.uint8)
        self._alive = np.zeros(0, np.bool_)
        self._points = np.zeros((0, 4), np.float32)
        self._codes = np.zeros((0, 2), np.uint64)
        self._owners = np.zeros(0, np.int32)
        self._following = np.zeros((0, buckets.TABLES), np.int32)
        self._heads = buckets.empty_heads()
        self._hashes = np.zeros((0, 4), np.uint64)
        self._hash_owners = np.zeros(0, np.int32)
        self._hash_count = 0

    def __len__(self) -> int:
        return len(self._slots)

    def add(self, id: int, features: Features) -> None:
        """Add a known picture. Raises ValueError if `id` is there already."""
        kept = features.kept()
        with self._lock:
            if id in self._slots:
                raise ValueError(f"Picture {id} is in the index already; remove it first.")
            slot, first, last = len(self._ids), self._rows, self._rows + len(kept.points)
            hashes = [
                part.hashes[0] for part in kept.parts if part.share >= PART_AREA and part.quality >= LEAST_QUALITY
            ]
            self._grow(slot + 1, last, self._hash_count + len(hashes))
            self._greys[slot] = kept.grey
            self._points[first:last] = _measured(kept.points)
            self._codes[first:last] = kept.points.codes
            self._owners[first:last] = slot
            self._hashes[self._hash_count : self._hash_count + len(hashes)] = hashes or np.zeros((0, 4), np.uint64)
            self._hash_owners[self._hash_count : self._hash_count + len(hashes)] = slot
            self._frames.append((kept.width, kept.height))
            self._starts.append(last)
            self._ids.append(id)
            self._alive[slot] = True
            self._slots[id] = slot
            self._hash_count += len(hashes)
            self._rows = last
            buckets.chain(self._codes, first, last, self._heads, self._following, buckets.PLACES)

    def remove(self, id: int) -> None:
        """Remove a known picture. Raises KeyError if it is not there."""
        with self._lock:
            self._alive[self._slots.pop(id)] = False

    def _grow(self, slots: int, rows: int, hashes: int) -> None:
        def room(array: NDArray[np.generic], need: int) -> NDArray[np.generic]:
            if need <= len(array):
                return array
            more = np.zeros((max(need, len(array) * 3 // 2, 64), *array.shape[1:]), array.dtype)
            more[: len(array)] = array
            return more

        for name in ("_greys", "_alive"):
            setattr(self, name, room(getattr(self, name), slots))
        for name in ("_points", "_codes", "_owners", "_following"):
            setattr(self, name, room(getattr(self, name), rows))
        for name in ("_hashes", "_hash_owners"):
            setattr(self, name, room(getattr(self, name), hashes))

    def search(self, features: Features) -> list[LocalHit]:
        best: dict[int, LocalHit] = {}
        for mirrored in (False, True):
            points = features.points.mirrored(features.width) if mirrored else features.points
            grey = np.ascontiguousarray(features.grey[:, ::-1]) if mirrored else features.grey
            for hit in self._by_points(points, grey, features, mirrored):
                if hit.id not in best or hit.distance < best[hit.id].distance:
                    best[hit.id] = hit
        for hit in self._by_boxes(features):
            if hit.id not in best:
                best[hit.id] = hit
        return sorted(best.values(), key=lambda h: (h.distance, -h.overlap, h.id))

    def candidates(self, points):
        votes = buckets.votes(points.codes, self._codes, self._owners, self._alive, self._heads, self._following, buckets.PLACES, len(self._ids))
        out = {}
        for way in votes:
            for s in np.argsort(-way, kind="stable")[:CANDIDATES]:
                if votes[0][s] >= LEAST_VOTES: out[int(s)] = 1
        return list(out), votes[0]

    def _by_points(self, points, grey, features, mirrored):
        if len(points) < 4 or not self._ids: return
        seen = _measured(points)
        for slot in self.candidates(points)[0]:
            d = self.check(slot, seen, points.codes, grey, features)
            if d is not None:
                n, (distance, area, content) = d
                if distance <= SAME and area >= LEAST_AREA and content >= LEAST_CONTENT:
                    yield LocalHit(self._ids[slot], distance, area, n, mirrored, content, self.extra)

    def check(self, slot, seen, codes, grey, features):
        a, b = self._starts[slot], self._starts[slot + 1]
        w, h = self._frames[slot]
        m, n = pose(self._points[a:b], self._codes[a:b], seen, codes, float(max(w, h)))
        if n < 4: return None
        W, H = features.width, features.height
        unit = np.array([m[0] * w / W, m[1] * h / W, m[2] / W, m[3] * w / H, m[4] * h / H, m[5] / H])
        known = self._greys[slot]
        cells, there = drawn(grey, unit)
        best = compared(known, cells, there)
        if NUDGE and best[0] < 256:
          for _ in range(5):
            if best[0] <= SAME and best[1] > LEAST_AREA: break
            unit = nudged(known, cells, there, unit)
            cells, there = drawn(grey, unit)
            b2 = compared(known, cells, there)
            if (b2[0] <= SAME) > (best[0] <= SAME) or (b2[0] <= SAME) == (best[0] <= SAME) and b2[1] > best[1] or best[0]>SAME and b2[0]<best[0]: best = b2
        self.extra = ov_stats(known, cells, there, best, self._points[a:b], w, h)
        return n, best

    def _by_boxes(self, features):
        known = self._hashes[: self._hash_count]
        for part in features.parts:
            if part.quality < LEAST_QUALITY: continue
            for turn, h in enumerate(part.hashes):
                d = np.bitwise_count(known ^ h).sum(1)
                for r in np.flatnonzero(d <= SAME):
                    s = self._hash_owners[r]
                    if self._alive[s]: yield LocalHit(self._ids[s], int(d[r]), 1.0, 0, turn >= 4)


def _measured(points: Keypoints) -> NDArray[np.float32]:
    """Return n x 4: x and y in pixels, log2 of the size, angle in radians."""
    out = np.empty((len(points), 4), np.float32)
    out[:, 0] = points.x / STEP
    out[:, 1] = points.y / STEP
    out[:, 2] = points.size / OCTAVE
    out[:, 3] = points.angle * (2 * math.pi / TURN)
    return out


def ov_stats(known, cells, there, best, pts, w, h):
    from scipy.ndimage import uniform_filter
    from tarazu.media.local import overlap as ov
    gain, shift = ov._light(known, cells, there)
    out = []
    for strict in (False, True):
        worth = ov._worth(known, cells, there, gain, shift, strict)
        t, l, b, r = ov._rectangle(worth)
        if b - t < 4 or r - l < 4: out.append(None); continue
        agree = (ov._worth(known, cells, there, gain, shift, True)[t:b, l:r] > 0).mean()
        k = known[2*t:2*b, 2*l:2*r].astype(float); c = cells[2*t:2*b, 2*l:2*r]
        ncc = np.corrcoef(k.ravel(), c.ravel())[0, 1]
        hk, hc = k - uniform_filter(k, 9), c - uniform_filter(c, 9)
        hp = np.corrcoef(hk.ravel(), hc.ravel())[0, 1]
        inside = ((pts[:, 0] / w * 32 >= l) & (pts[:, 0] / w * 32 < r) & (pts[:, 1] / h * 32 >= t) & (pts[:, 1] / h * 32 < b)).sum()
        out.append(dict(area=(b-t)*(r-l)/1024, agree=agree, ncc=ncc, hp=hp, inside=int(inside), gain=gain))
    return out
