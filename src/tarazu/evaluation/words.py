"""Invented texts in English, Persian and Arabic, invented handles and picture hashes for synthetic worlds.

Organic posts are strings of frequent words: no two are near duplicates by chance, except stock phrases ("good
morning"), which people really repeat. Campaign messages are sentences; `reworded` varies them as a paid crew
does.
"""

from __future__ import annotations

import json
from importlib import resources

import numpy as np
import polars as pl
from numpy.typing import NDArray

_WORDS = json.loads(
    resources.files("tarazu.evaluation").joinpath("data/words.json").read_text(encoding="utf-8")
)
LEXICON: dict[str, str] = {code: " ".join(lines) for code, lines in _WORDS["lexicon"].items()}
STOCK: dict[str, list[str]] = _WORDS["stock"]
SENTENCES: dict[str, list[str]] = _WORDS["sentences"]  # of invented campaigns; a message is two of them
TAILS: dict[str, list[str]] = _WORDS["tails"]  # endings that members add
FIRST: list[str] = " ".join(_WORDS["first"]).split()
LAST: list[str] = " ".join(_WORDS["last"]).split()


class Writer:
    """Writes posts with the Generator it is given."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng

    def posts(self, languages: NDArray[np.str_]) -> pl.Series:
        """One organic post for each language code.

        7 to 16 words of Zipf-like frequency, 3 % stock phrases.
        """
        parts: list[pl.DataFrame] = []
        for code, lexicon in LEXICON.items():
            rows = np.flatnonzero(languages == code)
            if not rows.size:
                continue
            words = pl.Series(lexicon.split())
            length = self.rng.integers(7, 17, rows.size)
            columns = []
            for place in range(16):
                pick = (self.rng.random(rows.size) ** 1.6 * len(words)).astype(np.uint32)
                chosen = pl.Series(pick, dtype=pl.UInt32)
                columns.append(
                    pl.select(pl.when(pl.Series(length > place)).then(words.gather(chosen)))
                    .to_series()
                    .alias(f"w{place}")
                )
            text = (
                pl.DataFrame(columns)
                .select(pl.concat_str(pl.all(), separator=" ", ignore_nulls=True))
                .to_series()
            )
            stock = pl.Series(STOCK[code]).gather(
                pl.Series(self.rng.integers(0, len(STOCK[code]), rows.size), dtype=pl.UInt32)
            )
            text = pl.select(
                pl.when(pl.Series(self.rng.random(rows.size) < 0.03)).then(stock).otherwise(text)
            ).to_series()
            parts.append(pl.DataFrame({"row": rows, "text": text}))
        if not parts:
            return pl.Series("text", [], dtype=pl.String)
        return pl.concat(parts).sort("row")["text"]

    def message(self, language: str, index: int) -> str:
        """The `index`-th message of a campaign as its author wrote it (180 to 230 characters).

        66 messages a language, pairs of sentences in the order of a round-robin: two messages share one
        sentence at most, so none is a near duplicate of another.
        """
        sentences = SENTENCES[language]
        last = len(sentences) - 1
        turn, seat = divmod(index % (last * (last + 1) // 2), (last + 1) // 2)
        pair = (last, turn) if seat == 0 else ((turn + seat) % last, (turn - seat) % last)
        return sentences[pair[0]] + ". " + sentences[pair[1]]

    def reworded(self, language: str, index: int, changes: int = 0) -> str:
        """The message in one member's words: `changes` words replaced (0: one or two), another ending.

        Two versions have a Jaccard similarity of about 0.73 on folded 5-grams. Persian and Arabic also vary
        kaf and yeh, kashida and the zero-width non-joiner, as real crews do.
        """
        words = self.message(language, index).split(" ")
        lexicon = LEXICON[language].split()
        for place in self.rng.choice(len(words), changes or int(self.rng.integers(1, 3)), replace=False):
            words[place] = lexicon[int(self.rng.integers(len(lexicon)))]
        text = " ".join(words) + str(self.rng.choice(TAILS[language]))
        if language == "en":
            return text.upper() if self.rng.random() < 0.1 else text
        if self.rng.random() < 0.3:
            text = (
                text.replace("ی", "ي").replace("ک", "ك") if language == "fa" else text.replace("ا", "اـ", 1)
            )
        if self.rng.random() < 0.3:
            text = text.replace("\u200c", " " if self.rng.random() < 0.5 else "")
        return text


def pdq(count: int, rng: np.random.Generator) -> list[str]:
    """`count` random picture hashes (256 bits as 64 hex digits); random ones lie about 128 bits apart."""
    return [row.tobytes().hex() for row in rng.integers(0, 256, (count, 32), dtype=np.uint8)]


def flipped(hex_hash: str, bits: int, rng: np.random.Generator) -> str:
    """The hash of a slightly changed picture: `bits` random bits turned."""
    value = np.frombuffer(bytes.fromhex(hex_hash), np.uint8).copy()
    for bit in rng.choice(256, bits, replace=False):
        value[bit // 8] ^= np.uint8(1 << (bit % 8))
    return value.tobytes().hex()


def handles(count: int, rng: np.random.Generator) -> list[str]:
    """Organic handles: names, names with a word, names with a year or with the digits a platform proposes."""
    first = rng.choice(FIRST, count)
    last = rng.choice(LAST, count)
    form = rng.integers(0, 5, count)
    digits = rng.integers(10000, 100000000, count)
    year = rng.integers(60, 107, count) % 100
    out = []
    for f, w, k, d, y in zip(first, last, form, digits, year, strict=True):
        out.append((f"{f}{w}", f"{f}_{w}", f"{f}{y:02d}", f"{f}{d}", f"{w}{f}{y:02d}")[k])
    return out
