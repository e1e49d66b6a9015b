"""Texts as folded letters with gaps between them, and where each letter stands in the original. Compiled.

One pass over UTF-8: links and e-mail addresses become a break, invisible characters and vowel signs disappear,
every letter gets its folded form and its look (the skeleton), every run of separators becomes the gap before the
next letter. Nothing is decided here.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tarazu.text.letters import letters

# Gaps, beside the traits of separators in tarazu.text.letters.
NON_JOINER_GAP, CASE_GAP, SCRIPT_GAP = 32, 64, 128
# Flags of letters.
UPPER, SIGN, DIGIT, HIDDEN, HASHTAG, HANDLE, ARABIC, DOTLESS_LETTER = 1, 2, 4, 8, 16, 32, 64, 128
_ENDINGS = (
    "com org net info io co ir uk de fr ru me tv ly gov edu int mil eu us ca sa ae eg iq sy lb jo ps ye om qa kw "
    "af pk tr in cn jp be nl it es ch at se no app dev xyz news online site social gl im gg to cc blog media link"
)
_TOP_LEVEL = np.array(
    sorted(sum((ord(c) - 96) << (5 * i) for i, c in enumerate(end[:6])) for end in _ENDINGS.split()), np.int64
)


class Folded(NamedTuple):
    """Letters of many texts: text i has the letters start[i] to start[i + 1]."""

    start: NDArray[np.int64]
    letter: NDArray[np.int32]  # folded code point
    look: NDArray[np.int32]  # code point of the skeleton
    offset: NDArray[np.int32]  # code point of the original text
    end: NDArray[np.int32]  # after it and the vowel signs upon it
    gap: NDArray[np.uint8]  # traits of what stands before it; 0: nothing, or nothing that counts
    wide: NDArray[np.uint8]  # separators before it, at most 255
    flag: NDArray[np.uint8]


def fold(data: NDArray[np.uint8], start: NDArray[np.int64]) -> Folded:
    """Fold UTF-8 texts (text i is data[start[i]:start[i + 1]]; surrogates may be encoded as they are)."""
    # One kind of array, whoever calls: a kernel is compiled for each.
    start, data = np.array(start), data.view()
    data.flags.writeable = False
    room = 2 * int(start[-1] - start[0]) + 4  # no code point has more letters than twice its bytes
    wide = [np.empty(room, np.int32) for _ in range(4)]
    narrow = [np.empty(room, np.uint8) for _ in range(3)]
    text_start = np.zeros(start.size, np.int64)
    longest = int((start[1:] - start[:-1]).max()) if start.size > 1 else 0
    code, mark = np.empty(longest + 8, np.int32), np.empty(longest + 8, np.uint8)
    count = _fold_all(data, start, *letters(), _TOP_LEVEL, code, mark, text_start, *wide, *narrow)
    letter, look, offset, end = (column[:count] for column in wide)
    gap, apart, flag = (column[:count] for column in narrow)
    return Folded(text_start, letter, look, offset, end, gap, apart, flag)


@njit(cache=True, nogil=True)
def _decode(data: Any, low: int, high: int, code: Any) -> int:
    """Write the code points of data[low:high] and return how many."""
    count = 0
    at = low
    while at < high:
        byte = np.int32(data[at])
        if byte < 0x80:
            code[count] = byte
            at += 1
        elif byte < 0xE0:
            code[count] = ((byte & 0x1F) << 6) | (data[at + 1] & 0x3F)
            at += 2
        elif byte < 0xF0:
            code[count] = ((byte & 0x0F) << 12) | ((data[at + 1] & 0x3F) << 6) | (data[at + 2] & 0x3F)
            at += 3
        else:
            code[count] = (
                ((byte & 0x07) << 18)
                | ((data[at + 1] & 0x3F) << 12)
                | ((data[at + 2] & 0x3F) << 6)
                | (data[at + 3] & 0x3F)
            )
            at += 4
        count += 1
    return count


@njit(cache=True, nogil=True)
def _space(code: int) -> bool:
    return code <= 32 or code in (0xA0, 0x2028, 0x2029, 0x3000) or 0x2000 <= code <= 0x200A


@njit(cache=True, nogil=True)
def _ascii_word(code: int) -> bool:
    return 48 <= code <= 57 or 65 <= code <= 90 or 97 <= code <= 122


@njit(cache=True, nogil=True)
def _mark_link(code: Any, count: int, at: int, endings: Any, mark: Any) -> None:
    """Mark the link or e-mail address whose ':', '.' or '@' stands at `at`: 1 on every character."""
    first = at
    if code[at] == 58:  # ://
        if at + 2 >= count or code[at + 1] != 47 or code[at + 2] != 47:
            return
        while first > 0 and _ascii_word(code[first - 1]):
            first -= 1
    else:
        while first > 0 and (_ascii_word(code[first - 1]) or code[first - 1] in (45, 46, 95)):
            first -= 1
        www = at - first == 3 and code[first] | 32 == 119 and code[first + 1] | 32 == 119
        last = at + 1
        if code[at] == 64:  # the name of a host after an e-mail's sign
            while last < count and (_ascii_word(code[last]) or code[last] in (45, 46)):
                last += 1
            while last > at and code[last - 1] != 46:
                last -= 1
        value, letters = np.int64(0), 0
        while last < count and _ascii_word(code[last]):
            if letters < 6:
                value |= np.int64((code[last] | 32) - 96) << (5 * letters)
            letters += 1
            last += 1
        place = np.searchsorted(endings, value)
        known = place < endings.size and endings[place] == value
        label = 0  # characters of the name before the dot: 'z.e.n.it' is no host
        while at - label > first and _ascii_word(code[at - label - 1]):
            label += 1
        if not www and (
            label < (1 if last < count and code[last] == 47 else 2)
            or not known
            or (first > 0 and (code[first - 1] == 64 or mark[first - 1] != 0))
            or (last < count and code[last] == 46 and last + 1 < count and _ascii_word(code[last + 1]))
        ):
            return
        if last < count and code[last] > 127 and not _space(code[last]) and not www:
            for i in range(first, last):  # words of another script written on to the host
                mark[i] = 1
            return
    at = first
    while at < count and not _space(code[at]) and code[at] not in (34, 60, 62, 0xAB, 0xBB):
        mark[at] = 1
        at += 1


@njit(cache=True, nogil=True)
def _mark(code: Any, count: int, kind: Any, endings: Any, mark: Any) -> None:
    """Mark links (1), handles (2) and hashtags (4)."""
    for i in range(count):
        mark[i] = 0
    at = 0
    while at < count:
        here = code[at]
        if mark[at] or here not in (35, 46, 58, 64, 0xFF03, 0xFF20):
            at += 1
            continue
        before = at > 0 and (kind[code[at - 1]] in (1, 3) or code[at - 1] == 95)
        if here == 58 or here == 46 or (here == 64 and before):
            _mark_link(code, count, at, endings, mark)
            at += 1
            continue
        last = at + 1
        if before or (at > 0 and code[at - 1] == 38):
            at += 1
            continue
        while last < count and (kind[code[last]] in (1, 2, 3) or code[last] == 95):
            last += 1
        if here == 64 or here == 0xFF20:
            more, dots = last, 0
            while more < count and (_ascii_word(code[more]) or code[more] in (45, 46, 64, 95)):
                if more + 1 < count and code[more] in (46, 64) and _ascii_word(code[more + 1]):
                    dots += 1
                more += 1
            if dots and last > at + 1:
                last = more
        if last > at + 1:
            for i in range(at, last):
                mark[i] = 4 if here == 35 or here == 0xFF03 else 2
        at = last


@njit(cache=True, nogil=True)
def _fold_all(
    data: Any,
    start: Any,
    kind: Any,
    trait: Any,
    folded: Any,
    look: Any,
    several: Any,
    endings: Any,
    code: Any,
    mark: Any,
    text_start: Any,
    letter_out: Any,
    look_out: Any,
    offset_out: Any,
    end_out: Any,
    gap_out: Any,
    wide_out: Any,
    flag_out: Any,
) -> int:
    """Fill the columns of Folded and return the number of letters."""
    to = 0
    for text in range(start.size - 1):
        text_start[text] = to
        count = _decode(data, start[text], start[text + 1], code)
        _mark(code, count, kind, endings, mark)
        begin = to
        gap, wide, hidden, lines = 0, 0, 0, 0
        for at in range(count):
            here = code[at]
            what = kind[here]
            traits = trait[here]
            if mark[at] == 1:
                gap |= 20  # STOP, BREAK
                wide = 255
                continue
            if what == 2:
                if traits & 1:
                    if traits & 2 and to > begin and flag_out[to - 1] & 64:
                        gap |= 32
                    else:
                        hidden = 8
                elif traits & 4 and to > begin and wide == 0:
                    end_out[to - 1] = at + 1
                continue
            if what == 4:
                ahead = at + 1 < count and mark[at + 1] != 1 and kind[code[at + 1]] in (1, 3, 4)
                ahead = ahead and (here != 33 or kind[code[at + 1]] != 4)  # '!!' ends a sentence
                behind = (
                    at > 0 and kind[code[at - 1]] in (1, 3) and (traits != 4 or here == 64) and here != 124
                )
                if not ahead and not behind:
                    what = 0
            if what == 0:
                if traits & 16:  # the first end of a line is a space, a second one breaks
                    lines += 1
                    traits = 17 if lines > 1 else 1
                gap |= traits
                wide = min(wide + 1, 255)
                continue
            parts = several[folded[here]] if what == 3 else 1
            for part in range(parts):
                single = several[folded[here] + 1 + part] if what == 3 else folded[here]
                flags = 2 if what == 4 else 0
                if traits & 1:
                    flags |= 1
                if traits & 4:
                    flags |= 4
                if traits & 8:
                    flags |= 64
                if traits & 32 or hidden:
                    flags |= 8
                if mark[at] == 4:
                    flags |= 16
                elif mark[at] == 2:
                    flags |= 32
                if traits & 64:
                    flags |= 128
                if to > begin and part == 0:
                    last = flag_out[to - 1]
                    if (last & 64) != (flags & 64) and not (last | flags) & 6:
                        gap |= 128
                    if traits & 16:  # a script without spaces: every letter may begin a word
                        gap |= 128
                    capital = flags & 1 and (
                        not last & 1
                        or (at + 1 < count and trait[code[at + 1]] & 2 and kind[code[at + 1]] == 1)
                    )
                    if wide == 0 and ((last & 4) != (flags & 4) or capital):
                        gap |= 64
                letter_out[to] = single
                look_out[to] = look[here] if what != 3 else look[single]
                offset_out[to] = at
                end_out[to] = at + 1
                gap_out[to] = gap
                wide_out[to] = wide
                flag_out[to] = flags
                to += 1
                gap, wide, hidden, lines = (128 if traits & 16 else 0), 0, 0, 0
    text_start[start.size - 1] = to
    return to
