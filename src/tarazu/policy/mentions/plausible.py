"""Is it the name, or does it only share its skeleton? Letter by letter, with a rule for each disguise. Compiled.

The shorter a name, the less may be wrong with it: three letters must stand as the list writes them, stretched or
leet letters need four, a separator in the middle of a word six, two words run together nine.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from tarazu.policy.mentions.walk import ALEF, COLLOQUIAL, INSIDE, LAM, MEEM, PARTICLE, YEH

# Flags of an entry.
CASED, CONTEXT, AMBIGUOUS, CAPITALS = 1, 2, 4, 8
# What stands between two letters of an alias: nothing, a space, a hyphen or dot, punctuation, or a place where a
# reader sees an edge without any character (case, digit, non-joiner).
NOTHING, WORD, SOFT_EDGE, PUNCTUATION, NATURAL = 0, 1, 2, 3, 4
# How a name is written.
PLAIN, HASHTAG, DISGUISED, ROMANISED = 0, 1, 2, 3


@njit(cache=True, nogil=True)
def plausible(
    start: Any,
    letter: Any,
    look: Any,
    gap: Any,
    wide: Any,
    flag: Any,
    steps: Any,
    heads: Any,
    nexts: Any,
    entries: Any,
    entry_start: Any,
    entry_flag: Any,
    name_letter: Any,
    name_step: Any,
    name_gap: Any,
    name_flag: Any,
    found: Any,
    masks: Any,
    count: int,
    out: Any,
) -> int:
    """Write (text, first, after the last, entry, written) of the candidates that are names; return how many."""
    accepted = 0
    for i in range(count):
        text, first, last = found[i, 0], found[i, 1], found[i, 2]
        ref = heads[found[i, 3]]
        handle = True
        for at in range(first, last):
            if flag[at] & 32 == 0:
                handle = False
                break
        while ref >= 0 and not handle:
            entry = entries[ref]
            ref = nexts[ref]
            written = _judge(
                first, last, start[text], start[text + 1], found[i, 4] // 8, found[i, 4] % 8, masks[i],
                letter, look, gap, wide, flag, steps,
                entry_flag[entry], entry_start[entry], entry_start[entry + 1],
                name_letter, name_step, name_gap, name_flag,
            )  # fmt: skip
            if written >= 0:
                if accepted < out.shape[0]:
                    out[accepted, 0], out[accepted, 1], out[accepted, 2] = text, first, last
                    out[accepted, 3], out[accepted, 4] = entry, written
                accepted += 1
    return accepted


@njit(cache=True, nogil=True)
def _judge(
    first: int, last: int, low: int, high: int, begins: int, ends: int, mask: Any,
    letter: Any, look: Any, gap: Any, wide: Any, flag: Any, steps: Any,
    kind: int, name: int, name_end: int,
    name_letter: Any, name_step: Any, name_gap: Any, name_flag: Any,
) -> int:  # fmt: skip
    """Compare letters first to last with one entry; return how it is written, or -1."""
    length = name_end - name
    leet, swapped, looks, dotless, shapes = 0, 0, 0, 0, 0
    literal, hidden, stretched, doubled, natural = 0, 0, 0, 0, 0
    digits, tail, word_literal, bare = 0, 0, 1, False  # bare: a word of the name without a letter of its own
    inner, spaces, other, dots, joined, soft_joined, hard = 0, 0, 0, 0, 0, 0, 0
    widest, pending, pending_wide = 0, 0, 0
    bit = np.uint64(0)
    one = np.uint64(1)
    at, mine = first, name
    while at < last:
        if flag[at] & 2 and (mask >> bit) & one == 0:
            pending |= (gap[at] & 31) | 8
            pending_wide += wide[at] + 1
            bit += one
            at += 1
            continue
        step = steps[look[at]]
        run = mine
        while run < name_end and name_step[run] == step:
            run += 1
        size, many, same = run - mine, 0, 0
        if size == 0:
            return -1
        length_here = _run(at, last, step, bit, mask, look, flag, steps)
        if length_here < size:
            return -1
        if at == first and flag[at] & 2 and length_here > size:
            return -1  # '!Iron': the sign stands before the name
        target = mine
        while at < last:
            if flag[at] & 2 and (mask >> bit) & one == 0:
                pending |= (gap[at] & 31) | 8
                pending_wide += wide[at] + 1
                bit += one
                at += 1
                continue
            if steps[look[at]] != step:
                break
            fresh = many == 0
            if (
                many
                and target + 1 < run
                and (
                    length_here - many <= run - 1 - target
                    or (name_gap[target + 1] and (gap[at] | pending) & 31)
                    or (letter[at] != name_letter[target] and letter[at] == name_letter[target + 1])
                )
            ):
                target += 1
                fresh = True
            if fresh:
                same = 0
            else:
                same += 1
                if flag[at] & 4:
                    return -1
                twice = target > mine and name_letter[target - 1] == name_letter[target]
                if same == 1 and not twice:
                    doubled += 1
                    natural += 1 if _doubles(letter[at]) else 0
                elif same == (1 if twice else 2):
                    stretched += 1
                    doubled -= 0 if twice else 1
            if fresh and (name_gap[target] == WORD or name_gap[target] == PUNCTUATION):
                bare = bare or word_literal == 0
                word_literal = 0
            here, there, traits = letter[at], name_letter[target], flag[at]
            if traits & 2:
                bit += one
            if traits & 8:
                hidden += 1
            if kind & CASED and (traits & 1) != (name_flag[target] & 1):
                return -1
            if here == there:
                literal += 1
                word_literal += 1
                tail = 0
            elif name_flag[target] & 6:
                return -1
            elif traits & 6:
                leet += 1
                digits += traits & 4 != 0
                tail += 1
            elif here == 105 or here == 108:
                if here == 105:  # a capital I for an l, after a small letter
                    fits = traits & 1 and at > low and gap[at] & 31 == 0 and flag[at - 1] & 7 == 0
                else:  # an l for an I, beside a capital
                    fits = (traits & 1 == 0) and (
                        (at > low and gap[at] & 31 == 0 and flag[at - 1] & 1)
                        or (at + 1 < high and gap[at + 1] & 31 == 0 and flag[at + 1] & 1)
                    )
                if there != 105 and there != 108:
                    looks += 1
                elif fits:
                    swapped += 1
                else:
                    return -1
            elif traits & 64:
                if traits & 128:
                    dotless += 1
                else:
                    shapes += 1
            else:
                looks += 1
            between = (gap[at] & 31) | pending
            apart = wide[at] + pending_wide
            pending, pending_wide = 0, 0
            if not fresh and (between & 1 or gap[at] & 32):
                return -1  # a repeated letter stands in the same word
            if at > first:
                edge = name_gap[target] if fresh else 0
                if between:
                    if between & 16 or apart > 5:
                        return -1
                    if edge == 0:
                        inner += 1
                        widest = max(widest, apart)
                        if between & 1:
                            spaces += 1
                        if between & 8:
                            other += 1
                        if between == 4:
                            dots += 1
                    elif between & 5 == 5 and edge != PUNCTUATION:
                        hard += 1
                elif edge in (WORD, PUNCTUATION):
                    if gap[at] & 224 == 0:
                        joined += 1
                elif edge == SOFT_EDGE and gap[at] & 224 == 0:
                    soft_joined += 1
            many += 1
            at += 1
        mine = run
    if mine != name_end:
        return -1
    arabic = name_flag[name] & 64 != 0
    words = 0  # inner edges
    for i in range(name + 1, name_end):
        if name_gap[i]:
            words += 1
    full = inner > 0 and inner >= length - 1 - words
    changed = leet + swapped + looks + dotless + shapes + stretched + doubled + inner
    if begins == PARTICLE and (not arabic or length < 3 or inner):
        return -1
    plain_s = flag[last - 1] & 64 == 0 and (length < 5 or kind & CASED)  # an English plural of a short name
    if ends == PARTICLE and (length < 4 or inner or plain_s):
        return -1
    if ends == COLLOQUIAL:
        if not arabic or inner or (length < 5 and words == 0):
            return -1
        # A surname and its plural are two surnames, an Arabic word and its feminine or dual two words.
        article = name_letter[name] == ALEF and name_letter[name + 1] == LAM and words == 0
        if letter[last] != MEEM and (article or name_letter[name_end - 1] == YEH):
            return -1
    if flag[first] & 2 and letter[first] == 33 and words == 0 and name_letter[name] != 105:
        return -1  # '!and' is no 'Land'
    if begins == INSIDE or ends == INSIDE:
        if length < 6 or inner or leet or looks or kind & (CASED | CONTEXT):
            return -1
        if flag[first] & 64 == 0:
            for i in range(first, last + 1):  # a hashtag with capitals says where its words begin
                if i < high and i > low and gap[i] & 64 and flag[i] & 17 == 17 and flag[i - 1] & 5 == 0:
                    return -1
    if kind & CONTEXT:
        return PLAIN if changed + joined + hard == 0 else -1
    if hard and not (full and length >= 5):
        return -1
    tagged = flag[first] & 16 != 0
    if length <= 3:
        if joined or leet + swapped + shapes + dotless + stretched + doubled:
            return -1
        if inner and not (kind & CAPITALS and inner == dots and inner == length - 1 and widest == 1):
            return -1
        if looks and not literal:
            return -1
    else:
        need = 4
        if leet:
            if literal < 2 or literal * 3 < length or bare or word_literal == 0:
                return -1
            if (inner and not full) or (digits == tail and digits == leet and length < 8):
                return -1  # 'king5' is a word and a number
        if looks and literal == 0:
            need = 6
        if shapes and not dotless:
            return -1
        if doubled:
            need = max(need, 10 if natural == 1 and doubled == 1 else 6)
        if inner:
            if full:
                if length < 6 and _spaced_on(low, high, first, last, widest, gap, wide, flag):
                    return -1
            elif spaces:
                if inner * 5 < 3 * (length - 1 - words) or length < 5:
                    return -1
            elif other:
                need = max(need, 4 if inner == other else 5)
            else:
                need = max(need, 6 if inner == 1 else 5)
            if inner == dots and kind & CAPITALS and full:
                need = 2
        if joined:
            need = max(need, 6 if tagged or arabic else 9)
        if soft_joined:
            need = max(need, 6)
        if length < need:
            return -1
    if changed or hidden:
        return DISGUISED
    return HASHTAG if tagged else PLAIN


@njit(cache=True, nogil=True)
def _run(at: int, last: int, step: int, bit: Any, mask: Any, look: Any, flag: Any, steps: Any) -> int:
    """Return how many letters from `at` share the step, over signs that are read as separators."""
    count = 0
    one = np.uint64(1)
    while at < last:
        if flag[at] & 2:
            read = (mask >> bit) & one
            bit += one
            if read == 0:
                at += 1
                continue
        if steps[look[at]] != step:
            break
        count += 1
        at += 1
    return count


@njit(cache=True, nogil=True)
def _doubles(letter: int) -> bool:
    """Whether a Latin letter is often doubled, so that two of it make another word ('progres', 'progress')."""
    return letter in (98, 99, 100, 101, 102, 103, 108, 109, 110, 111, 112, 114, 115, 116, 122)


@njit(cache=True, nogil=True)
def _spaced_on(
    low: int, high: int, first: int, last: int, widest: int, gap: Any, wide: Any, flag: Any
) -> bool:
    """Whether single letters go on before or after letters first to last, no further apart than these are."""
    after = last < high and gap[last] & 31 and wide[last] <= widest and flag[last] & 2 == 0
    before = first > low and gap[first] & 31 and wide[first] <= widest
    if after and (last + 1 == high or gap[last + 1] & 31):
        return True
    return bool(before and (first - 1 == low or gap[first - 1] & 31))
