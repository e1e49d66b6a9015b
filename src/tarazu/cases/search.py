"""Words that people search for -> conditions on the folded words of cases."""

from __future__ import annotations

import polars as pl
from sqlalchemy import ColumnElement, and_, func, or_

from tarazu.cases import clean
from tarazu.store.tables.cases import case_words

MOST = 8  # words of one search


def conditions(text: str, dialect: str) -> list[ColumnElement[bool]]:
    """One a word: it begins a word of the case as folded text, or as an id or name is written."""
    from tarazu.text.normalise import folded

    words = [word.strip("@#\"'") for word in clean.text(text).lower().split()[:MOST]]
    words = [word for word in words if word]
    plain = folded(pl.Series(words, dtype=pl.String)).to_list()
    found = []
    for word, fold in zip(words, plain, strict=True):
        ways = [_has(word, dialect)]
        if fold and fold != word:
            ways.append(and_(*(_has(part, dialect) for part in fold.split())))
        found.append(or_(*ways))
    return found


def _has(word: str, dialect: str) -> ColumnElement[bool]:
    # A plain search for bytes; LIKE would fold the case of every letter again, at several times the cost.
    place = func.instr if dialect == "sqlite" else func.strpos
    return place(case_words.c.words, f" {word}") > 0
