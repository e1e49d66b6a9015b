"""A clock that is set by hand, and hashes to test banks with."""

from __future__ import annotations

import os
import tempfile
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.at = datetime(2030, 1, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def pass_days(self, days: float) -> None:
        self.at += timedelta(days=days)


def words(pdq: str) -> NDArray[np.uint64]:
    """A hash as the 1 x 4 words that `match` takes."""
    return np.frombuffer(bytes.fromhex(pdq), dtype=">u8").astype(np.uint64)[None]


def flipped(pdq: str, bits: int) -> str:
    """`pdq` with its first `bits` bits inverted."""
    return f"{int(pdq, 16) ^ (((1 << bits) - 1) << (256 - bits)):064x}"


def folder() -> tempfile.TemporaryDirectory[str]:
    """A folder for a property: in memory where there is one, because a hundred examples sync a disk for long."""
    return tempfile.TemporaryDirectory(dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None)
