"""Whether two pictures that lie over each other share more than lines: what differs across and down at once. Compiled.

The rulings of a table, the pitch of lines of text, the bars of an app change in one direction only; they are what
different pictures of one form share, and most of their light. Between four neighbouring cells the light that changes
both ways at once is left when each of those is taken away: figures, letters, faces.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

DETAIL = 0.7  # least correlation: half of its variance is shared
PATCH = (
    3  # blocks a side of the least patch that something may hide; what differs and is smaller was not hidden
)
BLURRED = 0.5  # share of the variance of one that the other has, from which down it is taken for blurred
ROUNDING = 4.0  # variance of four cells that are each off by a step of light: it makes flat pictures alike


@njit(cache=True, nogil=True)
def hidden(agree: Any, box: Any, block: int) -> Any:
    """Return which blocks of a box (in cells, `block` to a side) lie in a patch where none agrees, or at its rim."""
    rows, columns = agree.shape
    patches = np.zeros((rows, columns), np.bool_)
    top, left, bottom, right = box[0] // block, box[1] // block, box[2] // block, box[3] // block
    for i in range(top, bottom - PATCH + 1):
        for j in range(left, right - PATCH + 1):
            if not agree[i : i + PATCH, j : j + PATCH].any():
                patches[max(i - 1, 0) : i + PATCH + 1, max(j - 1, 0) : j + PATCH + 1] = True
    return patches


@njit(cache=True, nogil=True)
def detail(known: Any, even: Any, patches: Any, box: Any, block: int) -> Any:
    """Return the correlation of what changes across and down at once in a box of cells, but for the patches."""
    one, two = known.astype(np.float64), even
    for turn in range(2):
        sxx, syy, sxy = _moments(one, two, patches, box, block)
        # A blurred copy has the same detail, but less of it: the sharper of the two is blurred as well, once.
        if turn == 0 and syy < BLURRED * sxx:
            one = _smoothed(one)
        elif turn == 0 and sxx < BLURRED * syy:
            two = _smoothed(two)
        else:
            break
    spread = (sxx + ROUNDING) * (syy + ROUNDING)
    return (sxy + ROUNDING) / np.sqrt(spread)


@njit(cache=True, nogil=True)
def _moments(one: Any, two: Any, patches: Any, box: Any, block: int) -> Any:
    """Return the two variances of what changes both ways, and their covariance; 0 where nothing is left to see."""
    n, sx, sy, sxx, syy, sxy = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for i in range(box[0], box[2] - 1):
        for j in range(box[1], box[3] - 1):
            if patches[i // block, j // block] or patches[(i + 1) // block, (j + 1) // block]:
                continue
            x = one[i, j] + one[i + 1, j + 1] - one[i + 1, j] - one[i, j + 1]
            y = two[i, j] + two[i + 1, j + 1] - two[i + 1, j] - two[i, j + 1]
            n, sx, sy, sxx, syy, sxy = n + 1, sx + x, sy + y, sxx + x * x, syy + y * y, sxy + x * y
    n = max(n, 1.0)
    return sxx / n - (sx / n) ** 2, syy / n - (sy / n) ** 2, sxy / n - sx * sy / n**2


@njit(cache=True, nogil=True)
def _smoothed(cells: Any) -> Any:
    """Return the cells, each the mean of itself and its neighbours by 1, 2, 1 both ways."""
    rows, columns = cells.shape
    out = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            for k in range(-1, 2):
                for m in range(-1, 2):
                    near = cells[min(max(i + k, 0), rows - 1), min(max(j + m, 0), columns - 1)]
                    out[i, j] += (2 - abs(k)) * (2 - abs(m)) * near / 16
    return out
