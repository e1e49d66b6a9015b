"""Which of the possible mentions of a text stand: context for ambiguous names, then the longest wins."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tarazu.policy.mentions.entries import Entry
from tarazu.policy.mentions.plausible import AMBIGUOUS, CONTEXT, DISGUISED, HASHTAG, PLAIN, ROMANISED

WRITTEN = {PLAIN: "plain", HASHTAG: "hashtag", DISGUISED: "disguised", ROMANISED: "romanised"}


@dataclass(frozen=True, slots=True)
class Possible:
    """An entry found at code points start to end of a text."""

    start: int
    end: int
    entry: Entry
    written: int


def chosen(
    found: Iterable[Possible], decided_by: dict[tuple[int, int], frozenset[int]], length: int
) -> list[Possible]:
    """Return what stands, in the order of the text. `decided_by` has the context words of ambiguous aliases.

    An ambiguous alias stands if one of its context words occurs in the text outside of it, or if an unambiguous
    mention of the same entity stands.
    """
    sure = [one for one in found if not one.entry.kind & (AMBIGUOUS | CONTEXT)]
    doubtful = [one for one in found if one.entry.kind & AMBIGUOUS]
    context: dict[int, list[tuple[int, int]]] = {}
    for one in found:
        if one.entry.kind & CONTEXT:
            context.setdefault(one.entry.alias, []).append((one.start, one.end))
    if not doubtful:
        return _longest(sure, length)
    standing = {one.entry.entity for one in _longest(sure, length)}
    for one in doubtful:
        words = decided_by.get((one.entry.entity, one.entry.alias), frozenset())
        if one.entry.entity in standing or any(
            end <= one.start or start >= one.end for word in words for start, end in context.get(word, ())
        ):
            sure.append(one)
    return _longest(sure, length)


def _longest(found: list[Possible], length: int) -> list[Possible]:
    """Drop what overlaps something longer (or as long and earlier); one span may name several entities."""
    taken = bytearray(length)
    spans: dict[tuple[int, int], dict[int, Possible]] = {}
    for one in sorted(found, key=lambda one: (one.start - one.end, one.start, one.written, one.entry.alias)):
        span = (one.start, one.end)
        if span in spans:
            spans[span].setdefault(one.entry.entity, one)
        elif not any(taken[one.start : one.end]):
            taken[one.start : one.end] = b"\x01" * (one.end - one.start)
            spans[span] = {one.entry.entity: one}
    return [one for span in sorted(spans) for one in spans[span].values()]
