"""One line of a picture as tesseract reads it best: dark on white, of one height, with room around it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tarazu.media.ocr.lines import Line

HEIGHT = 56  # pixels of a strip; the networks see 36 or 48 of them
ROOM = 0.15  # white above and below, of the line's height
LONGEST = 4000  # pixels of a strip


def strip(drawn: NDArray[np.uint8], line: Line) -> NDArray[np.uint8]:
    """Return a line of `ink` as (HEIGHT, w) grey pixels."""
    import cv2

    part = drawn[line.top : line.bottom, line.left : line.right]
    strongest = max(1.0, float(np.percentile(part, 98)))
    dark = np.clip(part * (255.0 / strongest), 0, 255)
    room = int(line.height * ROOM) + 2
    paged = np.pad(255 - dark.astype(np.uint8), room, constant_values=255)
    wide = min(LONGEST, max(1, round(paged.shape[1] * HEIGHT / paged.shape[0])))
    how = cv2.INTER_AREA if paged.shape[0] > HEIGHT else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(paged, (wide, HEIGHT), interpolation=how), dtype=np.uint8)
