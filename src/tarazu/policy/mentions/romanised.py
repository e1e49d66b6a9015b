"""How Arabic-script names are written in Latin letters: the sound keys and the table of spellings. Data and keys.

There is no one romanisation: القاعدة is Al-Qaeda, al Qaida, elkaide, alqa3eda. A name is looked for in two steps.
Its **sound key** keeps the consonants that every spelling keeps (a handful of keys where a letter has several
sounds); a text with the same key is then read letter by letter with the table below, in which short vowels, the
article, doubled letters and the silent final h are free.
"""

from __future__ import annotations

from itertools import islice, product

import numpy as np
from numpy.typing import NDArray

from tarazu.policy.mentions.entries import Entry

# Spellings of each (folded) letter, at most two characters each; digits are the "Arabizi" of chats.
SPELLINGS = {
    "ا": "a e i o u aa ee oo ei ai 2", "ب": "b p", "پ": "p b", "ت": "t", "ث": "s t th", "ج": "j g dj",
    "چ": "ch c", "ح": "h 7", "خ": "kh x 5", "د": "d", "ذ": "z d dh th", "ر": "r", "ز": "z", "ژ": "zh j z",
    "س": "s c", "ش": "sh ch", "ص": "s 9", "ض": "d z dh 9", "ط": "t 6", "ظ": "z d dh th 6",
    "ع": "3 a e i o u aa ae", "غ": "g gh 8 q", "ف": "f ph", "ق": "q k g gh kh 9 8 2", "ک": "k c ck q",
    "گ": "g gh", "ل": "l", "م": "m", "ن": "n", "و": "w v u o ou oo ow aw au uw ov ev av ew", "ه": "h",
    "ی": "y i ee ei ey ay ai iy ie yi",
}  # fmt: skip
# Within a word an alef is a long a (o and u in spoken Persian); at the end a yeh may be one; after an alef a yeh
# may be the seat of a hamza.
WITHIN = {"ا": "a o u aa oo 2", "final ی": "y i ee ei ey ay ai iy ie yi a", "ائ": "y i e 2"}
# The consonants that a letter leaves in the sound key; several where romanisations differ.
SOUNDS = {
    "ب": "b", "پ": "b", "ت": "t", "ث": "s t T", "ج": "j g", "چ": "S", "خ": "x", "د": "d", "ذ": "z d T", "ر": "r",
    "ز": "z", "ژ": "z j", "س": "s", "ش": "S", "ص": "s", "ض": "d z T", "ط": "t", "ظ": "z d T", "غ": "g",
    "ف": "f", "ق": "g k", "ک": "k", "گ": "g", "ل": "l", "م": "m", "ن": "n",
}  # fmt: skip
MOST_KEYS = 64  # keys of one name
FEWEST = (
    4  # consonants (not of the article, not a final h) that a name must have to be looked for by its sound
)
VOWEL = ord("A")  # begins the key of a text that begins with a vowel
_HEH = ord("ه")
_ARTICLE = (ord("ا"), ord("ل"))
_BEGINS = {"ا": "A", "ع": "A", "و": "A w v", "ی": "A y", "ح": "h", "ه": "h"}


def sound_keys(entry: Entry) -> set[tuple[int, ...]]:
    """Return the sound keys of an Arabic-script name; none where it is too short to be told from other words.

    `tarazu.policy.mentions.sounding` makes the same key of Latin letters: the first letter (vowels as one), then
    the consonants without h, w, v and y; equal neighbours once.
    """
    choices: list[list[str]] = []
    letters, edges = entry.letters, entry.edges
    strong = 0
    for at, code in enumerate(letters):
        letter = chr(code)
        last = at + 1 == len(letters) or bool(edges[at + 1])
        if letter not in SPELLINGS:
            return set()
        article = code == _ARTICLE[1] and is_article(letters, edges, at - 1)
        sounds = SOUNDS.get(letter, "").split() or [""]
        strong += letter in SOUNDS or (code == _HEH and not last) or letter == "ح"
        if at == 0:
            sounds = _BEGINS.get(letter, "").split() or sounds
        elif last and code == _HEH:
            sounds = ["", "t"]
        elif article:
            sounds = ["l", ""]
            strong -= 1
        choices.append(sounds)
    if strong < FEWEST:
        return set()
    keys = set()
    for spelt in islice(product(*choices), MOST_KEYS):
        key = "".join(spelt)
        keys.add(tuple(ord(c) for i, c in enumerate(key) if i == 0 or c != key[i - 1]))
    return keys


def is_article(letters: tuple[int, ...], edges: tuple[int, ...], at: int) -> bool:
    """Whether the letters from `at` are the article of a longer word."""
    return (
        at >= 0
        and (at == 0 or bool(edges[at]))
        and tuple(letters[at : at + 2]) == _ARTICLE
        and at + 3 < len(letters)
        and not any(edges[at + 1 : at + 4])
    )


def spelling_tables() -> tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.uint8]]:
    """Return which number (0: none) a code point below 0x700 has, and its spellings of one and two characters.

    Three more rows hold WITHIN: ALEF_WITHIN, FINAL_YEH, YEH_AFTER_ALEF.
    """
    number = np.zeros(0x700, np.uint8)
    rows = [*SPELLINGS.items(), *WITHIN.items()]
    single = np.zeros((len(rows) + 1, 36), np.uint8)
    double = np.zeros((len(rows) + 1, 36 * 36), np.uint8)
    for place, (letter, spellings) in enumerate(rows, start=1):
        if place <= len(SPELLINGS):
            number[ord(letter)] = place
        for spelling in spellings.split():
            codes = [_latin(c) for c in spelling]
            if len(codes) == 1:
                single[place, codes[0]] = 1
            else:
                double[place, codes[0] * 36 + codes[1]] = 1
    return number, single, double


ALEF_WITHIN, FINAL_YEH, YEH_AFTER_ALEF = (len(SPELLINGS) + place for place in (1, 2, 3))


def _latin(letter: str) -> int:
    return ord(letter) - 97 if letter.isalpha() else 26 + int(letter)
