"""Which picture hashes are the same picture: balls of Hamming radius 31 around leaders. Compiled.

Hashes are taken in their order (most used first, if the caller sorts so). Each joins the nearest leader
within the radius, the earlier one of two as near, or becomes a leader. So a cluster is a ball, never a chain,
and the result is exactly that of comparing with every leader. The search is a multi-index: the 256 bits are
cut into 16 chunks of 16; two hashes within 31 bits have at least one chunk that differs in at most 1 bit.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tarazu.media.index.bits import apart, cut
from tarazu.media.pdq import SAME

CHUNKS = 16


def leaders(hashes: NDArray[np.uint64], radius: int = SAME) -> NDArray[np.int32]:
    """Return for each hash (n x 4 words) the row of its leader; a leader leads itself. `radius` <= 31."""
    if not 0 <= radius <= SAME:
        raise ValueError(f"A radius of {radius} bits cannot be searched exactly; use 0 to {SAME}.")
    out = np.arange(len(hashes), dtype=np.int32)
    if len(hashes) > 1:
        head = np.full((CHUNKS, 1 << 16), -1, dtype=np.int32)
        following = np.empty((len(hashes), CHUNKS), dtype=np.int32)
        _lead(hashes, radius, head, following, out)
    return out


@njit(cache=True, nogil=True)
def _lead(hashes: Any, radius: int, head: Any, following: Any, out: Any) -> None:
    tried = np.full(hashes.shape[0], -1, np.int32)
    for row in range(hashes.shape[0]):
        best, chosen = radius + 1, row
        for chunk in range(16):
            bits = cut(hashes, row, 16 * chunk, 16)
            for flip in range(17):
                probe = bits if flip == 16 else bits ^ (np.uint64(1) << np.uint64(flip))
                other = head[chunk, probe]
                while other >= 0:
                    if tried[other] != row:
                        tried[other] = row
                        bits_apart = apart(hashes, row, hashes, other)
                        if bits_apart < best or (bits_apart == best and chosen != row and other < chosen):
                            best, chosen = bits_apart, other
                    other = following[other, chunk]
        out[row] = chosen
        if chosen == row:
            for chunk in range(16):
                bits = cut(hashes, row, 16 * chunk, 16)
                following[row, chunk] = head[chunk, bits]
                head[chunk, bits] = row
