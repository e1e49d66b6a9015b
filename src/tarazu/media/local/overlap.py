"""Whether two pictures, laid over each other, show the same: the check that decides. Compiled.

Where the known picture lies in the query, the query is drawn as the known one's 64 x 64 cells. The largest rectangle
in which the two agree is hashed on both sides as PDQ hashes a picture; it has to hold enough of the known picture.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from tarazu.media.pdq_kernel import COSINES

CELLS = 64
BLOCK = 2  # cells a side of a block; blocks agree or do not
BLOCKS = CELLS // BLOCK
FINE = 3  # samples a side of a cell
UNLIKE = 14.0  # mean difference of a block, in steps of 255 after light and contrast are made equal
LIVELY = 0.35  # share of its own contrast by which a lively block may differ on top
AGAINST = 3.0  # blocks that agree for each that does not, within a rectangle
OUTLIER = 40.0  # steps of 255 beyond which a cell shows something else
LEAST_SIDE = 10  # blocks


@njit(cache=True, nogil=True)
def drawn(grey: Any, found: Any) -> Any:
    """Return (cells, there): the query's light in each cell of the known picture, and which cells lie in the query.

    `found` maps the known picture's unit square to the query's.
    """
    rows, columns = grey.shape
    cells = np.zeros((CELLS, CELLS))
    there = np.ones((CELLS, CELLS), np.bool_)
    for i in range(CELLS):
        for j in range(CELLS):
            total = 0.0
            for k in range(FINE * FINE):
                x = (j + (k % FINE + 0.5) / FINE) / CELLS
                y = (i + (k // FINE + 0.5) / FINE) / CELLS
                u = (found[0] * x + found[1] * y + found[2]) * columns - 0.5
                v = (found[3] * x + found[4] * y + found[5]) * rows - 0.5
                if u < -0.5 or v < -0.5 or u > columns - 0.5 or v > rows - 0.5:
                    there[i, j] = False
                    break
                u, v = min(max(u, 0.0), columns - 1.0), min(max(v, 0.0), rows - 1.0)
                c, r = min(int(u), columns - 2), min(int(v), rows - 2)
                p, q = u - c, v - r
                total += (1 - q) * ((1 - p) * grey[r, c] + p * grey[r, c + 1])
                total += q * ((1 - p) * grey[r + 1, c] + p * grey[r + 1, c + 1])
            cells[i, j] = total / (FINE * FINE)
    return cells, there


@njit(cache=True, nogil=True)
def compared(known: Any, cells: Any, there: Any) -> Any:
    """Return (distance, area, content) of the best rectangle that agrees; distance 256 if there is none.

    `distance` counts the differing bits of 256, `area` is the rectangle's share of the known picture, `content` its
    share of the steps of light in it.
    """
    best = (256, 0.0, 0.0)
    gain, shift = _light(known, cells, there)
    for strict in range(2):
        top, left, bottom, right = _rectangle(_worth(known, cells, there, gain, shift, strict == 1))
        if bottom - top < LEAST_SIDE or right - left < LEAST_SIDE:
            continue
        box = (top * BLOCK, left * BLOCK, bottom * BLOCK, right * BLOCK)
        one, lively = _hash(known, box)
        two, alive = _hash(cells, box)
        distance = 0
        for bit in range(256):
            distance += one[bit] != two[bit]
        if min(lively, alive) >= 50 and distance < best[0]:
            area = (bottom - top) * (right - left) / BLOCKS**2
            best = (distance, area, _content(known, box) / max(_content(known, (0, 0, CELLS, CELLS)), 1e-9))
        if best[0] <= 31:
            break
    return best


@njit(cache=True, nogil=True)
def _light(known: Any, cells: Any, there: Any) -> Any:
    """Return the gain and shift that make the query's light the known picture's, where the two are alike."""
    gain, shift = 1.0, 0.0
    for turn in range(4):
        n, sx, sy, sxx, sxy = 0.0, 0.0, 0.0, 0.0, 0.0
        for i in range(CELLS):
            for j in range(CELLS):
                x, y = cells[i, j], float(known[i, j])
                if there[i, j] and (turn == 0 or abs(gain * x + shift - y) < OUTLIER):
                    n, sx, sy, sxx, sxy = n + 1, sx + x, sy + y, sxx + x * x, sxy + x * y
        spread = n * sxx - sx * sx
        if n < 64 or spread <= 0:
            return 1.0, 0.0
        gain = min(max((n * sxy - sx * sy) / spread, 0.4), 2.5)
        shift = (sy - gain * sx) / n
    return gain, shift


@njit(cache=True, nogil=True)
def _worth(known: Any, cells: Any, there: Any, gain: float, shift: float, strict: bool) -> Any:
    """Return what each block adds to a rectangle: 1 if it lies in the query and, if `strict`, shows the same."""
    out = np.zeros((BLOCKS, BLOCKS))
    size = BLOCK * BLOCK
    for i in range(BLOCKS):
        for j in range(BLOCKS):
            inside, apart, total, square = 0, 0.0, 0.0, 0.0
            for k in range(i * BLOCK, (i + 1) * BLOCK):
                for m in range(j * BLOCK, (j + 1) * BLOCK):
                    inside += there[k, m]
                    apart += abs(gain * cells[k, m] + shift - known[k, m])
            # How lively the block is, is seen on it and the cells around it.
            count = 0
            for k in range(max(i * BLOCK - 1, 0), min((i + 1) * BLOCK + 1, CELLS)):
                for m in range(max(j * BLOCK - 1, 0), min((j + 1) * BLOCK + 1, CELLS)):
                    count += 1
                    total += known[k, m]
                    square += float(known[k, m]) * known[k, m]
            lively = np.sqrt(max(square / count - (total / count) ** 2, 0.0))
            same = not strict or apart / size <= UNLIKE + LIVELY * lively
            out[i, j] = -1e6 if inside < size else (1.0 if same else -AGAINST)
    return out


@njit(cache=True, nogil=True)
def _rectangle(worth: Any) -> Any:
    """Return (top, left, bottom, right) of the rectangle that is worth most (Kadane's way, over all pairs of rows)."""
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
                    best = (top, start, bottom + 1, j + 1)
    return best


@njit(cache=True, nogil=True)
def nudged(known: Any, cells: Any, there: Any, found: Any) -> Any:
    """Return a map a little nearer to what makes the cells those of the known picture (one step of Lucas and Kanade)."""
    gain, shift = _light(known, cells, there)
    left, right = np.zeros((6, 6)), np.zeros(6)
    row = np.zeros(6)
    for i in range(1, CELLS - 1):
        for j in range(1, CELLS - 1):
            if not (there[i, j] and there[i - 1, j] and there[i + 1, j] and there[i, j - 1] and there[i, j + 1]):
                continue
            apart = known[i, j] - gain * cells[i, j] - shift
            if abs(apart) > OUTLIER:
                continue
            across = gain * (cells[i, j + 1] - cells[i, j - 1]) / 2 * CELLS
            down = gain * (cells[i + 1, j] - cells[i - 1, j]) / 2 * CELLS
            x, y = (j + 0.5) / CELLS, (i + 0.5) / CELLS
            row[:] = (across * x, across * y, across, down * x, down * y, down)
            for k in range(6):
                right[k] += row[k] * apart
                for m in range(6):
                    left[k, m] += row[k] * row[m]
    trace = 0.0
    for k in range(6):
        trace += left[k, k]
    if trace <= 0:
        return found
    for k in range(6):
        left[k, k] += 1e-5 * trace
    step = np.linalg.solve(left, right)
    for k in range(6):
        step[k] = min(max(step[k], -0.05), 0.05)
    a, b, c, d, e, f = found
    p, q, r, s, t, u = 1 + step[0], step[1], step[2], step[3], 1 + step[4], step[5]
    return np.array(
        (a * p + b * s, a * q + b * t, a * r + b * u + c, d * p + e * s, d * q + e * t, d * r + e * u + f)
    )


@njit(cache=True, nogil=True)
def _content(cells: Any, box: Any) -> Any:
    total = 0.0
    for i in range(box[0], box[2]):
        for j in range(box[1], box[3]):
            if i + 1 < box[2]:
                total += abs(float(cells[i + 1, j]) - cells[i, j])
            if j + 1 < box[3]:
                total += abs(float(cells[i, j + 1]) - cells[i, j])
    return total


@njit(cache=True, nogil=True)
def _hash(cells: Any, box: Any) -> Any:
    """Return the 256 bits of a box of cells as PDQ would have them of 64 x 64 samples, and the quality."""
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
    lively = _content(samples, (0, 0, CELLS, CELLS)) * 100 / 255 / 90
    return spectrum > middle, lively
