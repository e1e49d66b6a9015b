"""The reason of a verdict: one sentence to read aloud. It says what was read, never who somebody is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from tarazu.policy.deciding_words import LEAST
from tarazu.policy.designations.entity import EVERYWHERE
from tarazu.policy.reading import Basis
from tarazu.sightings import Sighting
from tarazu.verdicts import Ground, Outcome, Purpose, Stance, Words

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


def of_nobody(sightings: Sequence[Sighting]) -> str:
    """Return the reason of a post that neither names nor shows anybody on the list."""
    if any(match.negative and match.decides for sighting in sightings for match in sighting.matches):
        return "The post names nobody on the list, and its picture is known and fine."
    return "The post names and shows nobody on the list." if sightings else NOBODY


def of_draft(draft: Draft, words: tuple[Words, ...], where: Mapping[str, Outcome]) -> str:
    """Return the reason of a verdict on a post that names or shows somebody."""
    if draft.rule is not None and (draft.rule.outcome == draft.outcome) and draft.deciding is None:
        return of_rule(draft.rule)
    if draft.rule is not None and draft.rule.outcome == Outcome.ALLOWED:
        return of_rule(draft.rule)
    names = {entity.id: entity.name for entity in draft.case.entities}
    ground = draft.deciding
    if ground is None:
        return (
            f"The post names or shows {listed(list(names.values()))}, on which no listing under this policy was in "
            f"force on {draft.case.day.isoformat()}{within(draft.case.places)}."
        )
    by = f" (listed by {listed(list(ground.listed_by))})" if ground.listed_by else ""
    name = f"{names[ground.entity_id]}{by}"
    opinion = draft.opinion(ground.entity_id)
    if ground.outcome == Outcome.VIOLATES:
        return violating(draft, ground, name, words, where)
    if opinion is None:
        return of_picture_alone(draft, ground, name)
    reading = draft.readings[ground.entity_id]
    if ground.outcome == Outcome.REVIEW:
        if not opinion.answered:
            return f"The post names {name}, and the model gave no answer; a person has to read it."
        share = sum(opinion.stance[s] for s in draft.forbidden)
        sides = " or ".join(str(s) for s in Stance if s in draft.forbidden)
        if ground.basis == Basis.PICTURE and share >= draft.certainty.violates:
            why = (
                "and the post does not say what its author makes of it"
                if reading.legible
                else "but they were not read surely"
            )
            return (
                f"The words in the picture take the side of {name}, {why}, so a person has to look at it under clause "
                f"{ground.clause_id}{said(words)}."
            )
        if not reading.grounded(Basis(ground.basis)):
            return (
                f"The words take a side, and the picture resembles {seen_in(draft, ground.entity_id)} of {name}, an "
                f"entry that does not decide by itself; a person has to look at it under clause {ground.clause_id}."
            )
        whom = "whom the picture shows, " if ground.basis == Basis.POST and not reading.named else ""
        return (
            f"It is not clear how the author stands toward {whom}{name}: {sides} has a share of {share:.0%}, so a "
            f"person has to read it under clause {ground.clause_id}{said(words)}."
        )
    purpose = opinion.likeliest_purpose
    kind = f"; it reads as {FOR[purpose]}" if opinion.purpose[purpose] >= 0.5 else ""
    close = opinion.likeliest in draft.forbidden  # and yet below what the policy asks for
    does = "does not clearly take the side of" if close else DOES[opinion.likeliest]
    if ground.basis == Basis.PICTURE:
        return f"The words in the picture are what the author says: it {does} {name}{kind}."
    return f"The author {does} {name}{kind}."


def violating(
    draft: Draft, ground: Ground, name: str, words: tuple[Words, ...], where: Mapping[str, Outcome]
) -> str:
    """Return the reason of a violation."""
    elsewhere = [place for place, outcome in where.items() if outcome == Outcome.ALLOWED]
    stays = f"; it stays up in {listed(elsewhere)}" if elsewhere else ""
    here = within([p for p, o in where.items() if o == Outcome.VIOLATES])
    forbids = f"which clause {ground.clause_id} forbids{here}{stays}{said(words)}."
    opinion = draft.opinion(ground.entity_id)
    if opinion is None:
        seen = seen_in(draft, ground.entity_id)
        return f"The picture shows {name} ({seen}) and no words take another side, {forbids}"
    stance = max(draft.forbidden, key=lambda s: (opinion.stance[s], s))
    if ground.basis == Basis.PICTURE:
        verb = DOES[stance].removesuffix("s") if stance in (Stance.PRAISE, Stance.SUPPORT) else DOES[stance]
        return f"The words in the picture {verb} {name}, and the author adds nothing against it, {forbids}"
    if not draft.readings[ground.entity_id].named:
        seen = seen_in(draft, ground.entity_id)
        return f"The author {DOES[stance]} {name}, whom the picture shows ({seen}), {forbids}"
    return f"The author {DOES[stance]} {name}, {forbids}"


def of_picture_alone(draft: Draft, ground: Ground, name: str) -> str:
    """Return the reason where no words say how the author stands."""
    seen = seen_in(draft, ground.entity_id)
    if ground.outcome == Outcome.REVIEW:
        return (
            f"The picture shows {name} ({seen}), and no words say how the author stands; a person has to look at it "
            f"under clause {ground.clause_id}."
        )
    return f"The picture may show {name} ({seen}), and no words take its side."


def seen_in(draft: Draft, entity_id: str) -> str:
    """Return which known picture it was, and how near."""
    match = draft.case.shown.get(entity_id) or draft.case.informed.get(entity_id)
    if match is None:
        return "named in its words"
    what = match.shows or "known picture"
    return f"{what} “{match.entry}” of {match.bank}, {match.distance} of 256 bits apart"


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
