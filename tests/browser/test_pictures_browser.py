"""Pictures in a real Chromium: blurred until asked, by mouse and by key, with and without scripts, and on paper."""

# ruff: noqa: E501  (scripts are easier to read unbroken)
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import payloads
import pictured
import pytest

pytestmark = pytest.mark.browser
BLURRED = "() => [...document.querySelectorAll('.picture img')].map((n) => getComputedStyle(n).filter.includes('blur'))"
LEGIBLE = 15  # pixels of blur below which a small face could still be told


def blurred(page: Any) -> list[bool]:
    page.wait_for_timeout(250)
    return list(page.evaluate(BLURRED))


@pytest.mark.parametrize("scripts", [True, False])
def test_a_picture_is_blurred_until_somebody_looks(look: Callable[..., Any], scripts: bool) -> None:
    opened = look(pictured.page(), java_script_enabled=scripts)
    page = opened.page
    summary = page.locator(".picture summary").first
    assert all(blurred(page))
    strength = page.evaluate(
        "parseFloat(getComputedStyle(document.querySelector('.picture img')).filter.slice(5))"
    )
    assert strength >= LEGIBLE
    for key in ("Enter", "Space", None):
        for wanted in (False, True):
            if key is None:
                summary.click()
            else:
                summary.focus()
                page.keyboard.press(key)
            assert blurred(page)[0] is wanted and all(blurred(page)[1:]), key
    if scripts:
        assert page.locator("#pictures-seen").inner_text() == "1 of 48 looked at"
        opened.check()
    else:
        assert not page.locator("#looking").is_visible()


def test_paper_never_shows_a_picture(look: Callable[..., Any]) -> None:
    page = look(pictured.page()).page
    page.locator(".picture summary").first.click()
    # The sheet carries the blurred picture, not the clear one under a veil.
    assert pictured.thumbnail(0)[200:400] not in page.pdf()
    page.emulate_media(media="print")
    assert all(blurred(page))


def test_how_pictures_are_wanted_is_kept(look: Callable[..., Any]) -> None:
    opened = look(pictured.page())
    page = opened.page
    assert page.locator("#pictures-seen").inner_text() == ""
    page.get_by_label("Pictures").first.select_option("grey")
    page.locator(".picture summary").first.click()
    assert blurred(page)[:2] == [False, True]
    assert "grayscale" in page.evaluate("getComputedStyle(document.querySelector('.picture img')).filter")
    page.reload()
    assert page.get_by_label("Pictures").first.input_value() == "grey" and all(blurred(page))
    page.get_by_label("Pictures").first.select_option("show")
    assert not any(blurred(page))
    page.get_by_label("Pictures").first.select_option("ask")
    assert all(blurred(page))
    opened.check()


def test_it_works_where_nothing_can_be_kept(look: Callable[..., Any]) -> None:
    opened = look("<p>")
    opened.page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('refused'); } });"
    )
    Path(opened.page.url.removeprefix("file://")).write_text(pictured.page(), encoding="utf-8")
    opened.page.reload()
    opened.page.get_by_label("Pictures").first.select_option("show")
    assert not any(blurred(opened.page))
    opened.check()


def test_hostile_words_about_pictures_cannot_run(look: Callable[..., Any]) -> None:
    opened = look(pictured.hostile(payloads.payloads()))
    page = opened.page
    page.get_by_label("Pictures").first.select_option("show")
    page.mouse.wheel(0, 30_000)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.wait_for_timeout(300)
    opened.check()


@pytest.mark.parametrize(
    "options", [{}, {"color_scheme": "dark"}, {"viewport": {"width": 360, "height": 780}, "is_mobile": True}]
)
def test_pictures_fit_and_their_buttons_can_be_read(
    look: Callable[..., Any], options: dict[str, Any]
) -> None:
    opened = look(pictured.page(), **options)
    page = opened.page
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    contrast = page.evaluate(
        """() => {
          const light = (text) => { const [r, g, b] = text.match(/[\\d.]+/g).slice(0, 3).map((v) => { v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; }); return .2126 * r + .7152 * g + .0722 * b; };
          const style = getComputedStyle(document.querySelector('.ask'));
          const [a, b] = [light(style.color), light(style.backgroundColor)];
          return (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
        }"""
    )
    assert contrast >= 4.5
    assert page.locator(".picture summary").first.bounding_box()["height"] >= 44
    words = page.evaluate(
        "[...document.querySelectorAll('.in-picture .said')].map((n) => getComputedStyle(n).direction)"
    )
    assert set(words) == {"rtl"}
    opened.check()


def test_a_pair_of_accounts_has_its_picture_beside_it_blurred_again(look: Callable[..., Any]) -> None:
    opened = look(pictured.networks())
    page = opened.page
    page.locator("#N1 .picture summary").first.click()
    page.wait_for_timeout(100)
    assert page.locator("#pictures-seen").inner_text() == "1 of 1 looked at"
    page.locator("#sky").focus()
    for _ in range(12):
        page.keyboard.press("n")
        page.keyboard.press("e")
        if page.locator("#panel .picture").count():
            break
    copy = page.locator("#panel .picture").first
    assert copy.evaluate("(node) => getComputedStyle(node.querySelector('img')).filter").startswith("blur")
    copy.locator("summary").click()
    page.wait_for_timeout(250)
    assert copy.evaluate("(node) => node.open")
    assert page.locator("#pictures-seen").inner_text() == "1 of 1 looked at"
    opened.check()
