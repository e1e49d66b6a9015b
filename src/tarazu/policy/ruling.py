"""From stance and purpose to an outcome: where the written policy meets what was read. No model, no text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from tarazu.policy.clause import Certainty, Clause, Policy
from tarazu.policy.designations.entity import Designation, Entity
from tarazu.policy.stance.model import Opinion
from tarazu.verdicts import Ground, Outcome

Coverage = dict[tuple[str, str], dict[str, tuple[Designation, ...]]]  # (clause, entity) -> place -> listings


def coverage(policy: Policy, entities: Sequence[Entity], on: date, places: Sequence[str]) -> Coverage:
    """Return which clauses cover which of the entities named, where, and by whose listing, on the post's day."""
    found: Coverage = {}
    for clause in policy.clauses:
        for entity in entities:
            where = {place: listings for place in places if (listings := clause.listings(entity, on, place))}
            if where:
                found[clause.id, entity.id] = where
    return found


def outcome_of(clause: Clause, opinion: Opinion, certainty: Certainty) -> Outcome:
    """Return what a clause says of a post read like this, toward an entity that it covers.

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


def grounds(
    policy: Policy, covered: Coverage, opinions: Mapping[str, Opinion], certainty: Certainty
) -> tuple[Ground, ...]:
    """Return one ground for every clause and entity; `opinions` are by entity id."""
    found = []
    by_id = {clause.id: clause for clause in policy.clauses}
    for (clause_id, entity_id), where in covered.items():
        clause = by_id[clause_id]
        authorities = dict.fromkeys(one.authority for listings in where.values() for one in listings)
        found.append(
            Ground(
                clause_id=clause_id,
                entity_id=entity_id,
                outcome=outcome_of(clause, opinions[entity_id], certainty),
                listed_by=tuple(authorities),
                jurisdictions=tuple(where),
                severity=clause.severity,
                dsa_category=clause.dsa_category,
                dsa_keyword=clause.dsa_keyword,
            )
        )
    return tuple(found)


def by_place(found: Sequence[Ground], places: Sequence[str]) -> dict[str, Outcome]:
    """Return the outcome in every jurisdiction."""
    return {
        place: Outcome.gravest(ground.outcome for ground in found if place in ground.jurisdictions)
        for place in places
    }
