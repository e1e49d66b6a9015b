"""Folded text: what is left of a text when spelling, script variants and addressing are taken away.

For comparison only, never for display: the folded form of two texts is equal when a reader would call them
the same words.
"""

from __future__ import annotations

import polars as pl

# Letters that keyboards of different languages write for the same letter.
ARABIC = {
    "ي": "ی", "ى": "ی", "ې": "ی", "ئ": "ی", "ے": "ی",
    "ك": "ک", "ڪ": "ک",
    "ة": "ه", "ۀ": "ه", "ہ": "ه", "ھ": "ه", "ە": "ه", "ۂ": "ه",
    "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا",
    "ؤ": "و", "ء": "",
}  # fmt: skip
DIGITS = {
    **{chr(0x0660 + digit): str(digit) for digit in range(10)},
    **{chr(0x06F0 + digit): str(digit) for digit in range(10)},
}
# Cyrillic and Greek letters that look like Latin ones. They are folded in every text, also in Russian ones:
# the result is no Russian any more, but equal texts stay equal, and a disguised Latin text meets its model.
CONFUSABLES = dict(zip("асеорхуіѕјԁԛԝһκονρτυιαε", "aceopxyisjdqwhkovptuiae", strict=True))
# Marks that change no word: Latin and Cyrillic accents, Arabic vowel signs and Quranic marks.
MARKS = r"[\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed]"
# Kashida, zero-width characters, direction marks, variation selectors, soft hyphen.
INVISIBLE = r"[\u0640\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
ADDRESSING = r"^\s*rt\s+@[\w.-]+:?|https?://\S+|\bwww\.\S+|@[\w.@-]+"
LONGEST = 4096  # characters; what follows does not tell two texts apart


def folded(texts: pl.Series) -> pl.Series:
    """Return the folded form of a String series; nulls stay null.

    Compatibility forms, case, Arabic-script variants, accents, kashida, zero-width characters, digits and
    look-alike letters are unified; links, @mentions and a leading 'RT @x:' are taken out; everything that is
    neither letter nor digit becomes one space. A zero-width non-joiner is removed, so 'می‌شود' and 'میشود'
    are equal.
    """
    letters = {**ARABIC, **DIGITS, **CONFUSABLES}
    column = (
        pl.col("text")
        .str.head(LONGEST)
        .str.to_lowercase()
        .str.replace_all(ADDRESSING, " ")
        .str.normalize("NFKD")
        .str.replace_all(f"{MARKS}|{INVISIBLE}", "")
        .str.to_lowercase()
        .str.replace_many(list(letters), list(letters.values()))
        .str.normalize("NFC")
        .str.replace_all(r"[^\p{L}\p{N}\p{M}]+", " ")
        .str.strip_chars(" ")
    )
    return texts.alias("text").to_frame().lazy().select(column).collect().to_series()
