"""The page of verdicts in a real Chromium: three scripts, choosing, hostile text, dark, phone and paper."""

# ruff: noqa: E501  (scripts are easier to read unbroken)
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import judged
import payloads
import pytest

pytestmark = pytest.mark.browser
SHOWN = (
    "[...document.querySelectorAll('.judged')].filter((c) => getComputedStyle(c).display !== 'none').length"
)


def pick(page: Any, name: str, start: str) -> None:
    box = page.get_by_label(name)
    label = next(text for text in box.locator("option").all_inner_texts() if text.startswith(start))
    box.select_option(label=label)


@pytest.mark.parametrize("scripts", [True, False])
def test_choosing_works_with_and_without_scripts(look: Callable[..., Any], scripts: bool) -> None:
    opened = look(judged.page(), java_script_enabled=scripts)
    page = opened.page

    def shown() -> int:
        return sum(card.is_visible() for card in page.locator(".judged").all())

    assert shown() == 45
    pick(page, "Language", "Persian")
    assert shown() == 15
    pick(page, "Verdict", "violate")
    pick(page, "Named", "Redmarch Front")
    assert shown() == 3
    if scripts:
        assert page.locator("#tally").inner_text() == "3 of 45 shown"
        assert not page.locator("#allowed").is_visible() and page.locator("#violates").is_visible()
    page.get_by_role("button", name="Show all").click()
    page.wait_for_timeout(50)
    assert shown() == 45
    if scripts:
        opened.check()


def test_each_script_runs_its_own_way(look: Callable[..., Any]) -> None:
    opened = look(judged.page())
    page = opened.page
    sides = page.evaluate(
        """() => [...document.querySelectorAll('.judged')].map((card) => {
          const said = card.querySelector('.said'), style = getComputedStyle(said);
          return [said.lang, style.direction, getComputedStyle(card.querySelector('.because')).direction];
        })"""
    )
    for lang, said, because in sides:
        assert said == ("ltr" if lang == "en" else "rtl") or lang == "fa", (lang, said)
        assert because == "ltr"
    page.evaluate(
        "document.querySelectorAll('.judged').forEach((c) => { c.style.contentVisibility = 'visible'; })"
    )
    # A name inside a word of joined letters keeps them joined: marking must not change how wide the line is.
    widths = page.evaluate(
        """() => [...document.querySelectorAll('.judged:not(.many) .said')].map((said) => {
          const copy = said.cloneNode(true);
          copy.textContent = said.textContent;
          said.after(copy);
          const wide = (node) => { const r = document.createRange(); r.selectNodeContents(node); return r.getBoundingClientRect().width; };
          const pair = [wide(said), wide(copy)];
          copy.remove();
          return pair;
        })"""
    )
    assert len(widths) > 30 and all(abs(a - b) < 1 for a, b in widths)
    opened.check()


def test_marks_differ_in_more_than_colour(look: Callable[..., Any]) -> None:
    page = look(judged.page()).page
    lines = page.evaluate(
        """() => ['w1', 'w2', 'w3'].map((name) => {
          const mark = document.querySelector('.judged mark');
          mark.className = name;
          return parseFloat(getComputedStyle(mark).textDecorationThickness);
        })"""
    )
    assert lines == [1, 2, 4]


def test_hostile_text_cannot_run(look: Callable[..., Any]) -> None:
    opened = look(judged.hostile(payloads.payloads()))
    opened.page.mouse.wheel(0, 20_000)
    for summary in opened.page.locator("summary").all()[:20]:
        summary.evaluate("(node) => { node.parentNode.open = true; }")
    assert opened.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    opened.page.get_by_label("Named").select_option(index=3)
    opened.page.wait_for_timeout(200)
    opened.check()


@pytest.mark.parametrize(
    "options",
    [
        {"color_scheme": "dark"},
        {"viewport": {"width": 360, "height": 780}, "is_mobile": True},
        {"viewport": {"width": 800, "height": 600}},
    ],
)
def test_nothing_is_wider_than_the_screen_and_all_can_be_read(
    look: Callable[..., Any], options: dict[str, Any]
) -> None:
    opened = look(judged.page(), **options)
    page = opened.page
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    contrast = page.evaluate(
        """() => {
          const rgb = (text) => text.match(/[\\d.]+/g).slice(0, 3).map((v) => { v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; });
          const light = (text) => { const [r, g, b] = rgb(text); return .2126 * r + .7152 * g + .0722 * b; };
          const ratio = (a, b) => (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
          const paper = light(getComputedStyle(document.body).backgroundColor);
          const marks = [...document.querySelectorAll('mark')].map((m) => ratio(light(getComputedStyle(m).color), light(getComputedStyle(m).backgroundColor)));
          const plain = ['.outcome', '.quiet', '.because', '.facts dt', '.facts a', '.versions summary'].flatMap((s) => [...document.querySelectorAll(s)]).map((n) => ratio(light(getComputedStyle(n).color), paper));
          return Math.min(...marks, ...plain);
        }"""
    )
    assert contrast >= 4.5
    opened.check()


def test_it_prints_with_its_evidence(look: Callable[..., Any]) -> None:
    page = look(judged.page()).page
    page.emulate_media(media="print")
    assert not page.locator(".pick").is_visible()
    assert page.evaluate(SHOWN) == 45
    assert len(page.pdf()) > 20_000
