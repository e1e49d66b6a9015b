"""From a picture's pixels to the words in it: find lines, read each in every language, keep the likeliest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from tarazu.media.ocr import engine
from tarazu.media.ocr.lines import ink, lines
from tarazu.media.ocr.strips import strip
from tarazu.media.ocr.words import Word
from tarazu.sightings import PictureText

LEAST_WORD, LEAST_LINE = 0.3, 0.5  # confidences below which a word, a line is noise


def read(rgb: NDArray[np.uint8]) -> tuple[PictureText, ...]:
    """Return the words in a picture (h, w, 3), one text a language, lines from top to bottom.

    Empty where nothing is written, where tesseract is not installed (ask `missing` first) and where it fails.
    """
    languages = engine.installed().languages
    drawn = ink(rgb)
    found = lines(drawn) if languages else []
    if not found:
        return ()
    strips = [strip(drawn, line) for line in found]
    told = {lang: engine.words(strips, lang) for lang in languages if lang != "ar"}
    return chosen(told, strips, languages)


def chosen(
    told: Mapping[str, Sequence[Sequence[Word]]],
    strips: Sequence[NDArray[np.uint8]],
    languages: Sequence[str],
) -> tuple[PictureText, ...]:
    """Give each line its language."""
    from tarazu.media.ocr.script import leaning

    readings: dict[str, list[list[Word]]] = {lang: [list(x) for x in lines_] for lang, lines_ in told.items()}
    owner = []
    for at in range(len(strips)):
        surest = {lang: sure(readings[lang][at], lang) for lang in readings}
        owner.append(max(surest, key=lambda lang: surest[lang]))
    if "ar" in languages and "fa" in languages:
        lean = [leaning(readings["fa"][at]) if owner[at] == "fa" else 0.0 for at in range(len(strips))]
        whole = sum(lean)
        arabic = [
            at
            for at in range(len(strips))
            if owner[at] == "fa" and (lean[at] if abs(lean[at]) >= 2 else whole) < 0
        ]
        again = engine.words([strips[at] for at in arabic], "ar")
        readings["ar"] = [[] for _ in strips]
        for at, words in zip(arabic, again, strict=True):
            readings["ar"][at] = words
            owner[at] = "ar"
    kept: dict[str, list[list[Word]]] = {}
    for at, best in enumerate(owner):
        if sure(readings[best][at], best) < LEAST_LINE:
            continue
        words = [word for word in readings[best][at] if word.confidence >= LEAST_WORD]
        if sum(word.arabic + word.latin for word in words) >= 2:
            kept.setdefault(best, []).append(words)
    return tuple(text_of(lang, kept[lang]) for lang in kept)


def sure(words: Sequence[Word], lang: str) -> float:
    """Return how likely words are words of a language, 0 to 1."""
    size = sum(len(word.text) for word in words)
    if not size:
        return 0.0
    own = sum((word.latin if lang == "en" else word.arabic) for word in words)
    other = sum((word.arabic if lang == "en" else word.latin) for word in words)
    if not own:
        return 0.0
    return sum(word.confidence * len(word.text) for word in words) / size * own / (own + other)


def text_of(lang: str, read_lines: Sequence[Sequence[Word]]) -> PictureText:
    """Return lines of one language as one text."""
    words = [word for line in read_lines for word in line]
    size = sum(len(word.text) for word in words)
    return PictureText(
        lang=lang,
        text="\n".join(" ".join(word.text for word in line) for line in read_lines),
        confidence=sum(word.confidence * len(word.text) for word in words) / size,
    )
