"""How one picture lies in another: the affine map under which the most points agree. Compiled, no chance in it.

Each pair of like points says by itself how the picture lies: where, how large, how turned. Each is tried; the best few
are fitted to all pairs that agree with them, more strictly each time.

Points are n x 4: x, y, log2 of the size, angle in radians. Maps are six numbers a to f: x' = ax + by + c,
y' = dx + ey + f.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from tarazu.media.local.buckets import ones

LIKE = 22  # bits of 128 in which two codes of one point may differ
LEAST = 4  # pairs that have to agree
TRIED = 5  # poses that are fitted
# Largest distance between a point and where the map puts it, in shares of the longer side of the known picture as it
# appears in the query: to begin with, when fitted twice, and for a pair that counts.
LOOSE, CLOSER, CLOSE = 0.06, 0.03, 0.012
SIZES, ANGLES = 0.7, 0.8  # in doublings, and as a cosine: how far two pairs may differ and say the same
AFFINE = 12  # pairs from which on the sides may be stretched by unlike amounts
SMALLEST, LARGEST = 0.08, 8.0  # size of the known picture in the query to its own
STRETCH = 1.35  # most by which the sides may be stretched by unlike amounts


@njit(cache=True, nogil=True)
def support(known: Any, seen: Any, left: Any, right: Any, side: float) -> Any:
    """Return (maps, support): for each pair of rows the map it says, and how many pairs agree.

    `side` is the longer side of the known picture in the units of x and y.
    """
    count = len(left)
    agreeing = np.zeros(count, np.int64)
    maps = np.zeros((count, 6))
    for at in range(count):
        one, two = known[left[at]], seen[right[at]]
        scale = 2.0 ** (two[2] - one[2])
        if scale < SMALLEST or scale > LARGEST:
            continue
        turn = two[3] - one[3]
        a, d = scale * np.cos(turn), scale * np.sin(turn)
        maps[at] = (a, -d, two[0] - a * one[0] + d * one[1], d, a, two[1] - d * one[0] - a * one[1])
        reach = (LOOSE * scale * side) ** 2
        for other in range(count):
            if _apart(maps[at], known[left[other]], seen[right[other]]) > reach:
                continue
            size = seen[right[other], 2] - known[left[other], 2] - (two[2] - one[2])
            angle = seen[right[other], 3] - known[left[other], 3] - turn
            if abs(size) < SIZES and np.cos(angle) > ANGLES:
                agreeing[at] += 1
    return maps, agreeing


@njit(cache=True, nogil=True)
def pose(known: Any, known_codes: Any, seen: Any, seen_codes: Any, side: float) -> Any:
    """Return (map, points): the map of the known picture into the query, and how many known points agree with it."""
    best, most = np.zeros(6), 0
    left, right = _pairs(known_codes, seen_codes)
    if len(left) < LEAST:
        return best, most
    maps, agreeing = support(known, seen, left, right, side)
    for _ in range(TRIED):
        at = int(np.argmax(agreeing))
        if agreeing[at] < LEAST:
            break
        found = maps[at].copy()
        agreeing[at] = 0
        agreed = 0
        for reach in (LOOSE, CLOSER, CLOSE, CLOSE):
            agreed = _fit(found, known, seen, left, right, reach * side)
            if agreed < LEAST:
                break
        if agreed > most:
            best, most = found, agreed
        if most > len(left) // 2:
            break
    return best, most


@njit(cache=True, nogil=True)
def _pairs(known: Any, seen: Any) -> Any:
    """Return the rows (known, seen) of like points: for each seen one the likest."""
    left = np.empty(len(seen), np.int64)
    right = np.empty(len(seen), np.int64)
    count = 0
    for row in range(len(seen)):
        nearest, chosen = LIKE + 1, -1
        for other in range(len(known)):
            apart = ones(known[other, 0] ^ seen[row, 0]) + ones(known[other, 1] ^ seen[row, 1])
            if apart < nearest:
                nearest, chosen = apart, other
        if chosen >= 0:
            left[count] = chosen
            right[count] = row
            count += 1
    return left[:count], right[:count]


@njit(cache=True, nogil=True, inline="always")
def _apart(found: Any, one: Any, two: Any) -> Any:
    x = found[0] * one[0] + found[1] * one[1] + found[2] - two[0]
    y = found[3] * one[0] + found[4] * one[1] + found[5] - two[1]
    return x * x + y * y


@njit(cache=True, nogil=True)
def _fit(found: Any, known: Any, seen: Any, left: Any, right: Any, reach: float) -> Any:
    """Fit the map to the pairs within reach of it, in place; return how many known points they are, 0 if it fails."""
    scale = np.sqrt(abs(found[0] * found[4] - found[1] * found[3]))
    limit = (reach * scale) ** 2
    agree = np.zeros(len(left), np.bool_)
    counted = np.zeros(len(known), np.bool_)
    count = 0
    for at in range(len(left)):
        agree[at] = _apart(found, known[left[at]], seen[right[at]]) <= limit
        if agree[at] and not counted[left[at]]:
            counted[left[at]] = True
            count += 1
    if count < LEAST:
        return 0
    # Least squares about the middle of the points, where the equations are well behaved.
    n, mx, my, mu, mv = 0.0, 0.0, 0.0, 0.0, 0.0
    for at in range(len(left)):
        if agree[at]:
            n += 1
            mx += known[left[at], 0]
            my += known[left[at], 1]
            mu += seen[right[at], 0]
            mv += seen[right[at], 1]
    mx, my, mu, mv = mx / n, my / n, mu / n, mv / n
    xx, xy, yy, xu, yu, xv, yv = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for at in range(len(left)):
        if agree[at]:
            x, y = known[left[at], 0] - mx, known[left[at], 1] - my
            u, v = seen[right[at], 0] - mu, seen[right[at], 1] - mv
            xx, xy, yy = xx + x * x, xy + x * y, yy + y * y
            xu, yu, xv, yv = xu + x * u, yu + y * u, xv + x * v, yv + y * v
    if xx + yy <= 0:
        return 0
    a, d = (xu + yv) / (xx + yy), (xv - yu) / (xx + yy)
    b, e = -d, a
    size = xx * yy - xy * xy
    if count >= AFFINE and size > 0.02 * (xx + yy) ** 2:
        p, q = (xu * yy - yu * xy) / size, (yu * xx - xu * xy) / size
        r, s = (xv * yy - yv * xy) / size, (yv * xx - xv * xy) / size
        wide, tall = np.hypot(p, r), np.hypot(q, s)
        lean = abs(p * q + r * s) / max(wide * tall, 1e-12)
        if wide < STRETCH * tall and tall < STRETCH * wide and lean < 0.2:
            a, b, d, e = p, q, r, s
    grown = np.sqrt(abs(a * e - b * d))
    if grown < SMALLEST or grown > LARGEST:
        return 0
    found[:] = (a, b, mu - a * mx - b * my, d, e, mv - d * mx - e * my)
    return count
