"""Clusters of near-duplicate texts: Jaccard of at least 0.7 on folded 5-character shingles, any language.

MinHash bands propose, the exact Jaccard of the shingle sets decides. A cluster has a representative, and a
text that is not like it is put out again, so that A~B~C~... cannot chain through a language. Each text is
compared with a few representatives per band, never with every other text of a popular template: the work
grows with the number of texts. What is not promised: about 1 pair in 300 at exactly 0.7 is never proposed.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from numba import njit
from numpy.typing import NDArray

from tarazu.text.packed import packed
from tarazu.text.shingles import FACTORS, MINIMA, TABLE, jaccard, signatures

ALIKE = 0.7  # Jaccard from which two texts are near-duplicates
LOOSEST = 0.55  # representatives less alike keep clusters apart; a member less like its own leaves
SHORTEST = 25  # folded characters; shorter texts ('good morning everybody') are said by chance
BAND = 3  # minima in a band


def clusters(folded: pl.Series) -> NDArray[np.int32]:
    """Return a cluster number for each folded text, -1 for texts that are null or shorter than SHORTEST.

    Every text long enough is in a cluster, if only its own. Numbers are dense and in the order of appearance.
    """
    table = pl.DataFrame({"text": folded}).with_row_index("row")
    long = table.filter(pl.col("text").str.len_chars() >= SHORTEST)
    labels = np.full(len(folded), -1, dtype=np.int32)
    if long.is_empty():
        return labels
    distinct = long.select("text").unique(maintain_order=True).with_row_index("code")
    codes = long.join(distinct, on="text", how="left", maintain_order="left")["code"].to_numpy()
    roots = _roots(distinct["text"])
    _, first, dense = np.unique(roots, return_index=True, return_inverse=True)
    order = np.empty(first.size, dtype=np.int32)
    order[np.argsort(first)] = np.arange(first.size, dtype=np.int32)
    labels[long["row"].to_numpy()] = order[dense][codes]
    return labels


def _roots(distinct: pl.Series) -> NDArray[np.int32]:
    data, start = packed(distinct)
    signature = np.empty((len(distinct), MINIMA), dtype=np.uint32)
    signatures(data, start, FACTORS, signature)
    parent = np.arange(len(distinct), dtype=np.int32)
    slots = np.zeros(TABLE, dtype=np.uint64)
    stamps = np.zeros(TABLE, dtype=np.int64)
    stamp = 1
    for band in range(0, MINIMA, BAND):
        key = signature[:, band].astype(np.uint64)
        for column in range(band + 1, band + BAND):
            key = key * np.uint64(0x9E3779B97F4A7C15) + signature[:, column]
        order = np.argsort(key, kind="stable")
        stamp = _merge(data, start, signature, key[order], order, parent, slots, stamps, stamp)
    _expel(data, start, parent, slots, stamps, stamp)
    return parent


@njit(cache=True, nogil=True)
def _root(parent: Any, text: int) -> int:
    while parent[text] != text:
        parent[text] = parent[parent[text]]
        text = parent[text]
    return text


@njit(cache=True, nogil=True)
def _merge(
    data: Any,
    start: Any,
    signature: Any,
    key: Any,
    order: Any,
    parent: Any,
    slots: Any,
    stamps: Any,
    stamp: int,
) -> int:
    """Join clusters of which two texts meet in one band and are alike, if their representatives are too.

    Returns the last stamp.
    """
    scratch = np.empty(4096, np.uint64)
    kept = np.empty(4, np.int64)  # texts of different clusters met in the present run of equal keys
    known = 0
    for at in range(order.size):
        if at == 0 or key[at] != key[at - 1]:
            known = 0
        text = order[at]
        root = _root(parent, text)
        found = False
        for k in range(known):
            other = _root(parent, kept[k])
            if other == root:
                found = True
                break
            same = 0
            for column in range(signature.shape[1]):
                same += signature[text, column] == signature[kept[k], column]
            # The share of equal minima estimates the Jaccard with a standard error of .07: spare the
            # hopeless.
            if same * 2 < signature.shape[1]:
                continue
            stamp += 2
            if jaccard(data, start, text, kept[k], scratch, slots, stamps, stamp) < 0.7:
                continue
            stamp += 2
            if jaccard(data, start, root, other, scratch, slots, stamps, stamp) >= 0.55:
                low, high = min(root, other), max(root, other)
                parent[high] = low
                found = True
                break
        if not found and known < kept.size:
            kept[known] = text
            known += 1
    return stamp


@njit(cache=True, nogil=True)
def _expel(data: Any, start: Any, parent: Any, slots: Any, stamps: Any, stamp: int) -> None:
    """Point every text straight at its representative, or at itself if it is not like it."""
    scratch = np.empty(4096, np.uint64)
    flat = np.empty(parent.size, np.int32)
    for text in range(parent.size):
        root = _root(parent, text)
        flat[text] = root
        if root != text:
            stamp += 2
            if jaccard(data, start, text, root, scratch, slots, stamps, stamp) < 0.55:
                flat[text] = text
    for text in range(parent.size):
        parent[text] = flat[text]
