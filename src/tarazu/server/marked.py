"""The words of a post cut into pieces: whom they name, what decided. Offsets are code points of the original."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from tarazu.report.markup import clean

LEAST = 0.005  # weight below which a word decided nothing that could be shown
SOME, STRONG = 0.15, 0.5  # from which it is marked more than faintly, or strongly


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text."""

    start: int
    end: int
    named: int = 0  # number of whom it names, from 1
    weight: float = 0.0  # of a word that decided

    def moved(self, by: int, size: int) -> Span:
        """The same in a text of `size` that begins `by` characters later; empty where it is not in it."""
        start, end = (min(max(at - by, 0), size) for at in (self.start, self.end))
        return Span(start, end, self.named, self.weight)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch that every mark covers whole or not at all."""

    text: str
    named: int = 0
    last: bool = False  # the end of a name: its number stands here
    level: int = 0  # 0 to 3: how much it decided


def pieces(text: str, spans: Iterable[Span]) -> list[Piece]:
    """A text as pieces; each cleaned only after the cutting, so that offsets stay true."""
    marks = [one for one in spans if 0 <= one.start < one.end <= len(text)]
    edges = sorted({0, len(text), *(one.start for one in marks), *(one.end for one in marks)})
    return [_piece(text, start, end, marks) for start, end in pairwise(edges)]


def _piece(text: str, start: int, end: int, marks: list[Span]) -> Piece:
    over = [one for one in marks if one.start <= start and end <= one.end]
    named = next((one for one in over if one.named), None)
    weight = max((one.weight for one in over), default=0.0)
    return Piece(
        text=clean(text[start:end]),
        named=named.named if named else 0,
        last=named is not None and end == named.end,
        level=0 if weight < LEAST else 1 if weight < SOME else 2 if weight < STRONG else 3,
    )


def of_words(body: Mapping[str, Any], numbers: Mapping[str, int], origin: str = "post") -> list[Span]:
    """The marks of a verdict: of what the author wrote, or (`picture`) of what was read in the pictures."""
    named = body.get("mentions" if origin == "post" else "drawn") or ()
    found = [Span(int(m["start"]), int(m["end"]), numbers.get(m["entity_id"], 0)) for m in named]
    decided = [one for one in body.get("words") or () if one.get("origin", "post") == origin]
    return found + [Span(int(w["start"]), int(w["end"]), 0, float(w["weight"])) for w in decided]
