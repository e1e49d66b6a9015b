"""Which words decided: leave words out, read again, see whether the forbidden stance goes with them.

What is highlighted is what the model itself hangs on, not what a list thinks is grave.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tarazu.policy.stance.masking import masked
from tarazu.verdicts import Mention, Words

WORD = re.compile(r"[^\s#.,;:!?()\[\]{}\"«»“”‘’،؛؟…—–|]+")
MOST = 48  # words tried one by one; of a longer text, those nearest to the mention
MARKED = 8  # words at most
LEAST = 0.02  # share that has to go with a word for it to count

Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True, kw_only=True)
class Question:
    """A post whose reading toward one entity is to be explained."""

    text: str
    mentions: tuple[Mention, ...]
    entity_id: str
    share: float  # of the forbidden stances, in the whole text
    below: float  # share under which the outcome would have been another


def deciding_words(
    questions: Sequence[Question], forbidden: Callable[[Sequence[str]], list[float]]
) -> list[tuple[Words, ...]]:
    """Return the deciding words of every question, strongest first.

    `forbidden` reads masked texts and returns the share of the forbidden stances. Every word is left out by itself;
    then the strongest are left out together, one more each time, until the outcome changes: that set is returned.
    When no set changes it, the strongest words are.
    """
    spans = [candidates(question) for question in questions]
    texts = [without(q, (span,)) for q, found in zip(questions, spans, strict=True) for span in found]
    shares = iter(forbidden(texts))
    ranked: list[list[tuple[float, tuple[int, int]]]] = []
    for question, found in zip(questions, spans, strict=True):
        drops = [(question.share - next(shares), span) for span in found]
        ranked.append(sorted(drops, key=lambda drop: (-drop[0], drop[1])))
    growing = [[tuple(span for _, span in drops[: n + 1]) for n in range(min(MARKED, len(drops)))] for drops in ranked]
    texts = [without(q, chosen) for q, sets in zip(questions, growing, strict=True) for chosen in sets]
    shares = iter(forbidden(texts))
    answers = []
    for question, drops, sets in zip(questions, ranked, growing, strict=True):
        together = [next(shares) for _ in sets]
        enough = next((n + 1 for n, share in enumerate(together) if share < question.below), None)
        chosen = drops[:enough] if enough else [drop for drop in drops[:MARKED] if drop[0] >= LEAST] or drops[:3]
        answers.append(
            tuple(
                Words(start=start, end=end, text=question.text[start:end], weight=max(0.0, min(1.0, drop)))
                for drop, (start, end) in chosen
            )
        )
    return answers


def candidates(question: Question) -> list[tuple[int, int]]:
    """Return the words that may have decided: all but the names themselves; a slogan may."""
    names = [(m.start, m.end) for m in question.mentions if not m.slogan]
    found = [
        match.span()
        for match in WORD.finditer(question.text)
        if not any(match.start() < end and match.end() > start for start, end in names)
    ]
    if len(found) > MOST:
        here = next((m.start for m in question.mentions if m.entity_id == question.entity_id), 0)
        found = sorted(sorted(found, key=lambda span: abs(span[0] - here))[:MOST])
    return found


def without(question: Question, spans: Spans) -> str:
    """Return the text as the model reads it, some words left out."""
    text = question.text
    mentions = list(question.mentions)
    for start, end in sorted(spans, reverse=True):
        text = text[:start] + text[end:]
        kept = []
        for mention in mentions:
            if mention.start >= end:
                mention = moved(mention, start - end)
            elif mention.end > start:
                continue  # part of a slogan was left out: it is not said any more
            kept.append(mention)
        mentions = kept
    return masked(text, mentions, question.entity_id)


def moved(mention: Mention, by: int) -> Mention:
    """Return the mention at its new place."""
    from dataclasses import replace

    return replace(mention, start=mention.start + by, end=mention.end + by)
