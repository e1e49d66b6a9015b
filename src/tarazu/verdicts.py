"""What is found about one post under a written policy: who is named, how the author stands, what follows.

A verdict is an opinion with reasons; it never acts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from tarazu.sightings import Sighting


class Stance(StrEnum):
    """How the author of a post stands toward one entity."""

    PRAISE = "praise"  # admires, honours, glorifies, thanks, defends its name
    SUPPORT = "support"  # takes its side in action: joins, recruits, gives, spreads, wishes it victory
    CONDEMN = "condemn"  # blames, rejects, mocks, or thanks its opponents
    NEUTRAL = "neutral"  # reports, asks, mentions, quotes, or takes no side


class Purpose(StrEnum):
    """What a post is for, whatever its stance."""

    EXPRESSION = "expression"
    NEWS = "news"
    EDUCATION = "education"
    COUNTER_SPEECH = "counter_speech"
    CONDOLENCE = "condolence"
    SATIRE = "satire"


class Outcome(StrEnum):
    """What follows from the policy for a post."""

    VIOLATES = "violates"
    ALLOWED = "allowed"
    REVIEW = "review"  # a person has to read it

    @staticmethod
    def gravest(outcomes: Iterable[Outcome]) -> Outcome:
        """How outcomes combine: one violation decides, then one doubt; a post without either stays up."""
        found = set(outcomes)
        for outcome in (Outcome.VIOLATES, Outcome.REVIEW):
            if outcome in found:
                return outcome
        return Outcome.ALLOWED


class Severity(StrEnum):
    """How grave a clause is, for the order in which people look."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


@dataclass(frozen=True, kw_only=True)
class Mention:
    """Where a post names an entity. Offsets are code points of the original text, end excluded."""

    entity_id: str
    start: int
    end: int
    text: str  # original[start:end]
    alias: str  # as the list writes it
    slogan: bool = False
    written: str = "plain"  # plain | hashtag | romanised | disguised (spaced, leet, look-alike, ...)


@dataclass(frozen=True, kw_only=True)
class StanceReading:
    """The model's reading of one post toward one entity."""

    entity_id: str
    stance: Stance
    confidence: float  # calibrated probability of `stance`, 0 to 1
    shares: dict[Stance, float] = field(default_factory=dict)  # calibrated probability of every stance
    sure: bool = True  # False: the model abstains


@dataclass(frozen=True, kw_only=True)
class Ground:
    """One clause that a post falls under, through one entity."""

    clause_id: str
    entity_id: str
    outcome: Outcome
    listed_by: tuple[str, ...]  # authorities whose listing counted
    jurisdictions: tuple[str, ...]  # where this outcome holds; ("*",) for anywhere
    severity: Severity
    dsa_category: str | None = None
    dsa_keyword: str | None = None
    basis: str = (
        "post"  # post: the author's words | picture: the words in the picture | shown: the picture alone
    )


@dataclass(frozen=True, kw_only=True)
class Words:
    """A stretch of the post that decided, and how much of the forbidden share went with it when it was left out."""

    start: int
    end: int
    text: str
    weight: float
    origin: str = "post"  # picture: offsets are those of the words read in its pictures


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What the policy says of one post, and why."""

    post_id: str
    outcome: Outcome
    grounds: tuple[Ground, ...]  # empty when nothing of the post falls under a clause
    mentions: tuple[Mention, ...]
    stances: tuple[StanceReading, ...]  # one an entity that a clause covers, in order of appearance
    purpose: Purpose | None  # None: nobody was named, so nothing was read
    words: tuple[Words, ...]  # what decided, strongest first
    where: dict[str, Outcome]  # outcome a jurisdiction
    reason: str  # one sentence that a reviewer can read aloud
    versions: dict[str, str]
    rule: str | None = (
        None  # the deciding clause as people are shown it, in the post's language if it has that
    )
    media: tuple[Sighting, ...] = ()  # what was seen in its pictures
    drawn: tuple[Mention, ...] = ()  # where words in its pictures name an entity; offsets in `drawn_text`
    drawn_text: str = ""  # the words read in its pictures
    lang: str | None = None

    @property
    def clauses(self) -> tuple[str, ...]:
        """Ids of the clauses that the outcome rests on."""
        return tuple(dict.fromkeys(g.clause_id for g in self.grounds if g.outcome == self.outcome))

    def line(self) -> dict[str, object]:
        """Return the verdict as a line of `verdicts.jsonl`."""
        return {
            "post_id": self.post_id,
            "verdict": str(self.outcome),
            "clauses": list(self.clauses),
            "mentions": [
                {"entity_id": m.entity_id, "start": m.start, "end": m.end, "text": m.text}
                for m in self.mentions
            ],
            "stances": [
                {"entity_id": s.entity_id, "stance": str(s.stance), "confidence": round(s.confidence, 4)}
                for s in self.stances
            ],
            "purpose": str(self.purpose) if self.purpose else None,
            "words": [
                {
                    "start": w.start,
                    "end": w.end,
                    "text": w.text,
                    "weight": round(w.weight, 3),
                    "origin": w.origin,
                }
                for w in self.words
            ],
            "where": {place: str(outcome) for place, outcome in self.where.items()},
            "rule": self.rule,
            "media": [sighting.line() for sighting in self.media],
            "drawn": [
                {"entity_id": m.entity_id, "start": m.start, "end": m.end, "text": m.text} for m in self.drawn
            ],
            "reason": self.reason,
            "versions": self.versions,
        }
