"""From stance and purpose to an outcome: where the written policy meets what was read. No model, no text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from tarazu.policy.clause import Certainty, Policy
from tarazu.policy.designations.entity import Designation, Entity
from tarazu.policy.reading import Reading
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


def grounds(
    policy: Policy, covered: Coverage, readings: Mapping[str, Reading], certainty: Certainty
) -> tuple[Ground, ...]:
    """Return one ground for every clause and entity; `readings` are by entity id."""
    found = []
    by_id = {clause.id: clause for clause in policy.clauses}
    for (clause_id, entity_id), where in covered.items():
        clause = by_id[clause_id]
        ruling = readings[entity_id].ruling(clause, certainty)
        authorities = dict.fromkeys(one.authority for listings in where.values() for one in listings)
        found.append(
            Ground(
                clause_id=clause_id,
                entity_id=entity_id,
                outcome=ruling.outcome,
                basis=str(ruling.basis),
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
