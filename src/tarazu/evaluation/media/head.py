"""Where a drawn head is and how it is held."""

from __future__ import annotations

import numpy as np

from tarazu.evaluation.media.brush import Points
from tarazu.evaluation.media.outlines import moved, turned


class Head:
    """A head of height `tall` around (x, y). Shapes on it are in head heights from its middle, y down."""

    def __init__(self, x: float, y: float, tall: float, tilt: float, aside: float) -> None:
        self.x, self.y, self.tall, self.tilt = x, y, tall, tilt
        self.aside = aside  # -1 to 1: which way the face is turned

    def at(self, shape: Points) -> Points:
        """Return a shape of the head's own measure in that of the canvas."""
        return moved(turned(np.asarray(shape, dtype=np.float64) * self.tall, self.tilt), self.x, self.y)
