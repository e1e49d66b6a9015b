"""How a post reads toward one entity: its own words, the words in its pictures, and what the pictures show.

The order of precedence is the order in which a person looks: the author's words decide; where they say nothing about
whom the picture shows, the words in the picture do; where there are none either, the policy says what a known picture
without words means (a person looks, unless a clause says otherwise).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tarazu.policy.clause import Certainty, Clause
from tarazu.policy.stance.model import Opinion
from tarazu.verdicts import Outcome, Purpose, Stance

CLEAR = 0.8  # share of the opposite stance from which words that name nobody speak for the author


class Basis(StrEnum):
    """What an outcome rests on."""

    POST = "post"  # the author's words
    PICTURE = "picture"  # the words in the picture
    SHOWN = "shown"  # the picture alone


@dataclass(frozen=True, kw_only=True)
class Ruling:
    """An outcome and what it rests on."""

    outcome: Outcome
    basis: Basis = Basis.POST


@dataclass(frozen=True, kw_only=True)
class Reading:
    """Everything that was read toward one entity. At least one of the two opinions is there, or the entity is shown."""

    post: Opinion | None = None  # of the author's words
    picture: Opinion | None = None  # of the words in the pictures
    named: bool = True  # the author's words name the entity
    written: bool = False  # the words in the pictures name it
    shown: bool = False  # a known picture of it that decides
    informed: bool = False  # a known picture of it that only informs: new in its bank, or held
    short: bool = False  # the author's words are fewer than a sentence needs
    legible: bool = True  # the words in the pictures were read surely

    @property
    def seen(self) -> bool:
        """Whether a picture shows it, surely or not."""
        return self.shown or self.informed

    def ruling(self, clause: Clause, certainty: Certainty) -> Ruling:
        """Return what the clause says."""
        found = self.by_words(clause, certainty)
        if found.outcome == Outcome.VIOLATES and not self.grounded(found.basis):
            return Ruling(
                outcome=Outcome.REVIEW, basis=found.basis
            )  # such an entry informs, it does not decide
        return found

    def grounded(self, basis: Basis) -> bool:
        """Whether the entity is there by more than an entry that only informs."""
        if self.shown:
            return True
        return self.named if basis == Basis.POST else self.written

    def by_words(self, clause: Clause, certainty: Certainty) -> Ruling:
        """Return the outcome by whoever says something first."""
        if self.post is None:
            return self.by_picture(clause, certainty)
        if self.named:
            said = outcome_of(clause, self.post, certainty)
            if said != Outcome.ALLOWED or not silent(self.post) or self.picture is None:
                return Ruling(outcome=said)
            return self.quoting(clause, certainty)
        heard = outcome_beside(clause, self.post, certainty)
        if heard is not None:
            return Ruling(outcome=heard)
        if self.picture is None or self.short:
            return self.by_picture(clause, certainty)
        return self.quoting(clause, certainty)

    def quoting(self, clause: Clause, certainty: Certainty) -> Ruling:
        """Return the outcome when the author says something else beside a picture with words: whose words are they?"""
        found = self.by_picture(clause, certainty)
        if found.outcome == Outcome.VIOLATES:
            return Ruling(outcome=Outcome.REVIEW, basis=found.basis)
        return found if self.seen or found.outcome != Outcome.ALLOWED else Ruling(outcome=Outcome.ALLOWED)

    def by_picture(self, clause: Clause, certainty: Certainty) -> Ruling:
        """Return the outcome of the words in the picture, or of the picture alone."""
        if self.picture is None:
            return self.alone(clause)
        said: Outcome | None
        if self.written:
            said = outcome_of(clause, self.picture, certainty)
            if said == Outcome.ALLOWED and self.seen and silent(self.picture):
                said = None  # a name under a portrait says no more than the portrait
        else:
            # Words that name nobody and are not surely read may not be words at all: shapes are read as letters.
            said = outcome_beside(clause, self.picture, certainty) if self.legible else None
        if said is None:
            return self.alone(clause)
        if said == Outcome.VIOLATES and not self.legible:
            said = Outcome.REVIEW
        return Ruling(outcome=said, basis=Basis.PICTURE)

    def alone(self, clause: Clause) -> Ruling:
        """Return what a known picture without words means."""
        if not self.shown or clause.pictures is None:
            return Ruling(outcome=Outcome.ALLOWED, basis=Basis.SHOWN)
        return Ruling(outcome=clause.pictures, basis=Basis.SHOWN)


def silent(opinion: Opinion) -> bool:
    """Whether words take no side and report nothing: small talk, a greeting, a name."""
    return (
        opinion.answered
        and opinion.likeliest == Stance.NEUTRAL
        and opinion.likeliest_purpose == Purpose.EXPRESSION
    )


def outcome_beside(clause: Clause, opinion: Opinion, certainty: Certainty) -> Outcome | None:
    """Return what a clause says of words that stand beside somebody's picture and name nobody; None: they say nothing.

    Such words may be about something else altogether, so each side needs a clearer case: the forbidden one `unnamed`,
    the opposite one `CLEAR`, or else a purpose that stays up.
    """
    surer = Certainty(violates=certainty.unnamed, allowed=certainty.allowed, unnamed=certainty.unnamed)
    said = outcome_of(clause, opinion, surer)
    if said != Outcome.ALLOWED:
        return said
    against = sum(opinion.stance[s] for s in Stance if s not in clause.stances and s != Stance.NEUTRAL)
    purpose = opinion.likeliest_purpose
    reports = (
        opinion.likeliest == Stance.NEUTRAL and purpose in clause.stays_up and opinion.purpose[purpose] >= 0.5
    )
    return said if against >= CLEAR or reports else None


def outcome_of(clause: Clause, opinion: Opinion, certainty: Certainty) -> Outcome:
    """Return what a clause says of words read like this, toward an entity that it covers.

    The author's own stance decides. A purpose that stays up protects whoever reports, teaches, mourns or jokes: such
    posts take no side, or the opposite one. Where the author takes the forbidden side inside such a purpose, the
    clause's `partisan` says what follows.
    """
    if not opinion.answered:
        return Outcome.REVIEW
    forbidden = sum(opinion.stance[stance] for stance in clause.stances)
    if forbidden <= certainty.allowed:
        return Outcome.ALLOWED
    if forbidden < certainty.violates:
        return Outcome.REVIEW
    purpose = opinion.likeliest_purpose
    if purpose in clause.stays_up and opinion.purpose[purpose] >= 0.5:
        return clause.partisan
    return Outcome.VIOLATES
