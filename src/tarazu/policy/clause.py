"""A written policy: clauses that say whom they cover, which stances they forbid and what stays up."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from tarazu.policy.designations.entity import EVERYWHERE, Designation, Entity
from tarazu.policy.pattern import PatternRule
from tarazu.verdicts import Outcome, Purpose, Severity, Stance


@dataclass(frozen=True, kw_only=True)
class Clause:
    """One rule, with the text shown to the people it is applied to."""

    id: str
    text: Mapping[str, str]  # language -> the rule as written
    kinds: frozenset[str]  # kinds of entity it covers; empty: every designated one
    authorities: frozenset[str] = frozenset()  # whose listings count; empty: anyone's
    jurisdictions: frozenset[str] = frozenset()  # where the listing has to count; empty: the policy's own
    stances: frozenset[Stance] = frozenset({Stance.PRAISE, Stance.SUPPORT})  # forbidden
    stays_up: frozenset[Purpose] = frozenset(Purpose) - {Purpose.EXPRESSION}
    partisan: Outcome = (
        Outcome.VIOLATES
    )  # a forbidden stance of the author's own inside a purpose that stays up
    pictures: Outcome | None = (
        Outcome.REVIEW
    )  # a known picture of somebody it covers, without words; None: pictures do not count
    severity: Severity = Severity.HIGH
    dsa_category: str | None = None  # STATEMENT_CATEGORY_... of the EU's statement of reasons
    dsa_keyword: str | None = None  # KEYWORD_... of the same

    def listings(self, entity: Entity, on: date, jurisdiction: str) -> tuple[Designation, ...]:
        """Return the listings of an entity that put it under this clause, on a day, in one jurisdiction.

        `*` as the jurisdiction means anywhere: every listing in force counts.
        """
        if self.kinds and entity.kind not in self.kinds:
            return ()
        return tuple(
            listing
            for listing in entity.designated(on, () if jurisdiction == EVERYWHERE else (jurisdiction,))
            if (not self.authorities or listing.authority in self.authorities)
            and (not self.jurisdictions or any(listing.counts_in(place) for place in self.jurisdictions))
        )

    def words(self, lang: str | None) -> str:
        """Return the clause in a language, or in the first one it has."""
        return self.text.get((lang or "").split("-")[0]) or next(iter(self.text.values()))


@dataclass(frozen=True, kw_only=True)
class Certainty:
    """How sure the model has to be; between the two a person decides.

    Shares of the forbidden stances: at least `violates` for a violation, at most `allowed` for a post that stays.
    """

    violates: float
    allowed: float
    unnamed: float = 0.9  # for words that do not name whom their picture shows, instead of `violates`


@dataclass(frozen=True, kw_only=True)
class Automation:
    """Where a rule may act without a person, and how well it has to be measured first."""

    allowed: frozenset[str]  # ids of clauses
    precision: float = 0.98  # what its measured precision has to reach even at the low end of its interval
    least: int = 200  # decided cases it has to be measured on


@dataclass(frozen=True, kw_only=True)
class Example:
    """A text with the outcome the policy is meant to give it; `{E}` stands for an entity the clause covers."""

    text: str
    outcome: Outcome
    lang: str
    line: int  # where it stands in the file
    kind: str | None = None  # kind of the entity; None: the first kind the first clause covers
    listed: bool = True  # False: the entity is on no list
    pictured: bool = False  # the post has a known picture of the entity
    drawn: str | None = None  # words that stand in the picture


@dataclass(frozen=True, kw_only=True)
class Policy:
    """The clauses of one platform, in the order of its file."""

    id: str
    version: str
    digest: str  # sha256 of the file: what "this policy" was on the day of a verdict
    clauses: tuple[Clause, ...]
    title: Mapping[str, str] = field(default_factory=dict)
    jurisdictions: tuple[str, ...] = ()  # where the platform has to answer; empty: wherever a listing counts
    certainty: Certainty | None = None  # None: the model's own, measured when it was calibrated
    patterns: tuple[PatternRule, ...] = ()
    automation: Automation | None = None  # None: every decision is a person's
    examples: tuple[Example, ...] = ()

    def places(self, entities: Collection[Entity]) -> tuple[str, ...]:
        """Return the jurisdictions to judge for: the policy's own, or those in which one of the entities is listed."""
        if self.jurisdictions:
            return self.jurisdictions
        found = {
            place for entity in entities for listing in entity.designations for place in listing.jurisdictions
        }
        if not found or found == {EVERYWHERE}:
            return (EVERYWHERE,)
        return tuple(sorted(found - {EVERYWHERE}))
