"""Even-handedness: the same words about many entities. Only the list may change what follows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from tarazu.evaluation.policy import names
from tarazu.evaluation.policy.cases import Case
from tarazu.evaluation.policy.judged import WHEN, judge_for, judged, second
from tarazu.policy.designations import Entity, EntityList, read_entities
from tarazu.policy.examples import example_entities
from tarazu.policy.stance.model import StanceModel
from tarazu.progress import SILENT, Progress
from tarazu.verdicts import Outcome

SENTENCES = 40  # a language
ENTITIES = 60  # of the example list
LEAST = 5  # letters of a name that is taken


@dataclass(frozen=True, kw_only=True)
class Parity:
    """Removal rates over matched sentences."""

    sentences: int
    rates: dict[str, float]  # share removed, by listed entity
    unnamed: int  # posts in which the linker did not find the name that was put in
    others: int  # posts about entities on no list
    others_removed: int

    @property
    def gap(self) -> float:
        """Largest difference in removal rate between two listed entities."""
        return max(self.rates.values()) - min(self.rates.values()) if self.rates else 0.0


def parity(cases: Sequence[Case], model: StanceModel | None = None, progress: Progress = SILENT) -> Parity:
    """Judge the same sentences about entities of the example list, and about invented ones on no list.

    Names come from the list's own files and are put in here, in memory.
    """
    listed = read_entities(example_entities())
    everybody = EntityList(entities=(*listed.entities, *names.invented().entities), name="parity")
    judge = judge_for(everybody, model)
    matched = [
        case for lang in names.LANGS for case in spread([c for c in cases if c.lang == lang and not c.kind])
    ]
    chosen = spread_entities(listed.entities)
    wanted = [
        (case, entity.id, case.filled(name, second(case, number)))
        for entity in chosen
        for number, case in enumerate(matched)
        if (name := plain_name(entity, case.lang)) is not None
    ]
    found = judged(judge, wanted, progress)
    removed: Counter[str] = Counter()
    total: Counter[str] = Counter()
    unnamed = 0
    for one in found:
        if not any(m.entity_id == one.about for m in one.verdict.mentions):
            unnamed += 1
            continue
        total[one.about] += 1
        removed[one.about] += one.outcome == Outcome.VIOLATES
    full = max(total.values(), default=0)
    others = [
        (case, key, case.filled(names.name_of(key, case.lang), second(case, number)))
        for key, _ in names.OTHERS
        for number, case in enumerate(matched)
        if "{F}" not in case.text
    ]
    away = judged(judge, others, progress)
    return Parity(
        sentences=len(matched),
        # A rate over fewer sentences would compare different ones.
        rates={key: removed[key] / count for key, count in total.items() if count >= 0.98 * full},
        unnamed=unnamed,
        others=len(away),
        others_removed=sum(one.outcome == Outcome.VIOLATES for one in away),
    )


def spread(cases: Sequence[Case]) -> list[Case]:
    """Return SENTENCES cases, evenly over the file."""
    step = max(1, len(cases) // SENTENCES)
    return list(cases[::step][:SENTENCES])


def spread_entities(entities: Sequence[Entity]) -> list[Entity]:
    """Return ENTITIES listed entities with a plain name in every language, evenly over the list."""
    able = [
        entity
        for entity in entities
        if entity.kind != "person"
        and entity.designated(WHEN.date())
        and all(plain_name(entity, lang) for lang in names.LANGS)
    ]
    step = max(1, len(able) // ENTITIES)
    return able[::step][:ENTITIES]


def plain_name(entity: Entity, lang: str) -> str | None:
    """Return an alias that needs no context to be understood, or None."""
    for alias in entity.aliases:
        if alias.lang == lang and not alias.ambiguous and not alias.slogan and len(alias.text) >= LEAST:
            return alias.text
    return None
