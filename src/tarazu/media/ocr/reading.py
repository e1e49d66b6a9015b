"""From a picture's pixels to the words in it: find lines, read each in every language, keep the likeliest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tarazu.media.ocr import engine
from tarazu.media.ocr.digits import with_digits
from tarazu.media.ocr.layers import layers
from tarazu.media.ocr.lines import Line, lines
from tarazu.media.ocr.script import leaning
from tarazu.media.ocr.strips import strip, wordlike
from tarazu.media.ocr.words import Word
from tarazu.sightings import PictureText

MOST_LINES = 24  # of a picture, largest first
FEWEST = 3  # letters of a line
# Confidence that a line needs by how many letters it has: a few are soon found in a wall or a wave.
NEEDED = ((10, 0.5), (5, 0.6), (FEWEST, 0.75))
SETTLED = 0.8  # a line read so surely in one script is not read in the other
LEAST_WORD = 0.3  # confidence that a word of less than FEWEST letters needs; a longer one goes with its line


@dataclass(kw_only=True)
class Read:
    """One line and the words that were read in it."""

    line: Line
    strip: NDArray[np.uint8]
    lang: str = ""
    words: list[Word]

    @property
    def worth(self) -> float:
        """How likely these are words of their language, 0 to 1."""
        return sure(self.words, self.lang)

    @property
    def letters(self) -> int:
        """How many letters were read."""
        return sum(word.arabic + word.latin for word in self.words)


def read(rgb: NDArray[np.uint8]) -> tuple[PictureText, ...]:
    """Return the words in a picture (h, w, 3), one text a language, lines from top to bottom.

    Empty where nothing is written, where tesseract is not installed (ask `missing` first) and where it fails.
    """
    languages = engine.installed().languages
    found = strips(rgb) if languages else []
    if not found:
        return ()
    told = _kept(_in_languages(found, languages))
    out = []
    for lang in languages:
        own = [one for one in told if one.lang == lang]
        if own:
            out.append(_text(lang, own))
    return tuple(out)


def strips(rgb: NDArray[np.uint8]) -> list[Read]:
    """Return the lines of a picture that look like words, not yet read."""
    inks = layers(rgb)
    out: list[Read] = []
    for line in lines(rgb, inks):
        drawn = strip(rgb, inks[line.layer], line)
        if wordlike(drawn):
            out.append(Read(line=line, strip=drawn, words=[]))
    return out[:MOST_LINES]


def sure(words: Sequence[Word], lang: str) -> float:
    """Return how likely words are words of a language, 0 to 1: confidence by letter, times the share of its script."""
    size = sum(len(word.text) for word in words)
    latin, arabic = sum(word.latin for word in words), sum(word.arabic for word in words)
    own = latin if lang == "en" else arabic
    if not own:
        return 0.0
    return sum(word.confidence * len(word.text) for word in words) / size * own / (latin + arabic)


def _in_languages(found: list[Read], languages: Sequence[str]) -> list[Read]:
    """Read each line in every language that may be its own, and keep the likeliest.

    Arabic is read after Persian, only in lines whose words lean that way: one model is surer of everything than the
    other, so their confidences do not compare.
    """
    first = [lang for lang in ("fa", "ar", "en") if lang in languages]
    if "fa" in first and "ar" in first:
        first.remove("ar")
    for lang in first:
        open_ones = [one for one in found if one.worth < SETTLED]
        told = engine.words([one.strip for one in open_ones], lang)
        for one, words in zip(open_ones, told, strict=True):
            if not one.lang or sure(words, lang) > one.worth:
                one.lang, one.words = lang, words
    if "ar" in languages and "fa" in languages:
        persian = [one for one in found if one.lang == "fa"]
        lean = [leaning(one.words) for one in persian]
        arabic = [
            one for one, own in zip(persian, lean, strict=True) if (own if abs(own) >= 2 else sum(lean)) < 0
        ]
        again = engine.words([one.strip for one in arabic], "ar")
        for one, words in zip(arabic, again, strict=True):
            one.lang, one.words = "ar", with_digits(words, one.words)
    return found


def _kept(told: list[Read]) -> list[Read]:
    """Return the lines that are no noise, in reading order, each place read once."""
    taken: list[Read] = []
    for one in sorted(told, key=lambda one: -(one.worth**3) * one.letters):
        if one.worth < next((least for letters, least in NEEDED if one.letters >= letters), 1.1):
            continue
        if any(one.line.shared(other.line) > 0.4 for other in taken):
            continue
        one.words = [
            word for word in one.words if word.confidence >= LEAST_WORD or word.arabic + word.latin >= FEWEST
        ]
        if one.words:
            taken.append(one)
    return sorted(taken, key=lambda one: (one.line.top + one.line.bottom, one.line.left))


def _text(lang: str, told: Sequence[Read]) -> PictureText:
    words = [word for one in told for word in one.words]
    size = sum(len(word.text) for word in words)
    return PictureText(
        lang=lang,
        text="\n".join(" ".join(word.text for word in one.words) for one in told),
        confidence=sum(word.confidence * len(word.text) for word in words) / size,
    )
