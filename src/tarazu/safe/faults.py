"""What is wrong in files that people write: gathered with file, line and column, shown all at once."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from tarazu.errors import NotValid

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

SHOWN = 20  # faults in one message; who has more has one cause for many


@dataclass(frozen=True, order=True)
class Place:
    """Where in a file: line and column start at 1 and count characters (code points)."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class Faults:
    """Collects faults over one or several files; `stop` raises them together."""

    def __init__(self) -> None:
        self._found: dict[tuple[Place, str], None] = {}

    def add(self, place: Place, wrong: str, advice: str) -> None:
        """Note what is wrong at a place, and what to do about it."""
        self._found.setdefault((place, f"{wrong}; {advice}"))

    def __len__(self) -> int:
        return len(self._found)

    def __iter__(self) -> Iterator[str]:
        """Lines `FILE:line:column: what is wrong; what to do`, in the order of the files."""
        # Stable: files keep the order in which they were read, faults of one file the order of its lines.
        files = {place.file: order for order, (place, _) in reversed(list(enumerate(self._found)))}
        ordered = sorted(self._found, key=lambda one: (files[one[0].file], one[0]))
        return (f"{place}: {words}" for place, words in ordered)

    def stop(self) -> None:
        """Raise NotValid with the first faults if there are any."""
        if not self._found:
            return
        lines = list(self)
        more = [f"... and {len(lines) - SHOWN} more"] if len(lines) > SHOWN else []
        raise NotValid("\n".join([*lines[:SHOWN], *more]))


def did_you_mean(word: str, known: Collection[str]) -> str:
    """Advice for a word that is not among the known ones: the nearest, or all of them."""
    near = get_close_matches(word, sorted(known), n=1, cutoff=0.7)
    if near:
        return f"did you mean {near[0]!r}?"
    return f"use one of: {', '.join(sorted(known))}"
