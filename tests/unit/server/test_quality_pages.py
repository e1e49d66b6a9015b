"""How well is decided, as a lead, a reviewer and a program see it; breaks; a second look that nobody feels."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "cases"))
from court import ADA, BEN
from workshop import Workshop

from console import Console, build
from tarazu.cases.answer import Answer
from tarazu.cases.decision import Action
from tarazu.cases.quality import Quality, QualitySettings
from tarazu.server.roles import Role
from tarazu.store import Store

OK, PRAISE = Answer(action=Action.NO_ACTION), Answer(action=Action.REMOVE, clause_id="praise")


@pytest.fixture
def console(tmp_path: Path, store: Store) -> Console:
    """A console on each database in turn."""
    return build(tmp_path, store, quality={"second_looks": 1.0})


def court(console: Console) -> Workshop:
    """Somebody who decides cases in its store, at its time."""
    made = Workshop(console.store)
    made.clock.at = console.clock.at  # type: ignore[attr-defined]
    console.app.state.decision_settings = made.settings
    return made


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", page).replace("\u2068", "").replace("\u2069", "").split())


def test_figures_name_their_base_and_few_are_called_few(console: Console) -> None:
    shop, lead = court(console), console.client(Role.LEAD)
    assert "No decided case was looked at again yet" in lead.page("/quality")
    quality = Quality(console.store, console.clock, QualitySettings(share=1))
    removed, left = shop.decided(12), shop.decided(13, Action.NO_ACTION)
    for number, case_id in enumerate([*removed, *left]):
        if number == 19:
            assert "in 18 of 19 cases: too few to say a share" in words(lead.page("/quality"))
        quality.answer(case_id, BEN, OK if case_id in left or number == 0 else PRAISE)
    page = lead.page("/quality")
    said = words(page)
    assert "said the same in 96% (" in said and "24 of 25)" in said and "Kappa is 0.92" in said
    assert ADA.name not in said and BEN.name not in said and ADA.id not in page and BEN.id not in page
    assert page.count("<circle") == 1 and '<rect class="bar"' in page
    for lang in ("fa", "ar"):
        assert f'lang="{lang}"' in lead.page(f"/quality?lang={lang}")
    found = console.program("quality.view").get("/api/v1/quality").json()
    assert found["agreement"]["whole"]["same"]["part"] == 24 and found["few"] == 20
    assert found["disagreements"] == 1 and BEN.id not in str(found) and ADA.id not in str(found)
