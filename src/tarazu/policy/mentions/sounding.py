"""Latin words that sound like an Arabic-script name. Compiled."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from tarazu.policy.mentions.romanised import ALEF_WITHIN, FINAL_YEH, YEH_AFTER_ALEF

FURTHEST = 60  # letters of a romanised name
ONE_WORD, MORE_WORDS = 7, 8  # letters that a romanised name of one word, or of more, must have
CONSONANT, VOWEL, SHORT, TWO_SHORT = 1, 2, 4, 8
AIN, ALEF, HEH, LAM, YEH = 0x639, 0x627, 0x647, 0x644, 0x6CC


@njit(cache=True, nogil=True)
def _step(node: int, step: int, roots: Any, keys: Any, values: Any) -> int:
    if node == 0:
        return int(roots[step])
    key = (np.int64(node) << 16) | step
    mask = keys.size - 1
    slot = np.int64((np.uint64(key) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(32)) & mask
    while keys[slot] != -1:
        if keys[slot] == key:
            return int(values[slot])
        slot = (slot + 1) & mask
    return -1


@njit(cache=True, nogil=True)
def _sound(here: int, after: int, later: int) -> int:
    """Return the consonant of the sound key, 0 for a silent letter, -1 for what no romanisation has."""
    if after == 104:  # h
        if here == 115 or here == 99:
            return 83  # sh, ch: S
        if here == 116 or here == 100:
            return 84  # th, dh: T
        if here == 107:
            return 120  # kh: x
        if here == 112:
            return 102  # ph: f
    if (here == 115 or here == 116) and after == 99 and later == 104:
        return 0  # sch, tch
    if here == 100 and after == 106:
        return 0  # dj
    if here == 99:
        return 107
    if here == 113 or here == 56:
        return 103  # q, 8: g
    if here == 112:
        return 98
    if here == 53:
        return 120
    if here == 54:
        return 116
    if here == 57:
        return 115
    if here in (97, 101, 105, 111, 117, 118, 119, 121, 104, 50, 51, 55):
        return 0
    return here if 97 <= here <= 122 else -1


@njit(cache=True, nogil=True)
def _vowel(letter: int) -> bool:
    return letter == 0 or letter == 4 or letter == 8 or letter == 14 or letter == 20


@njit(cache=True, nogil=True)
def _edge(gap: int, wide: int) -> bool:
    """Whether a gap parts two words of a romanised text; a hyphen or an apostrophe may stand within one."""
    return gap & 31 != 0 and not (gap & 31 == 2 and wide == 1)


@njit(cache=True, nogil=True)
def _reads(
    first: int, last: int, letter: Any, gap: Any, wide: Any, name: int, name_end: int,
    name_letter: Any, name_gap: Any, number: Any, single: Any, double: Any, seen: Any, latin: Any,
) -> bool:  # fmt: skip
    """Whether letters first to last are a spelling of the name.

    seen[i, j]: i letters of the name can stand for j of the text. CONSONANT and VOWEL say what was written last,
    SHORT that it was a short vowel, which no letter of the name stands for; each is a bit.
    """
    size, room = name_end - name, last - first
    if size > 60 or room > FURTHEST:
        return False
    for j in range(room):
        here = letter[first + j]
        latin[j] = here - 97 if here >= 97 else here - 22
    for i in range(size + 1):
        for j in range(room + 2):
            seen[i, j] = 0
    seen[0, 0] = CONSONANT
    word, words = 0, 1
    for i in range(1, size):
        if name_gap[name + i]:
            words += 1
    for i in range(size):
        apart = i > 0 and name_gap[name + i] != 0
        if apart:
            word = i
        mine = name_letter[name + i]
        kind = int(number[mine])
        ends = i + 1 >= size or name_gap[name + i + 1] != 0
        if mine == ALEF and i > word:
            kind = ALEF_WITHIN
        if mine == YEH and i > word and name_letter[name + i - 1] == ALEF and not ends:
            kind = YEH_AFTER_ALEF
        if mine == YEH and ends:
            kind = FINAL_YEH
        has_article = (
            word + 3 < size and name_letter[name + word] == ALEF and name_letter[name + word + 1] == LAM
        )
        article = has_article and i - word < 2
        for j in range(room + 1):
            value = seen[i, j]
            if value == 0:
                continue
            edge = 0 < j < room and _edge(gap[first + j], wide[first + j])
            here = latin[j] if j < room else 99
            joined = j + 1 < room and not _edge(gap[first + j + 1], wide[first + j + 1])
            after = latin[j + 1] if joined else 99
            if j < room and i > 0 and (not edge or apart):  # a short vowel
                if apart and (_vowel(here) or here == 24):  # at most three: 'jabhe-ye'
                    if value & (CONSONANT | VOWEL):
                        seen[i, j + 1] |= SHORT
                    seen[i, j + 1] |= (value & (SHORT | TWO_SHORT)) << 1
                elif _vowel(here) and (value & CONSONANT or (mine == HEH and ends and here in (0, 4))):
                    seen[i, j + 1] |= SHORT
                    if (here == 14 and after == 20) or (here == after and here in (4, 14)):
                        seen[i, j + 2] |= SHORT
            silent = (
                mine == AIN
                or (article and word > 0)
                or (mine == HEH and ends and j > 0 and latin[j - 1] in (0, 4))
            )
            if silent:
                seen[i + 1, j] |= value
            if j == room or (edge and not (apart or (has_article and i - word == 2))):
                continue
            long = _vowel(here) and not apart
            if long and value & (CONSONANT | VOWEL) == 0:
                continue  # no long vowel after a short one
            state = VOWEL if _vowel(here) else CONSONANT
            fits = single[kind, here] != 0
            if mine == HEH and ends and here == 19 and j > 0 and latin[j - 1] in (0, 4):
                fits = True  # the t of the construct state
            sun = here in (19, 18, 3, 17, 25, 13)  # instead of l, before a letter that takes its place
            if article and mine == LAM and sun and (words > 1 or (joined and gap[first + j + 1] & 31)):
                fits = True
                if after == 7:
                    seen[i + 1, j + 2] |= CONSONANT
            if article and mine == ALEF and here == 14:
                fits = False
            if fits:
                seen[i + 1, j + 1] |= state
                if after == here and state == CONSONANT:
                    seen[i + 1, j + 2] |= CONSONANT
            if joined and double[kind, here * 36 + after]:
                state = VOWEL if _vowel(after) else CONSONANT
                seen[i + 1, j + 2] |= state
                if (
                    j + 2 < room
                    and latin[j + 2] == after
                    and not _edge(gap[first + j + 2], wide[first + j + 2])
                ):
                    seen[i + 1, j + 3] |= state
    return bool(seen[size, room] > 0)


@njit(cache=True, nogil=True)
def sounding(
    start: Any, letter: Any, gap: Any, wide: Any, flag: Any,
    steps: Any, roots: Any, keys: Any, values: Any, heads: Any, nexts: Any, owners: Any,
    name_start: Any, name_letter: Any, name_gap: Any, number: Any, single: Any, double: Any, out: Any,
) -> int:  # fmt: skip
    """Write (text, first letter, after the last, entry, ROMANISED) and return how many there are."""
    count = 0
    seen, latin = np.zeros((64, 72), np.uint8), np.zeros(64, np.int64)
    for text in range(start.size - 1):
        low, high = start[text], start[text + 1]
        for first in range(low, high):
            if first > low and gap[first] & 191 == 0 and not (flag[first] & 16 and gap[first]):
                continue
            if flag[first] & 98 or letter[first] > 122 or letter[first] < 48:
                continue
            node, last, at = 0, 0, first
            while at < high and at - first < FURTHEST:
                if at > first and gap[at] & 31 and (gap[at] & 28 or wide[at] > 3):
                    break
                here = letter[at]
                after = letter[at + 1] if at + 1 < high and gap[at + 1] & 31 == 0 else 0
                later = letter[at + 2] if at + 2 < high and gap[at + 2] & 31 == 0 else 0
                sound = _sound(here, after, later) if flag[at] & 98 == 0 else -1
                if sound < 0:
                    break
                if at == first:  # the first letter counts, also one that is silent elsewhere
                    if here in (97, 101, 105, 111, 117, 50, 51):
                        sound = 65
                    elif here in (104, 118, 119, 121):
                        sound = here
                    elif here == 55:
                        sound = 104
                if sound > 0:
                    step = int(steps[sound])
                    if step != last:
                        node = _step(node, step, roots, keys, values) if step else -1
                        if node < 0:
                            break
                        last = step
                at += 1
                if heads[node] < 0 or not (
                    at == high or gap[at] & 191 or (flag[at] & 16 and gap[at]) or flag[at] & 2
                ):
                    continue
                ref = heads[node]
                while ref >= 0:
                    entry = owners[ref]
                    ref = nexts[ref]
                    name, name_end = name_start[entry], name_start[entry + 1]
                    words = 1
                    for i in range(name + 1, name_end):
                        if name_gap[i]:
                            words += 1
                    room, size = at - first, name_end - name
                    if (
                        room < (ONE_WORD if words == 1 else MORE_WORDS)
                        or room + 2 < size
                        or room > 2 * size + 4
                    ):
                        continue
                    if _reads(
                        first, at, letter, gap, wide, name, name_end,
                        name_letter, name_gap, number, single, double, seen, latin,
                    ):  # fmt: skip
                        if count < out.shape[0]:
                            out[count, 0], out[count, 1], out[count, 2] = text, first, at
                            out[count, 3], out[count, 4] = entry, 3
                        count += 1
    return count
