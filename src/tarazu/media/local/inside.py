"""Where the picture proper may lie within a picture: inside a border, or as the largest thing on a plain ground."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Box = tuple[int, int, int, int]  # left, top, right, bottom; the last two are one beyond

ALIKE = 14  # steps of 255 within which two colours are one: compression blurs a border's edge
UNBROKEN = 0.97  # share of a line that has to be of the border's colour
LEAST_SIDE = 0.12  # of the picture's side; what is smaller is a detail
LEAST_AREA = 0.05
GROUND = 0.2  # share of the picture that has to be of one colour to be called its ground
MOST = 3


def inside(rgb: NDArray[np.uint8]) -> tuple[Box, ...]:
    """Return up to three boxes, in pixels of `rgb` (height x width x 3), none of them the whole picture."""
    height, width = rgb.shape[:2]
    found: list[Box] = []
    pixels = rgb.astype(np.int16)
    box: Box = (0, 0, width, height)
    for _ in range(2):  # a frame within a frame
        box = _trimmed(pixels, box)
        _add(found, box, width, height)
    thing = _largest(rgb)
    if thing is not None:
        _add(found, thing, width, height)
        _add(found, _trimmed(pixels, thing), width, height)
    return tuple(found[:MOST])


def _add(found: list[Box], box: Box, width: int, height: int) -> None:
    left, top, right, bottom = box
    wide, tall = right - left, bottom - top
    if wide < LEAST_SIDE * width or tall < LEAST_SIDE * height or wide * tall < LEAST_AREA * width * height:
        return
    for one in ((0, 0, width, height), *found):
        if sum(abs(a - b) for a, b in zip(one, box, strict=True)) <= 4:
            return
    found.append(box)


def _trimmed(pixels: NDArray[np.int16], box: Box) -> Box:
    """Return the box without the lines at its edges that are of one colour; each side may have its own."""
    left, top, right, bottom = box
    part = pixels[top:bottom, left:right]
    top += _plain(part)
    bottom -= _plain(part[::-1])
    if bottom - top < 2:
        return box
    part = pixels[top:bottom, left:right].swapaxes(0, 1)
    left += _plain(part)
    right -= _plain(part[::-1])
    return (left, top, right, bottom) if right - left >= 2 else box


def _plain(lines: NDArray[np.int16]) -> int:
    """Return how many lines from the first on are of the first one's colour throughout."""
    colour = np.median(lines[0], axis=0)
    count = 0
    for line in lines:
        if (np.abs(line - colour).max(axis=1) <= ALIKE).mean() < UNBROKEN:
            break
        count += 1
    # The line after the border is half border when the picture was scaled: leave it out.
    return min(count + 1, len(lines)) if count else 0


def _largest(rgb: NDArray[np.uint8]) -> Box | None:
    """Return the box of the largest thing that stands out from the commonest colour, if that is common enough."""
    import cv2

    coarse = rgb >> 4
    place = (coarse[..., 0].astype(np.int32) << 8) | (coarse[..., 1].astype(np.int32) << 4) | coarse[..., 2]
    common = place == np.bincount(place.ravel(), minlength=4096).argmax()
    if common.mean() < GROUND / 2:
        return None
    colour = np.median(rgb[common], axis=0)
    other = (cv2.absdiff(rgb, (*colour.tolist(), 0)) > ALIKE).any(axis=2)
    if 1 - other.mean() < GROUND:
        return None
    many, _, about, _ = cv2.connectedComponentsWithStats(other.astype(np.uint8), connectivity=4)
    if many < 2:
        return None
    areas = about[1:, cv2.CC_STAT_WIDTH].astype(np.int64) * about[1:, cv2.CC_STAT_HEIGHT]
    left, top, wide, tall = (int(v) for v in about[1 + int(areas.argmax()), :4])
    return (left, top, left + wide, top + tall)
