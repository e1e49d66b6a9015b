"""A String series as bytes and offsets: the form that compiled kernels read."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray


class Packed(NamedTuple):
    """UTF-8 bytes of all texts, one after the other; text i is bytes[start[i]:start[i + 1]]."""

    bytes: NDArray[np.uint8]
    start: NDArray[np.int64]


def packed(texts: pl.Series) -> Packed:
    """Pack a String series without nulls."""
    array = pa.array(texts.to_arrow()).cast(pa.large_string())
    _, offsets, data = array.buffers()
    start = np.frombuffer(offsets, dtype=np.int64)[array.offset : array.offset + len(array) + 1]
    return Packed(np.frombuffer(data, dtype=np.uint8) if data else np.zeros(0, np.uint8), start)
