"""Rules by pattern, for what lists and stance do not say: words that send a post to a person, or clear it.

Patterns are RE2: they run in time linear in the text, so none can hang the judge.
"""

from __future__ import annotations

from dataclasses import dataclass

from tarazu.safe.pattern import Pattern
from tarazu.verdicts import Outcome


@dataclass(frozen=True, kw_only=True)
class PatternRule:
    """A pattern and what follows when a post matches it."""

    id: str
    pattern: Pattern
    outcome: Outcome  # review: at least a person reads it; allowed: it stays up whatever the model says
    because: str  # one sentence for the reviewer

    def found(self, text: str) -> tuple[int, int] | None:
        """Return where the pattern first stands in the text, in code points, or None."""
        if not self.pattern.found(text):
            return None
        return next(iter(self.pattern.spans(text)), (0, 0))
