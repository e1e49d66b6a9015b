"""Promise 15 for text: a disguised name is linked at least 95 % as often as a clean one."""

from __future__ import annotations

from random import Random

import pytest
from invented_entities import NAMES, linker

from tarazu.evaluation.disguises import DISGUISES

FRAMES = {
    "en": ["We met {} in the city", "{}: what do they want?", "nobody knows ({})"],
    "fa": ["دیروز {} در شهر بود", "{} چه می‌خواهد؟"],
    "ar": ["أمس كان {} في المدينة", "{} ماذا يريد؟"],
}


@pytest.mark.parametrize("kind", DISGUISES)
def test_a_disguise_hides_few(kind: str) -> None:
    chance = Random(7)
    clean = hidden = 0
    missed = []
    for lang, names in NAMES.items():
        for name in names:
            for frame in FRAMES[lang]:
                for _ in range(6):
                    disguised = DISGUISES[kind](name, chance)
                    if disguised is None:
                        continue
                    clean += any(m.entity_id == name for m in linker().link(frame.format(name)))
                    text = frame.format(disguised)
                    linked = any(m.entity_id == name for m in linker().link(text))
                    hidden += linked
                    if not linked:
                        missed.append(text)
    assert clean > 50
    assert hidden >= 0.95 * clean, missed[:5]
