"""Waves of reworded texts: posts of a few hours that share an unusual number of rare words, in any order.

A text whose words are swapped for synonyms, shuffled and wrapped in new openings keeps no shingles, but it
keeps names, numbers and some of its rare words. Each post is compared, in order of time, with the running
centroids of the waves that are open: cosine of inverse-document-frequency weights over word stems. A centroid
gathers the synonyms that its members use, so a wave grows easier to join as it grows. A second pass joins
waves whose first posts happened to have little in common.

A wave is loose: it says "these posts say the same", not "these are copies". It is an object for a test of
timing, never evidence by itself.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tarazu.text.words import Words

ALIKE = 0.34  # cosine between a post and a centroid, or between two centroids
SHARED = 3  # rare words in common, at least
OPEN_MS = 3 * 3_600_000  # a wave takes posts for so long after its first
COMMON = 0.01  # words in more of the texts than this (and in more than COMMON_FLOOR texts) do not count
COMMON_FLOOR = 2000  # a large campaign in little else makes its own words common
SMALL = 10_000  # texts
FEWEST = 4  # rare words a text needs
WIDTH = 64  # words kept of a centroid
RECENT = 8  # open waves looked up per word


def waves(bags: Words, time: NDArray[np.int64]) -> NDArray[np.int32]:
    """Return the wave of each text (dense numbers), -1 for texts with too few rare words. `time` in ms."""
    total = time.size
    labels = np.full(total, -1, dtype=np.int32)
    rare = (bags.texts >= 2) & (bags.texts <= max(COMMON_FLOOR, int(COMMON * total)))
    idf = np.zeros(bags.texts.size, dtype=np.float32)
    counted = bags.texts > 0
    # In a small file every word is common; it is weighed as in one of SMALL texts.
    idf[counted] = np.log(1 + max(total, SMALL) / bags.texts[counted])
    of_text = np.repeat(np.arange(total, dtype=np.int32), np.diff(bags.start))
    # A word of one text alone matches nothing, but it is a part of what the text says: it stays in the norm.
    squares = (idf * (rare | (bags.texts == 1))) ** 2
    square = np.bincount(of_text, weights=squares[bags.id], minlength=total)
    keep = rare[bags.id]
    of_text, id_ = of_text[keep], bags.id[keep]
    del keep, squares
    dense = np.cumsum(rare, dtype=np.int32) - 1
    count = np.bincount(of_text, minlength=total)
    fit = np.flatnonzero(count >= FEWEST)
    if fit.size == 0:
        return labels
    weight = (idf[id_] / np.sqrt(np.maximum(square[of_text], 1e-9))).astype(np.float32)
    start = np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
    order = fit[np.argsort(time[fit], kind="stable")].astype(np.int32)
    first = np.full(total, -1, dtype=np.int32)
    vocabulary = int(rare.sum())
    slots = _most_open(time[order])
    opened = _assign(dense[id_], weight, start, time, order, vocabulary, slots, ALIKE, SHARED, OPEN_MS, first)
    # Second pass over the waves of two texts or more: their centroids are the texts now.
    sizes = np.bincount(first[fit], minlength=opened)
    several = np.flatnonzero(sizes > 1)
    if several.size == 0:
        return first
    number = np.full(opened + 1, -1, dtype=np.int32)  # the last place serves the texts without a wave
    number[several] = np.arange(several.size, dtype=np.int32)
    member = number[first[of_text]]
    inside = np.flatnonzero(member >= 0)
    codes = member[inside].astype(np.int64) * vocabulary + dense[id_[inside]]
    code, back = np.unique(codes, return_inverse=True)
    wave, word = (code // vocabulary).astype(np.int32), (code % vocabulary).astype(np.int32)
    mass = np.bincount(back, weights=weight[inside])
    mass = mass / np.sqrt(np.bincount(wave, weights=mass**2, minlength=several.size))[wave]
    began = np.full(opened, np.iinfo(np.int64).max)
    np.minimum.at(began, first[fit], time[fit])
    began = began[several]
    joined = np.full(several.size, -1, dtype=np.int32)
    bounds = np.searchsorted(wave, np.arange(several.size + 1)).astype(np.int64)
    turn = np.argsort(began, kind="stable").astype(np.int32)
    slots = _most_open(began[turn])
    _assign(
        word, mass.astype(np.float32), bounds, began, turn, vocabulary, slots, ALIKE, SHARED, OPEN_MS, joined
    )
    final = np.arange(opened, dtype=np.int32) + np.int32(several.size)
    final[several] = joined
    labels[fit] = np.unique(final[first[fit]], return_inverse=True)[1]
    return labels


def _most_open(time: NDArray[np.int64]) -> int:
    """Return how many waves can be open at once: the most texts within OPEN_MS. `time` is sorted."""
    return int((np.searchsorted(time, time + OPEN_MS, side="right") - np.arange(time.size)).max()) + 1


@njit(cache=True, nogil=True)
def _assign(
    word: Any,
    weight: Any,
    start: Any,
    time: Any,
    order: Any,
    vocabulary: int,
    slots: int,
    alike: float,
    shared: int,
    open_ms: int,
    label: Any,
) -> int:
    """Put the texts of `order` (by time) into waves; fill `label` and return how many waves there are.

    Waves live in `slots` places that are used again once they are closed.
    """
    recent = np.full((vocabulary, 8), -1, np.int32)  # the last waves that hold a word, a ring
    turn = np.zeros(vocabulary, np.uint8)
    mine = np.zeros(vocabulary, np.float32)  # the present text's weights
    words = np.empty((slots, 64), np.int32)
    sums = np.empty((slots, 64), np.float32)  # of the members' weights
    used = np.zeros(slots, np.int32)
    norm = np.zeros(slots, np.float64)  # squared length of the sum
    opened_at = np.empty(slots, np.int64)
    tried = np.full(slots, -1, np.int32)
    waves = 0
    for at in range(order.size):
        text = order[at]
        low, high = start[text], start[text + 1]
        for i in range(low, high):
            mine[word[i]] = weight[i]
        best, chosen = alike, -1
        for i in range(low, high):
            for k in range(8):
                wave = recent[word[i], k]
                slot = wave % slots
                if (
                    wave < 0
                    or waves - wave > slots
                    or tried[slot] == at
                    or time[text] - opened_at[slot] > open_ms
                ):
                    continue
                tried[slot] = at
                dot, common = 0.0, 0
                for j in range(used[slot]):
                    value = mine[words[slot, j]]
                    if value > 0:
                        common += 1
                        dot += value * sums[slot, j]
                if common >= shared and dot >= best * np.sqrt(norm[slot]):
                    best, chosen = dot / np.sqrt(norm[slot]), wave
        if chosen < 0:
            chosen = waves
            waves += 1
            used[chosen % slots] = 0
            norm[chosen % slots] = 0.0
            opened_at[chosen % slots] = time[text]
        label[text] = chosen
        slot = chosen % slots
        # |sum + text|^2 = |sum|^2 + 2 sum.text + |text|^2; words beyond the width are in the length alone.
        dot = 0.0
        for j in range(used[slot]):
            value = mine[words[slot, j]]
            if value > 0:
                dot += value * sums[slot, j]
                sums[slot, j] += value
                mine[words[slot, j]] = 0.0
        norm[slot] += 2 * dot + 1.0
        for i in range(low, high):
            if mine[word[i]] > 0 and used[slot] < 64:
                words[slot, used[slot]], sums[slot, used[slot]] = word[i], weight[i]
                used[slot] += 1
                recent[word[i], turn[word[i]] % 8] = chosen
                turn[word[i]] = (turn[word[i]] + 1) % 8
            mine[word[i]] = 0.0
    return waves
