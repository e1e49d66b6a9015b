"""Quality and second looks in a real Chromium: two languages, no faults, by keyboard, usable by everybody."""

# ruff: noqa: E501  (scripts are easier to read unbroken)
from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import casework
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "unit" / "cases"))
from court import BEN
from workshop import Workshop

from tarazu.cases.answer import Answer
from tarazu.cases.decision import Action
from tarazu.cases.quality import Quality, QualitySettings

pytestmark = pytest.mark.browser
AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
RIGHT = Answer(action=Action.REMOVE, clause_id="praise")


def seed(console: casework.Console) -> None:
    """Six weeks of decisions, most looked at again with the same answer; a golden case."""
    usual, shop = console.store.clock, Workshop(console.store)
    quality = Quality(console.store, shop.clock, QualitySettings(share=1))
    for back in range(6, 0, -1):
        shop.clock.at = datetime.now(UTC) - timedelta(days=7 * back - 1)
        made = [shop.post(author=f"w{back}-{one}", lang=("en", "fa", "ar")[one % 3]) for one in range(26)]
        shop.clock.later(hours=back)
        for place, case_id in enumerate(made[:24]):
            shop.decide(case_id, Action.REMOVE if place % 3 else Action.NO_ACTION)
            same = place % 8 != back % 8
            quality.answer(
                case_id, BEN, RIGHT if bool(place % 3) == same else Answer(action=Action.NO_ACTION)
            )
    quality.make_golden(made[0], BEN, RIGHT, "It cheers for them.")
    console.store.clock = usual


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[casework.Console]:
    with casework.console(tmp_path_factory.mktemp("quality")) as console:
        seed(console)
        yield console


@pytest.fixture
def sit(chromium: Any, place: casework.Console) -> Iterator[Any]:
    contexts = []

    def open_(login: str, **options: Any) -> tuple[Any, list[str]]:
        context = chromium.new_context(**({"viewport": {"width": 1366, "height": 900}} | options))
        contexts.append(context)
        context.add_cookies([place.cookie(login)])
        page, faults = context.new_page(), []
        ours = (place.url + "/", "data:")
        page.on("request", lambda r: None if r.url.startswith(ours) else faults.append(r.url))
        page.on("console", lambda m: faults.append(m.text) if m.type in {"error", "warning"} else None)
        page.on("pageerror", lambda e: faults.append(str(e)))
        return page, faults

    yield open_
    for context in contexts:
        context.close()


def serious(page: Any) -> list[str]:
    page.evaluate(AXE)
    found = page.evaluate("async () => (await axe.run(document, {resultTypes: ['violations']})).violations")
    return [
        f"{one['id']}: {node['html'][:160]}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"][:3]
    ]


@pytest.mark.parametrize("lang", ["en", "fa"])
@pytest.mark.parametrize(("wide", "scheme"), [(1366, "light"), (1366, "dark"), (390, "light")])
def test_every_page_is_whole_and_usable_by_everybody(
    place: casework.Console, sit: Any, lang: str, wide: int, scheme: str
) -> None:
    page, faults = sit("layla", viewport={"width": wide, "height": 900}, color_scheme=scheme)
    for path in ("/quality", "/quality/look", "/quality/disagreements", "/quality/golden"):
        page.goto(f"{place.url}{path}?lang={lang}")
        assert serious(page) == [], path
        assert (
            page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 1
        ), path
    assert faults == []


@pytest.mark.parametrize(("login", "foreign"), [("rey", ""), ("shirin", "ق")])
def test_a_second_look_by_keyboard(place: casework.Console, sit: Any, login: str, foreign: str) -> None:
    page, faults = sit(login)
    page.goto(f"{place.url}/quality/look")
    with page.expect_navigation():
        page.keyboard.press("g")
    assert page.locator('form[action="/quality/look/answer"]').is_visible() and serious(page) == []
    page.locator('select[name="clause"]').select_option("praise")
    if foreign:
        page.evaluate(
            "(key) => document.body.dispatchEvent(new KeyboardEvent('keydown', {key, code: 'KeyR', bubbles: true, cancelable: true}))",
            foreign,
        )
    else:
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press("r")
    assert page.locator('input[value="remove"]').is_checked()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "said=kept" in page.url and page.locator(".flash").is_visible() and faults == []
