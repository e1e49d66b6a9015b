"""The words of a post as HTML: whom they name is underlined, what decided is marked, nothing else is touched."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tarazu.report import markup
from tarazu.report.verdict_view import Line

LONGEST = 2_000  # code points of a post that the page shows
_LEAD = 300  # of them before the first mention, where a long post is cut at both ends
LEAST = 0.005  # weight below which a word decided nothing that could be shown
STRONG, SOME = 0.5, 0.15  # weight from which a deciding word is marked strongly, or more than faintly
_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True, kw_only=True)
class Span:
    """A stretch of the text, in code points."""

    start: int
    end: int
    mention: int = 0  # number of the entity on the card, from 1
    weight: float | None = None  # of a deciding word
    title: str = ""


def spans(line: Line, numbers: dict[str, int], title: Callable[[str], str]) -> list[Span]:
    """The mentions and the deciding words of what the author wrote; `numbers` are those of the entities on the card."""
    found = [
        Span(
            start=m["start"],
            end=m["end"],
            mention=numbers[m["entity_id"]],
            title=title(m["entity_id"]),
        )
        for m in line["mentions"]
    ]
    return found + [
        Span(start=w["start"], end=w["end"], weight=float(w["weight"]))
        for w in line.get("words", ())
        if w["weight"] >= LEAST and w.get("origin", "post") == "post"
    ]


def quoted(text: str, lang: str | None, marks: Sequence[Span]) -> str:
    """A post as a block of its own direction; offsets stay those of the original until each piece is escaped."""
    low, high = _window(text, marks)
    cuts = {low, high}
    for mark in marks:
        cuts |= {min(max(mark.start, low), high), min(max(mark.end, low), high)}
    edges = sorted(cuts)
    pieces = [_piece(text[a:b], a, b, marks) for a, b in pairwise(edges)]
    before = "… " if low else ""
    after = f" … ({len(text):,} characters in all)" if high < len(text) else ""
    tag = f' lang="{lang}"' if lang and _TAG.fullmatch(lang) else ""
    return f'<blockquote class="said" dir="auto"{tag}>{before}{"".join(pieces)}{after}</blockquote>'


def _window(text: str, marks: Sequence[Span]) -> tuple[int, int]:
    if len(text) <= LONGEST:
        return 0, len(text)
    first = min((mark.start for mark in marks), default=0)
    low = max(0, min(first - _LEAD, len(text) - LONGEST))
    return low, low + LONGEST


def _piece(text: str, start: int, end: int, marks: Sequence[Span]) -> str:
    """One piece between two cuts: every mark covers it whole or not at all.

    Nothing here has a width or another face: inside a word of Arabic letters either would break the joining.
    """
    over = [mark for mark in marks if mark.start <= start and end <= mark.end]
    html = markup.escape(text)
    named = next((mark for mark in over if mark.mention), None)
    if named is not None:
        last = f' data-n="{named.mention}"' if end == named.end else ""
        html = f'<span class="named" title="{markup.escape(named.title)}"{last}>{html}</span>'
    weights = [mark.weight for mark in over if mark.weight is not None]
    if weights:
        weight = max(weights)
        level, word = (
            (3, "strongly") if weight >= STRONG else (2, "clearly") if weight >= SOME else (1, "a little")
        )
        html = f'<mark class="w{level}" title="decided {word}, {weight:.2f}">{html}</mark>'
    return html
