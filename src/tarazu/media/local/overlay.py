"""One picture laid over another: the query drawn in the cells of the known picture. Compiled.

A map is six numbers a to f from the known picture's unit square to the query's: x' = ax + by + c, y' = dx + ey + f.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

CELLS = 64  # a side
# Samples a side of a cell, by how many pixels of the query it is wide: each sample is a mean of up to 2 x 2 pixels.
SAMPLES = ((1.2, 1), (4.0, 2), (1e9, 3))
OUTLIER = 40.0  # steps of 255 beyond which a cell shows something else
CLOSE = 14.0  # steps of 255 within which it shows the same
FARTHEST = 0.05  # of a side that one nudge may move anything


@njit(cache=True, nogil=True)
def drawn(grey: Any, found: Any) -> Any:
    """Return (cells, there): the query's light in each cell of the known picture, and which cells lie in the query."""
    rows, columns = grey.shape
    wide = (
        max(np.hypot(found[0] * columns, found[3] * rows), np.hypot(found[1] * columns, found[4] * rows))
        / CELLS
    )
    fine = 0
    for limit, samples in SAMPLES:
        if fine == 0 and wide <= limit:
            fine = samples
    fine = max(fine, 1)
    cells = np.zeros((CELLS, CELLS))
    there = np.ones((CELLS, CELLS), np.bool_)
    for i in range(CELLS):
        for j in range(CELLS):
            total = 0.0
            for k in range(fine * fine):
                x = (j + (k % fine + 0.5) / fine) / CELLS
                y = (i + (k // fine + 0.5) / fine) / CELLS
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
            cells[i, j] = total / (fine * fine) if there[i, j] else 0.0
    return cells, there


@njit(cache=True, nogil=True)
def light(known: Any, cells: Any, there: Any) -> Any:
    """Return (gain, shift) that make the query's light the known picture's, where the two are alike.

    What hides a part of the picture would mislead one fit to everything: it begins from that and from light as it is,
    and what leaves more cells alike is taken.
    """
    best, most = (1.0, 0.0), -1
    for start in range(2):
        gain, shift = 1.0, 0.0
        for turn in range(start, 6):
            n, sx, sy, sxx, sxy = 0.0, 0.0, 0.0, 0.0, 0.0
            reach = OUTLIER / max(turn, 1)
            for i in range(CELLS):
                for j in range(CELLS):
                    x, y = cells[i, j], float(known[i, j])
                    if there[i, j] and (turn == 0 or abs(gain * x + shift - y) < max(reach, CLOSE)):
                        n, sx, sy, sxx, sxy = n + 1, sx + x, sy + y, sxx + x * x, sxy + x * y
            spread = n * sxx - sx * sx
            if n < CELLS or spread <= 0:
                break
            gain = min(max((n * sxy - sx * sy) / spread, 0.4), 2.5)
            shift = (sy - gain * sx) / n
        alike = 0
        for i in range(CELLS):
            for j in range(CELLS):
                alike += there[i, j] and abs(gain * cells[i, j] + shift - known[i, j]) < CLOSE
        if alike > most:
            best, most = (gain, shift), alike
    return best


@njit(cache=True, nogil=True)
def nudged(known: Any, cells: Any, there: Any, found: Any) -> Any:
    """Return a map that makes the cells a little more like the known picture's (one step of Lucas and Kanade)."""
    gain, shift = light(known, cells, there)
    left, right, row = np.zeros((6, 6)), np.zeros(6), np.zeros(6)
    for i in range(1, CELLS - 1):
        for j in range(1, CELLS - 1):
            if not (
                there[i, j] and there[i - 1, j] and there[i + 1, j] and there[i, j - 1] and there[i, j + 1]
            ):
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
    steady = 0.0
    for k in range(6):
        steady += 1e-5 * left[k, k]
    if steady <= 0:
        return found
    for k in range(6):
        left[k, k] += steady
    step = np.linalg.solve(left, right)
    for k in range(6):
        step[k] = min(max(step[k], -FARTHEST), FARTHEST)
    a, b, c, d, e, f = found
    p, q, r, s, t, u = 1 + step[0], step[1], step[2], step[3], 1 + step[4], step[5]
    return np.array(
        (a * p + b * s, a * q + b * t, a * r + b * u + c, d * p + e * s, d * q + e * t, d * r + e * u + f)
    )
