"""PDQ itself, compiled: from pixels to 256 bits, for a picture and its seven turned and mirrored siblings.

The algorithm is the one of Meta's hashing paper ("The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing
Algorithm", 2019): luminance, a tent filter as two box filters each way, 64 x 64 samples, the 16 x 16 lowest
frequencies without the constant, each above or below their median. Upright hashes have the bits of the reference
(tests compare them). The siblings are hashed from turned pixels: to derive them from the upright frequencies, as the
reference can, leaves up to 32 bits of difference, because filter and samples are not symmetric about the middle.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

SAMPLES = 64
FREQUENCIES = 16


def _cosines() -> NDArray[np.float32]:
    rows = np.arange(1, FREQUENCIES + 1)[:, None]
    columns = np.arange(SAMPLES)[None, :]
    table = math.sqrt(2 / SAMPLES) * np.cos(math.pi / 2 / SAMPLES * rows * (2 * columns + 1))
    cosines: NDArray[np.float32] = table.astype(np.float32)
    return cosines


COSINES = _cosines()


def hashes(pixels: NDArray[np.uint8], turned: bool) -> tuple[NDArray[np.uint64], int]:
    """Return n x 4 words (n = 8 when `turned`, else 1; order of tarazu.sightings.Transform) and the quality, 0 to 100.

    `pixels` are height x width x 3, RGB, at least 2 x 2.
    """
    light = _luminance(np.ascontiguousarray(pixels))
    if not turned:
        samples = _samples(light)
        return _bits(_spectrum(samples, COSINES))[None, :], int(_quality(samples))
    out = np.empty((8, 4), np.uint64)
    quality = 0
    # A transposed picture has the transposed samples: four passes of the filter serve eight hashes.
    for flipped, mirrored, straight, across in ((0, 0, 0, 6), (1, 0, 4, 3), (0, 1, 5, 1), (1, 1, 2, 7)):
        view = light[::-1] if flipped else light
        view = view[:, ::-1] if mirrored else view
        samples = _samples(np.ascontiguousarray(view))
        if straight == 0:
            quality = int(_quality(samples))
        spectrum = _spectrum(samples, COSINES)
        out[straight] = _bits(spectrum)
        out[across] = _bits(np.ascontiguousarray(spectrum.T))
    return out, quality


@njit(cache=True, nogil=True)
def _luminance(pixels: Any) -> Any:
    rows, columns = pixels.shape[0], pixels.shape[1]
    out = np.empty((rows, columns), np.float32)
    for i in range(rows):
        for j in range(columns):
            out[i, j] = (
                np.float32(0.299) * np.float32(pixels[i, j, 0])
                + np.float32(0.587) * np.float32(pixels[i, j, 1])
                + np.float32(0.114) * np.float32(pixels[i, j, 2])
            )
    return out


@njit(cache=True, nogil=True)
def _samples(light: Any) -> Any:
    """Return 64 x 64 samples of a smoothed picture."""
    rows, columns = light.shape
    along = (columns + 2 * SAMPLES - 1) // (2 * SAMPLES)
    down = (rows + 2 * SAMPLES - 1) // (2 * SAMPLES)
    one, two = light.copy(), np.empty((rows, columns), np.float32)
    for _ in range(2):
        _box_along(one, two, min(along, columns))
        _box_down(two, one, min(down, rows))
    out = np.empty((SAMPLES, SAMPLES), np.float32)
    for i in range(SAMPLES):
        row = int((i + 0.5) * rows / SAMPLES)
        for j in range(SAMPLES):
            out[i, j] = one[row, int((j + 0.5) * columns / SAMPLES)]
    return out


@njit(cache=True, nogil=True)
def _box_along(source: Any, target: Any, window: int) -> None:
    """Average each row over a window that is cut off at its ends."""
    rows, columns = source.shape
    before = (window + 2) // 2 - 1
    sums = np.zeros(8, np.float32)
    # Eight rows go side by side: each running sum waits for itself, eight of them do not wait for each other.
    for start in range(0, rows, 8):
        many = min(8, rows - start)
        sums[:] = 0
        size = 0
        right = 0
        left = 0
        for at in range(columns + before):
            if right < columns:
                for k in range(many):
                    sums[k] += source[start + k, right]
                right += 1
                size += 1
            if size > window or at >= columns:
                for k in range(many):
                    sums[k] -= source[start + k, left]
                left += 1
                size -= 1
            if at >= before:
                for k in range(many):
                    target[start + k, at - before] = sums[k] / np.float32(size)


@njit(cache=True, nogil=True)
def _box_down(source: Any, target: Any, window: int) -> None:
    """Average each column over a window that is cut off at its ends."""
    rows, columns = source.shape
    before = (window + 2) // 2 - 1
    sums = np.zeros(columns, np.float32)
    size = 0
    right = 0
    left = 0
    for at in range(rows + before):
        if right < rows:
            for j in range(columns):
                sums[j] += source[right, j]
            right += 1
            size += 1
        if size > window or at >= rows:
            for j in range(columns):
                sums[j] -= source[left, j]
            left += 1
            size -= 1
        if at >= before:
            for j in range(columns):
                target[at - before, j] = sums[j] / np.float32(size)


@njit(cache=True, nogil=True)
def _spectrum(samples: Any, cosines: Any) -> Any:
    half = np.zeros((FREQUENCIES, SAMPLES), np.float32)
    for i in range(FREQUENCIES):
        for j in range(SAMPLES):
            total = np.float32(0)
            for k in range(SAMPLES):
                total += cosines[i, k] * samples[k, j]
            half[i, j] = total
    out = np.zeros((FREQUENCIES, FREQUENCIES), np.float32)
    for i in range(FREQUENCIES):
        for j in range(FREQUENCIES):
            total = np.float32(0)
            for k in range(SAMPLES):
                total += half[i, k] * cosines[j, k]
            out[i, j] = total
    return out


@njit(cache=True, nogil=True)
def _bits(spectrum: Any) -> Any:
    """Return four words: the last frequency in the highest bit of the first, as the reference writes them."""
    flat = spectrum.ravel()
    middle = np.sort(flat)[127]
    words = np.zeros(4, np.uint64)
    for bit in range(256):
        if flat[bit] > middle:
            words[3 - (bit >> 6)] |= np.uint64(1) << np.uint64(bit & 63)
    return words


@njit(cache=True, nogil=True)
def _quality(samples: Any) -> int:
    """Return how much there is in the picture: the sum of the steps between samples, whole percents, up to 100."""
    total = 0
    for i in range(SAMPLES):
        for j in range(SAMPLES):
            if i + 1 < SAMPLES:
                total += abs(int((samples[i, j] - samples[i + 1, j]) * 100 / 255))
            if j + 1 < SAMPLES:
                total += abs(int((samples[i, j] - samples[i, j + 1]) * 100 / 255))
    return min(100, total // 90)
