"""The reason of a verdict: one sentence to read aloud. It says what was read, never who somebody is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from tarazu.policy.deciding_words import LEAST
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
    quoted = said(words)
    if ground.outcome == Outcome.VIOLATES:
        stance = max(draft.forbidden, key=lambda s: (opinion.stance[s], s))
        elsewhere = [place for place, outcome in where.items() if outcome == Outcome.ALLOWED]
        stays = f"; it stays up in {listed(elsewhere)}" if elsewhere else ""
        here = within([p for p, o in where.items() if o == Outcome.VIOLATES])
        return f"The author {DOES[stance]} {name}{by}, which clause {ground.clause_id} forbids{here}{stays}{quoted}."
    if ground.outcome == Outcome.REVIEW:
        if not opinion.answered:
            return f"The post names {name}{by}, and the model gave no answer; a person has to read it."
        share = sum(opinion.stance[s] for s in draft.forbidden)
        sides = " or ".join(str(s) for s in Stance if s in draft.forbidden)
        return (
            f"It is not clear how the author stands toward {name}{by}: {sides} has a share of {share:.0%}, so a "
            f"person has to read it under clause {ground.clause_id}{quoted}."
        )
    purpose = opinion.likeliest_purpose
    kind = f"; it reads as {FOR[purpose]}" if opinion.purpose[purpose] >= 0.5 else ""
    close = opinion.likeliest in draft.forbidden  # and yet below what the policy asks for
    does = "does not clearly take the side of" if close else DOES[opinion.likeliest]
    return f"The author {does} {name}{by}{kind}."


def said(words: tuple[Words, ...]) -> str:
    """Return which words decided, as the end of a sentence; nothing when no word did by itself."""
    texts = list(dict.fromkeys(f"“{word.text}”" for word in words if word.weight >= LEAST))[:4]
    if not texts:
        return ""
    return f"; the word{'s' if len(texts) > 1 else ''} {listed(texts)} weighed most"


def within(places: tuple[str, ...] | list[str]) -> str:
    """Return ' in A and B', or nothing when everywhere is meant."""
    named = [place for place in places if place != EVERYWHERE]
    return f" in {listed(named)}" if named else ""


def listed(names: list[str]) -> str:
    """Return names as a sentence has them."""
    if len(names) > 4:
        return f"{', '.join(names[:3])} and {len(names) - 3} more"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else "nobody"
