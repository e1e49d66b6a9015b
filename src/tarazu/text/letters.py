"""What each code point is for a comparison: a letter (which one?), a separator (how strong?), or nothing."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tarazu.text.lookalikes import DOTLESS, LEET, LETTERS, PICTURES, PLAIN, SHAPES, SIGNS
from tarazu.text.normalise import ARABIC

# Kinds of code points.
SEPARATOR, LETTER, DROPPED, SEVERAL, SIGN = range(5)
# Traits of letters.
UPPER, LOWER, DIGIT, ARABIC_SCRIPT, UNSPACED, FANCY, NO_DOTS = 1, 2, 4, 8, 16, 32, 64
# Traits of dropped characters.
INVISIBLE, NON_JOINER, MARK = 1, 2, 4
# Traits of separators; a gap between two letters has the traits of all separators in it.
SPACE, JOINER, STOP, OTHER, BREAK = 1, 2, 4, 8, 16

_SIZE = 0x110000
_LONGEST = 4  # letters of one code point; longer ligatures (whole blessings) stay one letter
_JOINERS = "-_'’‘`´\"“”«»‐‑‒–—―·•&+#＃"
# Combining marks that change no word: of Latin, Greek, Cyrillic, Hebrew, Arabic, Syriac, and those for symbols.
_MARKS = (
    (0x300, 0x36F), (0x483, 0x489), (0x591, 0x5BD), (0x5BF, 0x5BF), (0x5C1, 0x5C7), (0x610, 0x61A),
    (0x64B, 0x65F), (0x670, 0x670), (0x6D6, 0x6ED), (0x711, 0x711), (0x730, 0x74A), (0x8D3, 0x8FF),
    (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0xFE20, 0xFE2F),
)  # fmt: skip
# Soft hyphen, grapheme joiner, fillers, zero-width characters, direction marks, variation selectors, tags; kashida.
_INVISIBLE = (
    (0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F),
    (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0), (0xFFF9, 0xFFFB), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF),
)  # fmt: skip
_UNSPACED = ((0xE00, 0xEFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3040, 0x30FF), (0x3400, 0x9FFF))
# Letters that are themselves and need no look at the Unicode tables: ideographs, Hangul, private use.
_THEMSELVES = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3), (0x17000, 0x18CFF), (0x20000, 0x3FFFF))


class Letters(NamedTuple):
    """Tables over all code points."""

    kind: NDArray[np.uint8]
    trait: NDArray[np.uint8]
    folded: NDArray[np.int32]  # the folded letter; for SEVERAL where its letters begin in `several`
    look: NDArray[np.int32]  # the letter that it shares its skeleton with
    several: NDArray[np.int32]  # count, letters, count, letters ...


@cache
def letters() -> Letters:
    """Return the tables, made once a process (about 0.2 s)."""
    kind = np.zeros(_SIZE, np.uint8)
    trait = np.full(_SIZE, OTHER, np.uint8)
    folded = np.arange(_SIZE, dtype=np.int32)
    several: list[int] = []
    skip = np.zeros(_SIZE, bool)
    skip[0xD800:0xF900] = skip[0x20000:] = True
    for low, high in _THEMSELVES:
        kind[low : high + 1], trait[low : high + 1], skip[low : high + 1] = LETTER, 0, True
    for code in np.flatnonzero(~skip).tolist():
        letter = chr(code)
        category = unicodedata.category(letter)
        if category == "Cn":
            continue
        if category[0] == "M":  # a vowel sign that is part of the word; the marks to drop come below
            kind[code], trait[code] = LETTER, 0
            continue
        if category[0] in "LN" or unicodedata.decomposition(letter):
            found = _fold(letter)
            if found:
                kind[code] = LETTER
                folded[code] = ord(found[0])
                trait[code] = _trait(letter, found)
                if 1 < len(found) <= _LONGEST:
                    kind[code] = SEVERAL
                    folded[code] = len(several)
                    several += [len(found), *map(ord, found)]
            elif category[0] == "L":  # a hamza alone
                kind[code], trait[code] = DROPPED, MARK
        if kind[code] == SEPARATOR:
            trait[code] = _strength(letter, category)
    for low, high in _MARKS:
        kind[low : high + 1], trait[low : high + 1] = DROPPED, MARK
    for low, high in _INVISIBLE:
        kind[low : high + 1], trait[low : high + 1] = DROPPED, INVISIBLE
    kind[0x640], trait[0x640] = DROPPED, 0
    trait[0x200C] |= NON_JOINER
    for low, high in _UNSPACED:
        trait[low : high + 1] |= np.where(kind[low : high + 1] == LETTER, UNSPACED, 0).astype(np.uint8)
    for first in PICTURES:
        place = slice(first, first + 26)
        kind[place], trait[place], folded[place] = LETTER, FANCY, np.arange(97, 123)
    for sign in SIGNS:
        kind[ord(sign)], trait[ord(sign)] = SIGN, _strength(sign, unicodedata.category(sign))
    return Letters(kind, trait, folded, _looks(kind, folded), np.array(several or [0], np.int32))


def _fold(letter: str) -> str:
    """Return the letters and digits that a code point stands for, without case, accents and script variants."""
    if letter.casefold() == letter and not unicodedata.decomposition(letter) and not letter.isnumeric():
        return PLAIN.get(letter, ARABIC.get(letter, letter)) if letter.isalpha() else ""
    out = []
    for part in unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", letter).casefold()):
        category = unicodedata.category(part)
        if category == "Nd":
            out.append(str(unicodedata.digit(part)))
        elif category[0] in "LNM" and not any(low <= ord(part) <= high for low, high in _MARKS):
            out.append(PLAIN.get(part, ARABIC.get(part, part)))
    return "".join(out).replace("\u0640", "")


def _trait(letter: str, found: str) -> int:
    code = ord(letter)
    trait = UPPER if letter.isupper() or letter.istitle() else LOWER if letter.islower() else 0
    if found.isdigit():
        trait = DIGIT
    if 0x600 <= ord(found[0]) <= 0x8FF:
        trait |= ARABIC_SCRIPT | (NO_DOTS if letter in DOTLESS else 0)
    elif code > 0x2000 and unicodedata.decomposition(letter).startswith("<"):
        trait |= FANCY  # full width, mathematical, circled
    return trait


def _strength(letter: str, category: str) -> int:
    if letter in "\n\u2028\u2029\x0b\x0c":
        return SPACE | BREAK  # two of them break; one is a space, which the fold decides
    if category == "Zs" or letter in "\t\r":
        return SPACE
    if letter in _JOINERS or category in ("Pd", "Pc"):
        return JOINER
    return STOP if category[0] in "PC" else OTHER


def _looks(kind: NDArray[np.uint8], folded: NDArray[np.int32]) -> NDArray[np.int32]:
    look = np.where(kind == LETTER, folded, np.arange(_SIZE)).astype(np.int32)
    meant = {**LETTERS, **LEET, **SIGNS, **SHAPES}
    shapes = np.arange(_SIZE, dtype=np.int32)
    for letter, shape in meant.items():
        shapes[ord(letter)] = ord(shape)
    look = shapes[look]
    for letter, shape in meant.items():  # last, because case decides here
        look[ord(letter)] = ord(shape)
    return look
