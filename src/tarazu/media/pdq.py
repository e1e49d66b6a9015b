"""PDQ hashes as text and as numbers: 256 bits, 64 hexadecimal digits, four words of 64 bits."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

DIGITS = 64
WORDS = 4
SAME = 31  # Hamming distance up to which two hashes are taken as one picture (PDQ's own recommendation)
PATTERN = r"^[0-9a-f]{64}$"
LEAST_QUALITY = (
    50  # below it a picture has too little in it to be told from others (the paper's recommendation)
)


def of_pixels(pixels: NDArray[np.uint8]) -> tuple[NDArray[np.uint64], int]:
    """Return the hash of a picture (height x width x 3, RGB) as 4 words, and its quality, 0 to 100."""
    from tarazu.media.pdq_kernel import hashes  # compiled code: loaded when used

    words, quality = hashes(pixels, False)
    return words[0], quality


def turned(pixels: NDArray[np.uint8]) -> tuple[NDArray[np.uint64], int]:
    """Return 8 x 4 words, the picture turned and mirrored in the order of tarazu.sightings.Transform, and its quality.

    Each is the very hash that the turned picture has when it is hashed by itself.
    """
    from tarazu.media.pdq_kernel import hashes

    return hashes(pixels, True)


def one(hexadecimal: str) -> NDArray[np.uint64]:
    """Return one hash as 4 words. Raises ValueError unless it is 64 hexadecimal digits."""
    words: NDArray[np.uint64] = parse(pl.Series([hexadecimal], dtype=pl.String))[0]
    return words


def is_pdq(values: pl.Series) -> pl.Series:
    """Return which strings are 64 hexadecimal digits, upper or lower case."""
    return values.str.to_lowercase().str.contains(PATTERN)


def parse(values: pl.Series) -> NDArray[np.uint64]:
    """Return n x 4 words, the first digits in the first word. Raises ValueError unless all are PDQ hashes."""
    wrong = values.filter(~is_pdq(values).fill_null(False))
    if len(wrong):
        raise ValueError(f"'{wrong[0]}' is no PDQ hash: it must be 64 hexadecimal digits.")
    data = bytes.fromhex("".join(values.to_list()))
    return np.frombuffer(data, dtype=">u8").astype(np.uint64).reshape(len(values), WORDS)


def text(hashes: NDArray[np.uint64]) -> pl.Series:
    """Return the 64 lower-case hexadecimal digits of n x 4 words."""
    data = np.ascontiguousarray(hashes.astype(">u8")).tobytes().hex()
    return pl.Series([data[at : at + DIGITS] for at in range(0, len(data), DIGITS)], dtype=pl.String)


def distance(one: NDArray[np.uint64], two: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Return the Hamming distances of two arrays of hashes (broadcast over all but the last axis)."""
    apart: NDArray[np.int64] = np.bitwise_count(one ^ two).sum(axis=-1).astype(np.int64)
    return apart
