"""Names in disguise: how often the linker still finds whom a post is about."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import polars as pl

from tarazu.evaluation.disguises import DISGUISES
from tarazu.evaluation.policy import names
from tarazu.evaluation.policy.cases import Case
from tarazu.policy.mentions import Linker
from tarazu.progress import SILENT, Progress

SEED = 20261101
PLACES = 300  # posts a disguise


def disguised(cases: Sequence[Case], progress: Progress = SILENT) -> dict[str, dict[str, float]]:
    """Return, for every disguise, the shares of posts in which the name is found before and after, and their ratio."""
    linker = Linker(names.invented().entities)
    step = max(1, len(cases) // PLACES)
    chosen = [case for case in cases[::step] if "#" not in case.text and "_" not in case.text][:PLACES]
    found: dict[str, dict[str, float]] = {}
    with progress.stage("Disguising names", len(DISGUISES)) as stage:
        for kind, disguise in DISGUISES.items():
            chance = Random(SEED)
            clean, hidden, wanted = [], [], []
            for number, case in enumerate(chosen):
                key = names.chosen(number, case.kind)
                name = names.name_of(key, case.lang)
                put = disguise(name, chance)
                if put is None:
                    continue
                other = names.name_of(names.other(number), case.lang)
                clean.append(case.text.replace("{E}", name).replace("{F}", other))
                hidden.append(case.text.replace("{E}", put).replace("{F}", other))
                wanted.append(key)
            before, after = (linked(linker, texts, wanted) for texts in (clean, hidden))
            found[kind] = {
                "posts": len(wanted),
                "clean": before / max(1, len(wanted)),
                "disguised": after / max(1, len(wanted)),
                "ratio": after / max(1, before),
            }
            stage.advance(1)
    return found


def linked(linker: Linker, texts: Sequence[str], wanted: Sequence[str]) -> int:
    """Return in how many texts the wanted entity is found, the way the judge does it: screened, then linked."""
    kept = linker.screen(pl.Series(list(texts), dtype=pl.String))
    return sum(
        bool(keep) and any(m.entity_id == key for m in linker.link(text))
        for keep, text, key in zip(kept, texts, wanted, strict=True)
    )
