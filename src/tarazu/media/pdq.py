"""PDQ hashes as text and as numbers: 256 bits, 64 hexadecimal digits, four words of 64 bits."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

DIGITS = 64
WORDS = 4
SAME = 31  # Hamming distance up to which two hashes are taken as one picture (PDQ's own recommendation)
PATTERN = r"^[0-9a-f]{64}$"


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
