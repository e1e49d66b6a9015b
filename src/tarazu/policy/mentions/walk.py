"""Where a text may name somebody: walks through a trie of skeletons from every place where a word can begin.

A walk steps over separators, repeated letters and invisible characters, so that one walk finds a name in all its
disguises; what it finds is a candidate that `plausible` judges. Compiled.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

# How a candidate begins or ends: at the edge of a word; at an edge within a hashtag (case, digit); after or before
# an attached particle; in the middle of a word of a hashtag; before an ending that only a longer name takes.
EDGE, SOFT, PARTICLE, INSIDE, COLLOQUIAL = 1, 2, 3, 4, 5
FURTHEST = 400  # letters that one walk looks at, so that hostile texts stay cheap
WIDEST = 5  # separators between two letters of one name
FORKS = 12  # signs ('!', '@') of one walk that are tried both as a letter and as a separator

# Arabic letters by code point, for the particles below.
ALEF, BEH, TEH, SHEEN, FEH, KAF, LAM, MEEM, NOON, HEH, WAW, YEH, REH, DAL, SEEN = (
    0x627, 0x628, 0x62A, 0x634, 0x641, 0x6A9, 0x644, 0x645, 0x646, 0x647, 0x648, 0x6CC, 0x631, 0x62F, 0x633,
)  # fmt: skip


@njit(cache=True, nogil=True)
def _child(node: int, step: int, keys: Any, values: Any) -> int:
    """Return the node after `step`, or -1."""
    key = (np.int64(node) << 16) | step
    mask = keys.size - 1
    slot = np.int64((np.uint64(key) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(32)) & mask
    while keys[slot] != -1:
        if keys[slot] == key:
            return int(values[slot])
        slot = (slot + 1) & mask
    return -1


@njit(cache=True, nogil=True)
def _prefixes(letter: Any, at: int, last: int) -> int:
    """Return bits: bit n is set where the first n letters of a word may be attached particles (و ف ب ل ك ال لل)."""
    found = 0
    for conjunction in range(2):
        here = at + conjunction
        if here >= last or (conjunction == 1 and letter[at] != WAW and letter[at] != FEH):
            break
        if conjunction:
            found |= 2
        for preposition in range(2):
            there = here + preposition
            if there + 1 >= last:
                break
            if preposition:
                if letter[here] != BEH and letter[here] != LAM and letter[here] != KAF:
                    break
                found |= 1 << (there - at)
            if letter[there + 1] == LAM and (
                letter[there] == ALEF or (letter[there] == LAM and preposition == 0)
            ):
                found |= 1 << (there + 2 - at)
    return found


@njit(cache=True, nogil=True)
def _suffix(letter: Any, gap: Any, flag: Any, at: int, last: int) -> bool:
    """Whether the rest of the word is an attached ending: Persian ها های هایی ی رو را ت ش مان, Arabic یه یون; s."""
    end = at
    while end < last and end - at < 5 and (end == at or gap[end] & 191 == 0):
        end += 1
    rest = end - at
    if rest > 4:
        return False
    one = letter[at]
    if flag[at] & 64 == 0:
        return bool(one == 115 and rest == 1)
    if rest == 1:
        return one in (YEH, TEH, SHEEN)
    two = letter[at + 1]
    if rest == 2:
        return bool(
            (one == HEH and two == ALEF)
            or (one == YEH and two in (YEH, HEH, NOON))
            or (one == REH and two in (WAW, ALEF))
            or (one == ALEF and two == YEH)
        )
    three = letter[at + 2]
    if rest == 3:
        return bool(
            (one == HEH and two == ALEF and three == YEH)
            or (one in (MEEM, TEH, SHEEN) and two == ALEF and three == NOON)
            or (one == YEH and two in (WAW, YEH) and three == NOON)
        )
    return bool(one == HEH and two == ALEF and three == YEH and letter[at + 3] == YEH)


@njit(cache=True, nogil=True)
def _colloquial(letter: Any, gap: Any, flag: Any, at: int, last: int) -> bool:
    """Whether the rest of the word is a spoken Persian ending: م ن ه ام ان اند این ید ست."""
    if flag[at] & 64 == 0:
        return False
    rest = 1
    while at + rest < last and rest < 4 and gap[at + rest] & 191 == 0:
        rest += 1
    one = letter[at]
    if rest == 1:
        return one in (MEEM, NOON, HEH)
    two = letter[at + 1]
    if rest == 2:
        return bool(
            (one == ALEF and two in (MEEM, NOON))
            or (one == YEH and two == DAL)
            or (one == SEEN and two == TEH)
        )
    three = letter[at + 2]
    return bool(
        rest == 3 and one == ALEF and ((two == NOON and three == DAL) or (two == YEH and three == NOON))
    )


@njit(cache=True, nogil=True)
def _ending(letter: Any, gap: Any, flag: Any, at: int, last: int) -> int:
    """Say how a name that ends before letter `at` ends, 0 where it cannot."""
    if at == last or gap[at] & 191 or flag[at] & 2:
        return EDGE
    tagged = flag[at] & 16
    if tagged and gap[at]:
        return SOFT
    if flag[at - 1] & 64 == flag[at] & 64 and flag[at] & 6 == 0:
        if _suffix(letter, gap, flag, at, last):
            return PARTICLE
        if not tagged and _colloquial(letter, gap, flag, at, last):
            return COLLOQUIAL
    return INSIDE if tagged else 0


@njit(cache=True, nogil=True)
def walk(
    start: Any,
    letter: Any,
    look: Any,
    gap: Any,
    wide: Any,
    flag: Any,
    steps: Any,
    roots: Any,
    keys: Any,
    values: Any,
    heads: Any,
    found: Any,
    masks: Any,
) -> int:
    """Write candidates (text, first letter, letter after the last, node, how) and return how many there are.

    `masks` says, bit by bit, which signs of the candidate were read as letters. Candidates beyond the room of
    `found` are counted, not written.
    """
    count = 0
    place, nodes, lasts = np.empty(16, np.int64), np.empty(16, np.int64), np.empty(16, np.int64)
    reads, bits = np.empty(16, np.uint64), np.empty(16, np.int64)
    for text in range(start.size - 1):
        low, high = start[text], start[text + 1]
        word, particles = low, 0
        for first in range(low, high):
            if first == low or gap[first] & 191 or flag[first - 1] & 2:
                begins = EDGE
                word = first
                particles = _prefixes(letter, first, high) if flag[first] & 64 else 0
            elif flag[first] & 16:
                begins = SOFT if gap[first] else INSIDE
            else:
                begins = 0
            if begins != EDGE and particles and first - word < 6 and (particles >> (first - word)) & 1:
                begins = PARTICLE
            if begins == 0:
                continue
            step = steps[look[first]]
            node = int(roots[step])
            sign = flag[first] & 2
            if node < 0 or (sign and (first + 1 >= high or gap[first + 1] & 31)):
                continue
            top = 1
            place[0], nodes[0], lasts[0], reads[0] = first + 1, node, step, np.uint64(1 if sign else 0)
            bits[0] = 1 if sign else 0
            forks = 0
            while top > 0:
                top -= 1
                at, node, last, read, bit = place[top], nodes[top], lasts[top], reads[top], bits[top]
                whole = flag[at - 1] & 2 == 0 or (bit > 0 and (read >> np.uint64(bit - 1)) & np.uint64(1))
                while True:
                    if whole and heads[node] >= 0:
                        ends = _ending(letter, gap, flag, at, high)
                        if ends:
                            if count < masks.size:
                                found[count, 0], found[count, 1], found[count, 2] = text, first, at
                                found[count, 3], found[count, 4] = node, begins * 8 + ends
                                masks[count] = read
                            count += 1
                    if at >= high or at - first > FURTHEST or wide[at] > WIDEST or gap[at] & 16:
                        break
                    if flag[at] & 2:
                        if forks < FORKS and top < 15 and bit < 60 and at + 1 < high:
                            forks += 1
                            place[top], nodes[top], lasts[top] = at + 1, node, last
                            reads[top], bits[top] = read, bit + 1
                            top += 1
                        read |= np.uint64(1) << np.uint64(bit)
                        bit += 1
                    step = steps[look[at]]
                    if step != last:
                        node = _child(node, step, keys, values) if step else -1
                        if node < 0:
                            break
                        last = step
                    at += 1
                    whole = True
    return count
