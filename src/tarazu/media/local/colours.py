"""Whether two pictures that lie over each other have the same colours. Compiled."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from tarazu.media.local.overlay import CELLS

COLOURED = 6.0  # steps of 255 from grey, below which colours say nothing
# How far the colours of a cell may lie apart, in steps of 255 and as a share of its own; share of cells that agree.
TINT, STRONG, COLOURS = 18.0, 0.3, 0.8


@njit(cache=True, nogil=True)
def same_colours(known: Any, colour: Any, found: Any, agree: Any, box: Any) -> bool:
    """Return whether the colours are alike, where the light is; a picture without colour agrees with any."""
    side, cells = len(known), len(colour)
    pairs = np.empty((side * side, 4))
    count = 0
    for i in range(side):
        for j in range(side):
            x, y = (j + 0.5) / side, (i + 0.5) / side
            if not (box[0] <= y * CELLS < box[2] and box[1] <= x * CELLS < box[3]):
                continue
            if not agree[int(y * len(agree)), int(x * len(agree))]:
                continue
            u = int((found[0] * x + found[1] * y + found[2]) * cells)
            v = int((found[3] * x + found[4] * y + found[5]) * cells)
            u, v = min(max(u, 0), cells - 1), min(max(v, 0), cells - 1)
            for tone in range(2):
                pairs[count, tone] = float(known[i, j, tone]) - 128
                pairs[count, 2 + tone] = float(colour[v, u, tone]) - 128
            count += 1
    kk, cc, kc = 0.0, 0.0, 0.0
    for at in range(count):
        for tone in range(2):
            k, c = pairs[at, tone], pairs[at, 2 + tone]
            kk, cc, kc = kk + k * k, cc + c * c, kc + k * c
    if count == 0 or min(kk, cc) < count * COLOURED**2:
        return True
    gain = min(max(kc / cc, 0.4), 2.5)
    alike = 0
    for at in range(count):
        apart, own = 0.0, 0.0
        for tone in range(2):
            apart += (gain * pairs[at, 2 + tone] - pairs[at, tone]) ** 2
            own += pairs[at, tone] ** 2
        alike += np.sqrt(apart) < TINT + STRONG * np.sqrt(own)
    return alike >= COLOURS * count
