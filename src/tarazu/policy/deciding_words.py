"""Which words decided: leave words out, read again, see whether the forbidden stance goes with them.

What is highlighted is what the model itself hangs on, not what a list thinks is grave.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from tarazu.policy.passage import Passage, pointed
from tarazu.policy.stance.masking import masked
from tarazu.verdicts import Mention, Words

WORD = re.compile(r"[^\s#.,;:!?()\[\]{}\"«»“”‘’،؛؟…—–|]+")
MOST = 48  # words tried one by one; of a longer text, those nearest to the mention
MARKED = 8  # words at most
LEAST = 0.02  # share that has to go with a word for it to count

Span = tuple[int, int]
Spans = tuple[Span, ...]


@dataclass(frozen=True, kw_only=True)
class Question:
    """A post whose reading toward one entity is to be explained."""

    passage: Passage
    entity_id: str
    share: float  # of the forbidden stances, in the whole text
    below: float  # share under which the outcome would have been another

    @property
    def text(self) -> str:
        """The words in question."""
        return self.passage.text

    @property
    def mentions(self) -> tuple[Mention, ...]:
        """Where they name somebody."""
        return self.passage.mentions


def deciding_words(
    questions: Sequence[Question], forbidden: Callable[[Sequence[str]], list[float]]
) -> list[tuple[Words, ...]]:
    """Return the deciding words of every question, strongest first.

    `forbidden` reads masked texts and returns the share of the forbidden stances. Every word (all its occurrences) is
    left out by itself, and is also left alone with the name: a post that says the same thing twice hangs on neither
    word, but each speaks. Then the strongest are left out together, one more each time, until the outcome changes:
    that set is returned. When no set changes it, the words that weigh anything are.
    """
    words = [candidates(question) for question in questions]
    pairs = [(question, spans) for question, groups in zip(questions, words, strict=True) for spans in groups]
    texts = [without(question, spans) for question, spans in pairs]
    texts += [without(question, others(question, spans)) for question, spans in pairs]
    texts += [without(question, others(question, ())) for question in questions]
    shares = forbidden(texts)
    left_out, alone, bare = (
        shares[: len(pairs)],
        shares[len(pairs) : 2 * len(pairs)],
        shares[2 * len(pairs) :],
    )
    ranked: list[list[tuple[float, Spans]]] = []
    at = 0
    for question, groups, name in zip(questions, words, bare, strict=True):
        drops = []
        for n, spans in enumerate(groups, at):
            weight = max(question.share - left_out[n], (alone[n] - name) / 2, 0.0)
            drops.append((weight, spans))
        at += len(groups)
        ranked.append(sorted(drops, key=lambda drop: (-drop[0], drop[1])))
    growing = [[joined(drops[: n + 1]) for n in range(min(MARKED, len(drops)))] for drops in ranked]
    together = iter(
        forbidden([without(q, spans) for q, sets in zip(questions, growing, strict=True) for spans in sets])
    )
    answers = []
    for question, drops, sets in zip(questions, ranked, growing, strict=True):
        left = [next(together) for _ in sets]
        enough = next((n + 1 for n, share in enumerate(left) if share < question.below), None)
        chosen = drops[:enough] if enough else [drop for drop in drops[:MARKED] if drop[0] >= LEAST]
        answers.append(
            tuple(
                Words(
                    start=start,
                    end=end,
                    text=question.text[start:end],
                    weight=min(1.0, weight),
                    origin=str(question.passage.origin),
                )
                for weight, spans in chosen
                for start, end in spans
            )
        )
    return answers


def candidates(question: Question) -> list[Spans]:
    """Return the words that may have decided, each with all its occurrences: all but the names; a slogan may."""
    names = [(m.start, m.end) for m in question.mentions if not m.slogan]
    found = [
        match.span()
        for match in WORD.finditer(question.text)
        if not any(match.start() < end and match.end() > start for start, end in names)
    ]
    if len(found) > MOST:
        here = next((m.start for m in question.mentions if m.entity_id == question.entity_id), 0)
        found = sorted(sorted(found, key=lambda span: abs(span[0] - here))[:MOST])
    groups: dict[str, list[Span]] = {}
    for start, end in found:
        groups.setdefault(question.text[start:end].casefold(), []).append((start, end))
    return [tuple(spans) for spans in groups.values()]


def others(question: Question, spans: Spans) -> Spans:
    """Return every word but these."""
    return tuple(span for group in candidates(question) for span in group if span not in spans)


def joined(drops: Sequence[tuple[float, Spans]]) -> Spans:
    """Return all the spans of some words."""
    return tuple(span for _, spans in drops for span in spans)


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
    left = masked(text, mentions, question.entity_id)
    return left if question.passage.names(question.entity_id) else pointed(left)


def moved(mention: Mention, by: int) -> Mention:
    """Return the mention at its new place."""
    return replace(mention, start=mention.start + by, end=mention.end + by)
