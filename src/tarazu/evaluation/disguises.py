"""Fifteen ways in which people hide a name from a word list: what linking is measured with.

Each takes a name and a source of chance and returns the name in disguise, or None where the disguise does not exist
in its script (there is no fullwidth Arabic). The letters are never removed: a reader still reads the name.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

Disguise = Callable[[str, Random], str | None]

LOOKALIKES = str.maketrans("aceopxyiABEHKMOPCTX", "асеорхуіАВЕНКМОРСТХ")
LEET = {"a": "4@", "e": "3", "i": "1!", "o": "0", "s": "5$", "t": "7"}
VARIANTS = str.maketrans("یکهاو", "يكةأؤ"), str.maketrans("يكةأإآؤ", "یکهااا" + "و")
HARAKAT = "\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652"
ACCENTS = "\u0301\u0308\u0327\u0303\u0323"
INVISIBLE = "\u200b\u2060\ufeff\u00ad"
DIRECTIONS = "\u200e\u200f\u202a\u202c\u2066\u2069"
EMOJI = "🔥⭐💀🌹"


def _arabic(name: str) -> bool:
    return any("\u0600" <= letter <= "\u06ff" for letter in name)


def _between(name: str, signs: Callable[[], str]) -> str:
    """Put a sign between every two letters of each word."""
    return " ".join("".join(letter + signs() for letter in word[:-1]) + word[-1:] for word in name.split(" "))


def _some(name: str, chance: Random, change: Callable[[str], str]) -> str:
    """Change each letter with probability one half, and at least one."""
    letters = [at for at, letter in enumerate(name) if letter.isalnum()]
    picked = {at for at in letters if chance.random() < 0.5} or {chance.choice(letters)}
    return "".join(change(letter) if at in picked else letter for at, letter in enumerate(name))


def zero_width(name: str, chance: Random) -> str | None:
    """Invisible characters between letters."""
    return _between(name, lambda: chance.choice(INVISIBLE))


def direction_marks(name: str, chance: Random) -> str | None:
    """Marks of writing direction between letters."""
    return _between(name, lambda: chance.choice(DIRECTIONS))


def spaced_letters(name: str, chance: Random) -> str | None:
    """'Z e n i t h'; words are further apart."""
    return "   ".join(" ".join(word) for word in name.split(" "))


def dots(name: str, chance: Random) -> str | None:
    """A dot, star or hyphen between letters."""
    sign = chance.choice(".*-_~")
    return _between(name, lambda: sign)


def emoji(name: str, chance: Random) -> str | None:
    """A picture between letters."""
    return _between(name, lambda: chance.choice(EMOJI))


def leet(name: str, chance: Random) -> str | None:
    """Digits and signs for the letters that they resemble; never a leading '@', which would make it an address."""
    letters = [at for at, letter in enumerate(name) if letter.lower() in LEET]
    if not letters:
        return None
    picked = {at for at in letters if chance.random() < 0.6} or {letters[0]}
    out = [chance.choice(LEET[letter.lower()]) if at in picked else letter for at, letter in enumerate(name)]
    out = ["4" if sign == "@" and (at == 0 or name[at - 1] == " ") else sign for at, sign in enumerate(out)]
    return "".join(
        "1" if sign == "!" and name[at + 1 : at + 2] in ("", " ") else sign for at, sign in enumerate(out)
    )


def homoglyphs(name: str, chance: Random) -> str | None:
    """Cyrillic letters for Latin ones."""
    if not any(letter.translate(LOOKALIKES) != letter for letter in name):
        return None
    changed = _some(name, chance, lambda letter: letter.translate(LOOKALIKES))
    return changed if changed != name else name.translate(LOOKALIKES)


def kashida(name: str, chance: Random) -> str | None:
    """Stretched Arabic letters."""
    return _between(name, lambda: "ـ" * chance.randint(0, 3)) if _arabic(name) else None


def letter_variants(name: str, chance: Random) -> str | None:
    """The Arabic keyboard's letters for the Persian one's, and the reverse."""
    changed = name.translate(chance.choice(VARIANTS))
    return changed if changed != name else next((c for c in map(name.translate, VARIANTS) if c != name), None)


def diacritics(name: str, chance: Random) -> str | None:
    """Vowel signs, or accents."""
    signs = HARAKAT if _arabic(name) else ACCENTS
    return _some(name, chance, lambda letter: letter + chance.choice(signs))


def hashtag(name: str, chance: Random) -> str | None:
    """'#RedDawnFront', '#red_dawn_front'; in Arabic script with underscores."""
    if _arabic(name) or chance.random() < 0.5:
        return "#" + name.replace(" ", "_")
    return "#" + "".join(word[:1].upper() + word[1:] for word in name.split(" "))


def stretched(name: str, chance: Random) -> str | None:
    """One to two letters three to six times."""
    letters = [at for at, letter in enumerate(name) if letter.isalpha()]
    picked = set(chance.sample(letters, min(2, len(letters))))
    return "".join(
        letter * chance.randint(3, 6) if at in picked else letter for at, letter in enumerate(name)
    )


def fullwidth(name: str, chance: Random) -> str | None:
    """Latin letters of East Asian width."""
    if _arabic(name):
        return None
    return "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in name)


def mathematical(name: str, chance: Random) -> str | None:
    """Latin letters of mathematical alphabets."""
    if _arabic(name):
        return None
    first = chance.choice((0x1D400, 0x1D468, 0x1D4D0, 0x1D5D4, 0x1D670))  # capitals; small letters follow
    return "".join(
        chr(first + ord(letter) - (65 if letter.isupper() else 71))
        if letter.isascii() and letter.isalpha()
        else letter
        for letter in name
    )


def mixed_case(name: str, chance: Random) -> str | None:
    """'zEniTH'."""
    return None if _arabic(name) else _some(name, chance, str.swapcase)


DISGUISES: dict[str, Disguise] = {
    work.__name__: work
    for work in (
        zero_width, direction_marks, spaced_letters, dots, emoji, leet, homoglyphs, kashida, letter_variants,
        diacritics, hashtag, stretched, fullwidth, mathematical, mixed_case,
    )
}  # fmt: skip
