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
    n, sx, sy, sxx, syy, sxy = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for i in range(box[0], box[2] - 1):
        for j in range(box[1], box[3] - 1):
            if patches[i // block, j // block] or patches[(i + 1) // block, (j + 1) // block]:
                continue
            x = even[i, j] + even[i + 1, j + 1] - even[i + 1, j] - even[i, j + 1]
            y = float(known[i, j]) + known[i + 1, j + 1] - float(known[i + 1, j]) - known[i, j + 1]
            n, sx, sy, sxx, syy, sxy = n + 1, sx + x, sy + y, sxx + x * x, syy + y * y, sxy + x * y
    spread = (sxx - sx * sx / n + ROUNDING * n) * (syy - sy * sy / n + ROUNDING * n) if n > 0 else 0.0
    return (sxy - sx * sy / n + ROUNDING * n) / np.sqrt(spread) if spread > 0 else 0.0
