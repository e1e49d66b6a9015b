"""Whether two pictures that lie over each other show the same: the check that decides. Compiled.

Blocks of the known picture agree with the query or do not. Three readings are tried, in this order:

- *whole*: everything that they share agrees. Enough for a crop, a border, a screenshot.
- *covered*: it does but for a little, as a sticker hides. What is hidden may not be what the picture is about.
- *part*: only a rectangle agrees, as under caption bars. It has to be most of the known picture, or two pictures with
  one flag's corner, one page around them or one letterhead would be the same.

In each, what changes across and down at once has to be alike as well (`detail`), and the shared part is hashed on both
sides as PDQ hashes a picture, and the hashes have to be near.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from tarazu.media.local.colours import same_colours
from tarazu.media.local.detail import DETAIL, detail, hidden
from tarazu.media.local.overlay import CELLS, light
from tarazu.media.pdq_kernel import COSINES

SAME = 31  # bits of 256
LIVELY = 50  # PDQ's quality, on both sides
BLOCK = 2  # cells a side
BLOCKS = CELLS // BLOCK
LEAST_SIDE = 10  # blocks
UNLIKE = 14.0  # mean difference of a block, in steps of 255 after light and contrast are made equal
BUSY = 0.35  # share of its own contrast by which a busy block may differ on top
AGAINST = (3.0, 20.0)  # blocks that agree for each that does not, within a rectangle: lenient, then strict
# For each reading: least share of the known picture's area and of its steps of light; least share of blocks that agree;
# least correlation of light where they do.
WHOLE = (0.3, 0.1, 0.85, 0.9)
COVERED = (0.6, 0.6, 0.8, 0.95)
PART = (0.6, 0.55, 0.9, 0.95)
COVERED_POINTS, PART_POINTS = 20, 10  # points that have to agree: bands of colour may be alike by chance
ROUNDING = 1.0  # step of light by which every sample may be off, as a frequency
HIDDEN = 0.25  # share of the known picture's steps of light that may be covered


@njit(cache=True, nogil=True)
def agreement(
    known: Any, known_colour: Any, cells: Any, there: Any, colour: Any, found: Any, inliers: int
) -> Any:
    """Return (distance, area, agreed): bits of 256, share of the known picture, share of blocks that agree.

    Distance 256: not the same, and `agreed` is of all that the two share.

    `known` and `cells` are 64 x 64, `known_colour` n x n x 2, `colour` m x m x 2 of the whole query, which `found`
    maps the known picture's unit square to; `inliers` points say so.
    """
    gain, shift = light(known, cells, there)
    even = gain * cells + shift
    agree, inside = _agreeing(known, even, there)
    total = max(content(known, (0, 0, CELLS, CELLS)), 1e-9)
    boxes = [_rectangle(np.where(inside, 1.0, -1e6))]
    for against in AGAINST:
        boxes.append(_rectangle(np.where(inside, np.where(agree, 1.0, -against), -1e6)))
    promise = 0.0
    for reading in range(4):
        box = boxes[max(reading - 1, 0)]
        top, left, bottom, right = box
        if bottom - top < LEAST_SIDE * BLOCK or right - left < LEAST_SIDE * BLOCK:
            continue
        if inliers < (0, COVERED_POINTS, PART_POINTS, PART_POINTS)[reading]:
            continue
        limits = WHOLE if reading == 0 else COVERED if reading == 1 else PART
        area = (bottom - top) * (right - left) / CELLS**2
        share = content(known, box) / total
        agreed, alike = _alike(known, even, agree, box, reading == 1)
        promise = max(promise, agreed) if reading == 0 else promise
        if area < limits[0] or share < limits[1] or agreed < limits[2] or alike < limits[3]:
            continue
        # What hides a patch says nothing; a whole picture has nothing in front of it.
        patches = hidden(inside if reading == 0 else agree, box, BLOCK)
        if detail(known, even, patches, box, BLOCK) < DETAIL:
            continue
        shown = even
        if reading == 1:
            shown, lost = _uncovered(known, even, agree, box)
            if lost > HIDDEN * total:
                continue
        distance, lively = apart(known, shown, box)
        if distance <= SAME and lively >= LIVELY and same_colours(known_colour, colour, found, agree, box):
            return distance, area, agreed
    return 256, 0.0, promise


@njit(cache=True, nogil=True)
def _agreeing(known: Any, even: Any, there: Any) -> Any:
    """Return which blocks show the same, and which lie in the query at all."""
    agree = np.zeros((BLOCKS, BLOCKS), np.bool_)
    inside = np.zeros((BLOCKS, BLOCKS), np.bool_)
    for i in range(BLOCKS):
        for j in range(BLOCKS):
            found, apart, total, square, count = 0, 0.0, 0.0, 0.0, 0
            for k in range(i * BLOCK, (i + 1) * BLOCK):
                for m in range(j * BLOCK, (j + 1) * BLOCK):
                    found += there[k, m]
                    apart += abs(even[k, m] - known[k, m]) / BLOCK**2
            # How busy the block is, is seen on it and the cells around it.
            for k in range(max(i * BLOCK - 1, 0), min((i + 1) * BLOCK + 1, CELLS)):
                for m in range(max(j * BLOCK - 1, 0), min((j + 1) * BLOCK + 1, CELLS)):
                    count += 1
                    total += known[k, m]
                    square += float(known[k, m]) * known[k, m]
            busy = np.sqrt(max(square / count - (total / count) ** 2, 0.0))
            inside[i, j] = found == BLOCK**2
            agree[i, j] = inside[i, j] and apart <= UNLIKE + BUSY * busy
    return agree, inside


@njit(cache=True, nogil=True)
def _rectangle(worth: Any) -> Any:
    """Return (top, left, bottom, right), in cells, of the blocks worth most (Kadane's way, over pairs of rows)."""
    rows, columns = worth.shape
    best, most = (0, 0, 0, 0), 0.0
    sums = np.zeros(columns)
    for top in range(rows):
        sums[:] = 0
        for bottom in range(top, rows):
            run, start = 0.0, 0
            for j in range(columns):
                sums[j] += worth[bottom, j]
                if run <= 0:
                    run, start = 0.0, j
                run += sums[j]
                if run > most:
                    most = run
                    best = (top * BLOCK, start * BLOCK, (bottom + 1) * BLOCK, (j + 1) * BLOCK)
    return best


@njit(cache=True, nogil=True)
def _alike(known: Any, even: Any, agree: Any, box: Any, agreeing_only: bool) -> Any:
    """Return the share of blocks that agree, and the correlation of light (of those blocks only, if so asked)."""
    n, agreed, sx, sy, sxx, syy, sxy = 0.0, 0, 0.0, 0.0, 0.0, 0.0, 0.0
    for i in range(box[0], box[2]):
        for j in range(box[1], box[3]):
            same = agree[i // BLOCK, j // BLOCK]
            agreed += same
            if same or not agreeing_only:
                x, y = even[i, j], float(known[i, j])
                n, sx, sy, sxx, syy, sxy = n + 1, sx + x, sy + y, sxx + x * x, syy + y * y, sxy + x * y
    spread = (n * sxx - sx * sx) * (n * syy - sy * sy)
    alike = (n * sxy - sx * sy) / np.sqrt(spread) if spread > 0 else 0.0
    return agreed / ((box[2] - box[0]) * (box[3] - box[1])), alike


@njit(cache=True, nogil=True)
def _uncovered(known: Any, even: Any, agree: Any, box: Any) -> Any:
    """Return the query with the known picture in place of what hides it, and the known steps of light hidden."""
    shown = even.copy()
    hidden = 0.0
    for i in range(box[0], box[2], BLOCK):
        for j in range(box[1], box[3], BLOCK):
            if not agree[i // BLOCK, j // BLOCK]:
                shown[i : i + BLOCK, j : j + BLOCK] = known[i : i + BLOCK, j : j + BLOCK]
                hidden += content(known, (i, j, min(i + BLOCK + 1, CELLS), min(j + BLOCK + 1, CELLS)))
    return shown, hidden


@njit(cache=True, nogil=True)
def content(cells: Any, box: Any) -> Any:
    """Return the sum of the steps of light between neighbouring cells of a box."""
    total = 0.0
    for i in range(box[0], box[2]):
        for j in range(box[1], box[3]):
            if i + 1 < box[2]:
                total += abs(float(cells[i + 1, j]) - cells[i, j])
            if j + 1 < box[3]:
                total += abs(float(cells[i, j + 1]) - cells[i, j])
    return total


@njit(cache=True, nogil=True)
def apart(known: Any, shown: Any, box: Any) -> Any:
    """Return in how many of 256 bits PDQ tells the two boxes of cells apart, and the lower of their qualities.

    A bit whose two frequencies are as good as equal is not counted: in flat and symmetric pictures, such as plain
    bands, most frequencies are nothing but rounding, and so are their bits.
    """
    one, middle, lively = _spectrum(known, box)
    two, other, alive = _spectrum(shown, box)
    distance = 0
    for bit in range(256):
        differ = (one[bit] > middle) != (two[bit] > other)
        distance += differ and abs((one[bit] - middle) - (two[bit] - other)) > ROUNDING
    return distance, min(lively, alive)


@njit(cache=True, nogil=True)
def _spectrum(cells: Any, box: Any) -> Any:
    """Return the 256 frequencies of a box of cells as PDQ has them of 64 x 64 samples, their median, the quality."""
    top, left, bottom, right = box
    samples = np.empty((CELLS, CELLS), np.float32)
    for i in range(CELLS):
        v = min(max((i + 0.5) * (bottom - top) / CELLS - 0.5, 0.0), bottom - top - 1.0)
        r = min(int(v), bottom - top - 2)
        for j in range(CELLS):
            u = min(max((j + 0.5) * (right - left) / CELLS - 0.5, 0.0), right - left - 1.0)
            c = min(int(u), right - left - 2)
            p, q = u - c, v - r
            a, b = float(cells[top + r, left + c]), float(cells[top + r, left + c + 1])
            d, e = float(cells[top + r + 1, left + c]), float(cells[top + r + 1, left + c + 1])
            samples[i, j] = (1 - q) * ((1 - p) * a + p * b) + q * ((1 - p) * d + p * e)
    spectrum = (COSINES @ samples @ COSINES.T).ravel()
    middle = np.sort(spectrum)[127]
    return spectrum, middle, content(samples, (0, 0, CELLS, CELLS)) * 100 / 255 / 90
