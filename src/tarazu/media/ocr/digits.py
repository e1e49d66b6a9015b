"""Numbers in Arabic lines: the Arabic model hardly knows their digits, the Persian one does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tarazu.media.ocr.words import Word

_ARABIC = {ord(persian): chr(0x660 + at) for at, persian in enumerate("۰۱۲۳۴۵۶۷۸۹")}
_SIGNS = frozenset(":/.,-٪%")


def with_digits(arabic: Sequence[Word], persian: Sequence[Word]) -> list[Word]:
    """Return an Arabic reading of a strip with the numbers of its Persian reading in the places of its own."""
    numbers = [word for word in persian if _number(word.text)]
    out = []
    for word in arabic:
        for number in numbers:
            both = min(word.right, number.right) - max(word.left, number.left)
            if word.arabic < 2 and both > 0.6 * max(word.right - word.left, number.right - number.left):
                word = replace(
                    word,
                    text=number.text.translate(_ARABIC),
                    confidence=max(word.confidence, number.confidence),
                )
                break
        out.append(word)
    return out


def _number(text: str) -> bool:
    digits = sum(letter.isdigit() for letter in text)
    return digits > 0 and all(letter.isdigit() or letter in _SIGNS for letter in text)
