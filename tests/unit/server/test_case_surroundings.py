"""What stands around a post on its case page: what it answers, and how its like was decided."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from console import Console, console
from tarazu.cases.decision import Action
from tarazu.cases.decision_settings import DecisionSettings
from tarazu.cases.item import ItemKind
from tarazu.server.roles import Role

sys.path.insert(0, str(Path(__file__).parents[1] / "cases"))

from court import POLICY, Court

__all__ = ["console"]
WORDS = "the long parade went through all of the old town and nobody said a word about it until evening"


def test_the_thread_and_what_came_of_its_like_are_on_the_page(console: Console) -> None:
    court = Court(console.store, DecisionSettings(policies=(POLICY,)))
    first = court.post(author="ann", text=WORDS)
    court.decide(first, Action.REMOVE)
    found = court._found("ben", WORDS.replace("evening", "nightfall"), "en", "square", ItemKind.POST)
    context = {"reply_to": "post-<b>77", "hashtags": ["parade", "town"], "secret": "kept out"}
    (second,) = court.intake.findings([replace(found, item=replace(found.item, context=context))]).case_ids
    assert second != first
    page = console.client(Role.VIEWER).page(f"/cases/{second}")
    assert "post-&lt;b&gt;77" in page and "parade town" in page and "kept out" not in page
    like = page.partition('id="h-similar"')[2].partition("</section>")[0]
    assert f"/cases/{first}" in like and "Removed" in like and "nearly the same words" in like
