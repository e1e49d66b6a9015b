"""What is found about one post under a written policy: who is named, how the author stands, what follows.

A verdict is an opinion with reasons; it never acts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


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


@dataclass(frozen=True, kw_only=True)
class Mention:
    """Where a post names an entity. Offsets are code points of the original text, end excluded."""

    entity_id: str
    start: int
    end: int
    text: str  # original[start:end]
    alias: str  # as the list writes it
    slogan: bool = False
    written: str = "plain"  # plain | hashtag | disguised (spaced, leet, look-alike, invisible characters)


@dataclass(frozen=True, kw_only=True)
class StanceReading:
    """The model's reading of one post toward one entity."""

    entity_id: str
    stance: Stance
    confidence: float  # calibrated probability of `stance`, 0 to 1
    shares: dict[Stance, float] = field(default_factory=dict)  # calibrated probability of every stance
    sure: bool = True  # False: the model abstains
