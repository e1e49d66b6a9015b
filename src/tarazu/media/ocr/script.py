"""Persian or Arabic? Told from words that the Persian model read: it writes the letters of both."""

from __future__ import annotations

from collections.abc import Sequence

from tarazu.media.ocr.words import Word

# Letters, endings and small words that only one of the two writes.
PERSIAN_LETTERS, ARABIC_LETTERS = frozenset("پچژگ\u200c"), frozenset("ةىكيأإؤ")
PERSIAN_WORDS = frozenset(
    {"را", "از", "به", "در", "که", "است", "برای", "این", "آن", "با", "هر", "شد", "یا", "بر", "تا"}
)
ARABIC_WORDS = frozenset(
    {"في", "فی", "من", "على", "علی", "إلى", "الى", "الی", "عن", "هذا", "هذه", "كل", "التي", "مع"}
)
ARTICLE = "ال"


def leaning(words: Sequence[Word]) -> float:
    """Return how many signs speak for Persian (above 0) or for Arabic (below), each as sure as its word."""
    score = 0.0
    for word in words:
        own = sum(letter in PERSIAN_LETTERS for letter in word.text) + (word.text in PERSIAN_WORDS)
        other = sum(letter in ARABIC_LETTERS for letter in word.text) + (word.text in ARABIC_WORDS)
        other += word.text.startswith(ARTICLE) and len(word.text) > 4
        score += word.confidence * (own - other)
    return score
