"""The reason of a verdict: one sentence that a reviewer can read aloud. It says what was read, never who somebody is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from tarazu.policy.designations.entity import EVERYWHERE
from tarazu.verdicts import Outcome, Purpose, Stance, Words

if TYPE_CHECKING:
    from tarazu.policy.judge import Draft
    from tarazu.policy.pattern import PatternRule

NOBODY = "The post names nobody on the list."

DOES = {
    Stance.PRAISE: "praises",
    Stance.SUPPORT: "supports",
    Stance.CONDEMN: "condemns",
    Stance.NEUTRAL: "takes no side toward",
}
FOR = {
    Purpose.NEWS: "a report",
    Purpose.EDUCATION: "teaching or research",
    Purpose.COUNTER_SPEECH: "counter-speech",
    Purpose.CONDOLENCE: "a condolence",
    Purpose.SATIRE: "satire",
    Purpose.EXPRESSION: "an opinion",
}


def of_rule(rule: PatternRule) -> str:
    """Return the reason of a pattern's outcome."""
    verb = "goes to a person" if rule.outcome == Outcome.REVIEW else "stays up"
    return f"The post {verb} by the pattern “{rule.id}”: {rule.because}"


def of_draft(draft: Draft, words: tuple[Words, ...], where: Mapping[str, Outcome]) -> str:
    """Return the reason of a verdict on a post that names somebody."""
    if draft.rule is not None and (draft.rule.outcome == draft.outcome) and draft.deciding is None:
        return of_rule(draft.rule)
    if draft.rule is not None and draft.rule.outcome == Outcome.ALLOWED:
        return of_rule(draft.rule)
    names = {entity.id: entity.name for entity in draft.case.entities}
    ground = draft.deciding
    if ground is None:
        return (
            f"The post names {listed(list(names.values()))}, on which no listing under this policy was in force "
            f"on {draft.case.day.isoformat()}{within(draft.case.places)}."
        )
    opinion = draft.opinions[ground.entity_id]
    name = names[ground.entity_id]
    by = f" (listed by {listed(list(ground.listed_by))})" if ground.listed_by else ""
    quoted = f"; the words {listed([f'“{w.text}”' for w in words[:4]])} decided" if words else ""
    if ground.outcome == Outcome.VIOLATES:
        stance = max((s for s in (Stance.PRAISE, Stance.SUPPORT)), key=lambda s: opinion.stance[s])
        if opinion.likeliest in DOES and opinion.likeliest not in (Stance.NEUTRAL, Stance.CONDEMN):
            stance = opinion.likeliest
        elsewhere = [place for place, outcome in where.items() if outcome == Outcome.ALLOWED]
        stays = f"; it stays up in {listed(elsewhere)}" if elsewhere else ""
        here = within([p for p, o in where.items() if o == Outcome.VIOLATES])
        return f"The author {DOES[stance]} {name}{by}, which clause {ground.clause_id} forbids{here}{stays}{quoted}."
    if ground.outcome == Outcome.REVIEW:
        if not opinion.answered:
            return f"The post names {name}{by}, and the model gave no answer; a person has to read it."
        share = sum(opinion.stance[s] for s in (Stance.PRAISE, Stance.SUPPORT))
        return (
            f"It is not clear whether the author takes the side of {name}{by}: praise or support has a share of "
            f"{share:.0%}, so a person has to read it under clause {ground.clause_id}{quoted}."
        )
    purpose = opinion.likeliest_purpose
    kind = f"; it reads as {FOR[purpose]}" if opinion.purpose[purpose] >= 0.5 else ""
    return f"The author {DOES[opinion.likeliest] if opinion.likeliest not in (Stance.PRAISE, Stance.SUPPORT) else DOES[Stance.NEUTRAL]} {name}{by}{kind}."


def within(places: tuple[str, ...] | list[str]) -> str:
    """Return ' in A and B', or nothing when everywhere is meant."""
    named = [place for place in places if place != EVERYWHERE]
    return f" in {listed(named)}" if named else ""


def listed(names: list[str]) -> str:
    """Return names as a sentence has them."""
    if len(names) > 4:
        return f"{', '.join(names[:3])} and {len(names) - 3} more"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else "nobody"
