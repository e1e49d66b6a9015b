"""Words of folded texts as numbers: what rewording leaves behind. Compiled."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import polars as pl
from numba import njit
from numpy.typing import NDArray

from tarazu.text.packed import packed

STEM = 6  # characters of a word that count: endings differ between rewordings ('protest', 'protesters')
SHORTEST = 3  # characters; shorter words are articles and prepositions in most languages
BUCKETS = 1 << 22  # hash values of words
MOST = 48  # distinct words of one text that count
PART = 1 << 16  # texts handled at once, so that the padding of short ones does not add up
# Arabic and Persian prefixes written as one with the noun: and-the, with-the, like-the, for-the, the.
PREFIXES = r"(^| )(?:وال|بال|کال|فال|لل|ال)([\p{L}]{3,})"


class Words(NamedTuple):
    """Bags of words: text i has words id[start[i]:start[i + 1]], each once; `texts` counts texts per word."""

    id: NDArray[np.int32]
    start: NDArray[np.int64]
    texts: NDArray[np.int32]


def words(folded: pl.Series) -> Words:
    """Return the bag of word stems of each text (no nulls)."""
    bare = (
        folded.alias("text")
        .to_frame()
        .select(pl.col("text").str.replace_all(PREFIXES, "${1}${2}"))
        .to_series()
    )
    data, start = packed(bare)
    parts, counts = [np.zeros(0, np.int32)], [np.zeros(0, np.int32)]
    for low in range(0, len(folded), PART):
        piece = start[low : low + PART + 1]
        bag = np.empty((piece.size - 1, MOST), dtype=np.int32)
        size = np.zeros(piece.size - 1, dtype=np.int32)
        _bags(data, piece, BUCKETS - 1, bag, size)
        parts.append(bag[np.arange(MOST) < size[:, None]])
        counts.append(size)
    flat, sizes = np.concatenate(parts), np.concatenate(counts)
    ends = np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)])
    return Words(flat, ends, np.bincount(flat, minlength=BUCKETS).astype(np.int32))


@njit(cache=True, nogil=True)
def _bags(data: Any, start: Any, mask: int, bags: Any, sizes: Any) -> None:
    """Hash the first STEM characters of every word of at least SHORTEST, each stem once a text."""
    for text in range(start.size - 1):
        size = 0
        letters = 0
        mix = np.uint64(0)
        for at in range(start[text], start[text + 1] + 1):
            if at == start[text + 1] or data[at] == 32:
                if letters >= 3 and size < bags.shape[1]:
                    mix = (mix ^ (mix >> np.uint64(31))) * np.uint64(0xBF58476D1CE4E5B9)
                    word = np.int32((mix >> np.uint64(24)) & np.uint64(mask))
                    new = True
                    for k in range(size):
                        if bags[text, k] == word:
                            new = False
                            break
                    if new:
                        bags[text, size] = word
                        size += 1
                letters = 0
                mix = np.uint64(0)
            else:
                if (data[at] & 0xC0) != 0x80:
                    letters += 1
                if letters <= 6:
                    mix = (mix ^ np.uint64(data[at])) * np.uint64(0x100000001B3) + np.uint64(0x9E3779B9)
        sizes[text] = size
