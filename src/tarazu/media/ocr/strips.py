"""One line of a picture as tesseract reads it best: dark on white, of one height, with room around it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tarazu.media.ocr.layers import Layer
from tarazu.media.ocr.lines import Line

HEIGHT = 48  # pixels of a strip: what the networks are made for
STEEP = 2.0  # how much sharper the step from paper to ink is made
ROOM = 0.15  # white above and below, of the line's height
LONGEST = 4000  # pixels of a strip
PLAIN = 12.0  # standard deviation of paper up to which it is plain


def strip(rgb: NDArray[np.uint8], layer: Layer, line: Line) -> NDArray[np.uint8]:
    """Return a line as (HEIGHT, w) grey pixels: by its difference from plain paper, else by the colour of its ink."""
    import cv2

    here = (slice(line.top, line.bottom), slice(line.left, line.right))
    high = round(HEIGHT / (1 + 2 * ROOM))
    size = (min(LONGEST, max(1, round(line.width * high / line.height))), high)
    how = cv2.INTER_AREA if line.height > high else cv2.INTER_CUBIC
    paper = cv2.resize(
        layer.paper[here], (max(1, size[0] // 8), max(1, high // 8)), interpolation=cv2.INTER_AREA
    )
    if float(paper.std(axis=(0, 1)).max()) <= PLAIN:
        part = cv2.resize(layer.ink[here], size, interpolation=how)
        strongest = max(1.0, float(np.percentile(part, 98)))
        dark = np.clip(part * (255.0 / strongest), 0, 255)
    else:
        dark = _by_colour(cv2.resize(rgb[here], size, interpolation=how), paper, np.array(line.colour))
    dark = np.clip((dark - 128) * STEEP + 128, 0, 255)
    room = HEIGHT - high
    return np.pad(
        255 - dark.astype(np.uint8), ((room // 2, room - room // 2), (room // 2,) * 2), constant_values=255
    )


def wordlike(strip: NDArray[np.uint8]) -> bool:
    """Whether a strip looks like a line of words; the bounds are wide, those of words lie well within.

    Words have thin strokes (seen with up to a tenth of a strip's height), many of them side by side, and more paper
    than ink.
    """
    dark = strip < 128
    share = float(dark.mean())
    if not 0.02 < share < 0.38:
        return False
    across, down = dark[:, 1:] != dark[:, :-1], dark[1:] != dark[:-1]
    stroke = 2 * int(dark.sum()) / max(1, int(across.sum()) + int(down.sum()))
    middle = across[HEIGHT // 5 : -HEIGHT // 5].sum(axis=1).mean() * HEIGHT / strip.shape[1]
    return bool(
        stroke < 0.16 * HEIGHT
        and 2.2 < middle < 12
        and down.sum(axis=0).mean() > 1.4
        and dark.mean(axis=1).max() < 0.9
    )


def _by_colour(
    part: NDArray[np.uint8], paper: NDArray[np.uint8], colour: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return 255 where a pixel has the colour of the ink, 0 where it is as far from it as the paper mostly is."""
    off = np.abs(part - colour).max(axis=2)
    far = max(40.0, float(np.percentile(np.abs(paper - colour).max(axis=2), 30)))
    return np.asarray(np.clip((1 - off / (0.8 * far)) * 1.25, 0, 1) * 255, dtype=np.float64)
