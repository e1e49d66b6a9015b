"""Words as tesseract tells them, a line of tab-separated values each."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

# Direction marks that tesseract writes around numbers in a right-to-left line: they are no part of the text.
_MARKS = dict.fromkeys([0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF])
_COLUMNS = 12  # level page block paragraph line word left top width height confidence text
_WORD = "5"  # level of a word


@dataclass(frozen=True, kw_only=True)
class Word:
    """One word of a strip."""

    text: str  # NFC
    confidence: float  # 0 to 1
    left: int  # pixels of the strip
    right: int

    @property
    def arabic(self) -> int:
        """Letters of the Arabic script in it."""
        return sum(0x620 <= ord(c) <= 0x6D3 and c.isalpha() for c in self.text)

    @property
    def latin(self) -> int:
        """Letters of the Latin script in it."""
        return sum(ord(c) < 0x250 and c.isalpha() for c in self.text)


def by_page(told: str, pages: int) -> list[list[Word]]:
    """Return the words of each page of a table; what does not parse is left out."""
    out: list[list[Word]] = [[] for _ in range(pages)]
    for row in told.splitlines():
        cells = row.split("\t")
        if len(cells) != _COLUMNS or cells[0] != _WORD:
            continue
        try:
            page, left, width, confidence = int(cells[1]), int(cells[6]), int(cells[8]), float(cells[10])
        except ValueError:
            continue
        text = unicodedata.normalize("NFC", cells[11].translate(_MARKS)).strip()
        if text and 1 <= page <= pages:
            out[page - 1].append(
                Word(
                    text=text, confidence=min(max(confidence / 100, 0.0), 1.0), left=left, right=left + width
                )
            )
    return out
