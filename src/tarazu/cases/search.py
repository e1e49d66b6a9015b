"""Words that people search for -> conditions on the folded words of cases, and where a text says them."""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl
from sqlalchemy import ColumnElement, and_, func, or_

from tarazu.cases import clean
from tarazu.store.tables.cases import case_words

MOST = 8  # words of one search
_WORD = re.compile(r"[\w\u200c\u0640-]+")


def tokens(text: str) -> list[str]:
    """The words of a search as they are written, in small letters."""
    words = [word.strip("@#\"'") for word in clean.text(text).lower().split()[:MOST]]
    return [word for word in words if word]


def conditions(text: str, dialect: str) -> list[ColumnElement[bool]]:
    """One a word: it begins a word of the case as folded text, or as an id or name is written."""
    words = tokens(text)
    found = []
    for word, fold in zip(words, _folded(words), strict=True):
        ways = [_has(word, dialect)]
        if fold and fold != word:
            ways.append(and_(*(_has(part, dialect) for part in fold.split())))
        found.append(or_(*ways))
    return found


def places(texts: Sequence[str], search: str) -> list[list[tuple[int, int]]]:
    """Where each text has a word that begins as a word of the search does, folded or as written."""
    words = tokens(search)
    begins = {one for word in [*words, *_folded(words)] for one in word.split() if one}
    met = [[(one.start(), one.end()) for one in _WORD.finditer(text)] for text in texts]
    said = [text[start:end] for text, spans in zip(texts, met, strict=True) for start, end in spans]
    folds = iter(zip(said, _folded(said), strict=True))
    found = []
    for spans in met:
        here = []
        for span in spans:
            word, fold = next(folds)
            if any(word.lower().startswith(one) or fold.startswith(one) for one in begins):
                here.append(span)
        found.append(here)
    return found


def _folded(words: Sequence[str]) -> list[str]:
    from tarazu.text.normalise import folded

    return [one or "" for one in folded(pl.Series(list(words), dtype=pl.String)).to_list()]


def _has(word: str, dialect: str) -> ColumnElement[bool]:
    # A plain search for bytes; LIKE would fold the case of every letter again, at several times the cost.
    place = func.instr if dialect == "sqlite" else func.strpos
    return place(case_words.c.words, f" {word}") > 0
