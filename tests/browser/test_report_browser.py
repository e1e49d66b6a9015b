"""The report in a real Chromium: the drawing, the cards, the keys, three scripts, hostile text, its pace."""

# ruff: noqa: E501  (strings are easier to read unbroken)
from __future__ import annotations

import json
import statistics
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import invented
import payloads
import pytest

from tarazu.report import words
from tarazu.report.document import asset
from tarazu.report.page import render

pytestmark = pytest.mark.browser
# Where the account or the middle of the pair is on the screen, from the page's own data and the fitted view.
PLACE = """([kind, index]) => {
  const d = JSON.parse(document.getElementById("data").textContent);
  const box = document.getElementById("sky").getBoundingClientRect();
  const n = d.networks;
  const left = Math.min(...n.map((v) => v.x - v.r)) - 24, right = Math.max(...n.map((v) => v.x + v.r)) + 24;
  const top = Math.min(...n.map((v) => v.y - v.r)) - 44, bottom = Math.max(...n.map((v) => v.y + v.r)) + 24;
  const k = Math.min(box.width / (right - left), box.height / (bottom - top), 3);
  const at = (i) => [(d.accounts.x[i] - (left + right) / 2) * k + box.width / 2 + box.left, (d.accounts.y[i] - (top + bottom) / 2) * k + box.height / 2 + box.top];
  if (kind === "account") return at(index);
  const [a, b] = [at(d.pairs.s[index]), at(d.pairs.t[index])];
  return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
}"""
PIXELS = "() => document.getElementById('sky').toDataURL()"


@pytest.fixture(scope="module")
def small() -> str:
    return render(invented.result())


@pytest.fixture(scope="module")
def two() -> str:
    """Two far discs of few accounts: a line's middle is free of signs."""
    return render(invented.result(invented.World(sizes=(4, 3), langs=("fa", "en"))))


def settled(page: Any) -> str:
    page.wait_for_timeout(350)
    return str(page.evaluate(PIXELS))


def test_pan_zoom_and_fit_move_the_drawing(small: str, look: Callable[..., Any]) -> None:
    opened = look(small)
    page = opened.page
    start = settled(page)
    box = page.locator("#sky").bounding_box()
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 60, steps=4)
    page.mouse.up()
    panned = settled(page)
    assert panned != start
    page.mouse.move(*middle)
    page.locator("#sky").focus()
    page.mouse.wheel(0, -400)
    zoomed = settled(page)
    assert zoomed != panned
    page.locator("#in").click()
    assert settled(page) != zoomed
    page.locator("#fit").click()
    page.mouse.move(2, 2)
    settled(page)
    page.keyboard.press("+")
    page.keyboard.press("0")
    assert settled(page) == start
    opened.check()


def test_the_wheel_scrolls_the_page_until_the_drawing_is_chosen(small: str, look: Callable[..., Any]) -> None:
    page = look(small).page
    start = settled(page)
    page.mouse.move(600, 500)
    page.mouse.wheel(0, 200)
    page.wait_for_timeout(300)
    assert page.evaluate("scrollY") > 0 and page.locator("#hint").count() == 1
    page.evaluate("scrollTo(0, 0)")
    page.mouse.move(2, 2)
    assert settled(page) == start


def test_pinch_zooms(small: str, look: Callable[..., Any]) -> None:
    page = look(small, has_touch=True).page
    start = settled(page)
    session = page.context.new_cdp_session(page)
    for step in range(6):
        points = [{"x": 600 - 10 * step, "y": 500}, {"x": 640 + 10 * step, "y": 500}]
        kind = "touchStart" if step == 0 else "touchMove"
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert settled(page) != start


def test_hovering_names_and_clicking_opens_the_account(small: str, look: Callable[..., Any]) -> None:
    opened = look(small)
    page = opened.page
    x, y = page.evaluate(PLACE, ["account", 3])
    page.mouse.move(x, y)
    assert "N1" in page.locator("#tip").inner_text()
    page.mouse.click(x, y)
    card = page.locator("#panel")
    name = page.evaluate("JSON.parse(document.getElementById('data').textContent).accounts.name[3]")
    assert name in card.inner_text() and "partners, strongest first" in card.inner_text()
    assert "by chance, " in card.inner_text()
    card.locator(".partner").first.click()
    assert card.locator(".pair-of-posts").count() >= 1
    opened.check()


def test_clicking_a_line_opens_its_posts_side_by_side(two: str, look: Callable[..., Any]) -> None:
    opened = look(two)
    page = opened.page
    data = json.loads(page.evaluate("document.getElementById('data').textContent"))
    for pair in range(len(data["pairs"]["s"])):
        page.mouse.click(*page.evaluate(PLACE, ["pair", pair]))
        if page.locator("#panel .pair-of-posts").count():
            break
    else:
        pytest.fail("no line could be opened")
    post = page.locator("#panel .pair-of-posts").first
    assert post.locator("blockquote").count() == 2
    stamps = post.locator(".stamp").all_inner_texts()
    assert any("+0 s" in s for s in stamps) and "UTC" in stamps[-1]
    left, right = (post.locator("blockquote").nth(i).bounding_box() for i in (0, 1))
    assert left["x"] + left["width"] <= right["x"] + 1
    opened.check()


def test_persian_and_arabic_run_right_to_left_and_time_does_not(look: Callable[..., Any]) -> None:
    opened = look(render(invented.result(invented.World(langs=("fa", "ar"), sizes=(12, 9)))))
    found = opened.page.evaluate(
        "[...document.querySelectorAll('.said')].map((n) => [getComputedStyle(n).direction, getComputedStyle(n).unicodeBidi])"
    )
    assert found and {tuple(f) for f in found} == {("rtl", "isolate")}
    assert opened.page.evaluate("getComputedStyle(document.querySelector('.strip')).direction") == "ltr"
    names = opened.page.evaluate(
        "[...document.querySelectorAll('bdi')].map((n) => getComputedStyle(n).unicodeBidi)"
    )
    assert set(names) == {"isolate"}
    opened.check()


def test_deep_links_lead_to_the_network(small: str, look: Callable[..., Any]) -> None:
    opened = look(small, "#N4")
    opened.page.wait_for_timeout(300)
    top = opened.page.evaluate("document.getElementById('N4').getBoundingClientRect().top")
    assert -60 < top < 300
    opened.check()


def test_everything_works_from_the_keyboard(small: str, look: Callable[..., Any]) -> None:
    opened = look(small)
    page = opened.page
    page.keyboard.press("?")
    assert page.locator("#help").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#help").is_visible()
    page.locator("#sky").focus()
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("n")
    first = page.locator("#panel h2").inner_text()
    page.keyboard.press("n")
    assert page.locator("#panel h2").inner_text() != first
    page.keyboard.press("e")
    assert page.locator("#panel .pair-of-posts").count()
    page.keyboard.press("Escape")
    assert not page.locator("#panel").is_visible()
    page.keyboard.press("/")
    page.keyboard.type("fa_user3")
    assert "fa_user3" in page.locator("#panel").inner_text()
    # Every stop of the Tab key shows where it is.
    page.locator("h1").click()
    for _ in range(25):
        page.keyboard.press("Tab")
        assert page.evaluate("getComputedStyle(document.activeElement).outlineWidth") == "3px"
    opened.check()


def test_tables_fold_sort_and_filter(small: str, look: Callable[..., Any]) -> None:
    opened = look(small)
    page = opened.page
    table = page.locator("#N1 .table").nth(1)
    rows = "[...document.querySelectorAll('#N1 .table')[1].querySelectorAll('tbody tr')].filter((r) => r.offsetParent).length"
    page.locator("#N1").scroll_into_view_if_needed()
    assert page.evaluate(rows) == 20
    table.get_by_role("button", name="show 26 more").click()
    assert page.evaluate(rows) == 46
    table.get_by_role("button", name="posts").click()
    posts = page.evaluate(
        "[...document.querySelectorAll('#N1 .table')[1].querySelectorAll('tbody tr')].map((r) => Number(r.cells[5].dataset.v))"
    )
    assert posts == sorted(posts, reverse=True)
    assert table.locator("th[aria-sort=descending]").count() == 1
    table.locator("input").fill("en_user7")
    assert page.evaluate(rows) == 1
    table.locator("tbody tr:visible .who-is").click()
    assert "en_user7" in page.locator("#panel").inner_text()
    opened.check()


def test_300_hostile_texts_in_every_field_run_nothing(look: Callable[..., Any]) -> None:
    texts = payloads.payloads()
    assert len(set(texts)) == 300
    # 300 networks, so that the fields of a network go through all of them too.
    result = invented.result(invented.World(hostile=texts, sizes=(3,) * 300, posts_each=3))
    for field in (
        {n.reason for n in result.networks},
        {n.against[0] for n in result.networks} | {n.against[-1] for n in result.networks},
        {m.name for n in result.networks for m in n.members},
        {o.key for n in result.networks for o in n.objects},
        {a.text for n in result.networks for m in n.moments for a in m.acts},
        set(result.evidence["object"]),
        set(result.posts["text"]),
    ):
        assert field == set(texts)
    opened = look(render(result))
    page = opened.page
    walked = page.evaluate("""async () => {
      const sky = document.getElementById("sky"), seen = new Set();
      sky.focus();
      for (let i = 0; i < 900; i++) {
        for (const key of ["n", "e", "e"]) sky.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
        seen.add(document.querySelector("#panel h2").textContent);
        if (i % 100 === 0) await new Promise((done) => setTimeout(done, 20));
      }
      document.querySelectorAll("details").forEach((d) => (d.open = true));
      document.querySelectorAll(".more").forEach((b) => b.click());
      document.querySelectorAll(".network").forEach((n) => (n.style.contentVisibility = "visible"));
      return seen.size;
    }""")
    assert walked > 300
    page.evaluate("[...document.querySelectorAll('.who-is')].slice(0, 300).forEach((b) => b.click())")
    for text in texts[::10]:
        page.locator("#find").fill(text)
    page.wait_for_timeout(500)
    assert page.url.startswith("file:") and page.evaluate("document.scripts.length") == 3
    opened.check()


def test_panning_3_000_accounts_and_30_000_pairs_stays_fluid(
    look: Callable[..., Any], record_property: Any
) -> None:
    sizes = (1200, 700, 400, 250, 150, 120, 80, 60, 40)
    opened = look(render(invented.result(invented.World(sizes=sizes, pairs_each=10))))
    page = opened.page
    page.wait_for_timeout(800)
    page.locator("#in").click()
    page.locator("#in").click()
    box = page.locator("#sky").bounding_box()
    page.evaluate("""() => { window.frames_ = []; let last = performance.now();
      const tick = (now) => { frames_.push(now - last); last = now; requestAnimationFrame(tick); }; requestAnimationFrame(tick); }""")
    page.mouse.move(box["x"] + 500, box["y"] + 300)
    page.mouse.down()
    before = page.evaluate(PIXELS)
    for step in range(90):
        page.mouse.move(
            box["x"] + 500 + 4 * (step % 45) * (-1) ** (step // 45), box["y"] + 300 + 2 * (step % 45)
        )
    page.mouse.up()
    for step in range(40):
        page.mouse.wheel(0, -60 if step < 20 else 60)
    assert page.evaluate(PIXELS) != before
    frames = page.evaluate("frames_.slice(2)")
    median = statistics.median(frames)
    record_property("median_frame_ms", median)
    print(
        f"median frame {median:.1f} ms, 95 % {sorted(frames)[int(len(frames) * 0.95)]:.1f} ms, {len(frames)} frames"
    )
    assert median < 33
    opened.check()


def test_the_script_says_numbers_as_python_does(chromium: Any) -> None:
    values = [10.0**-k * m for k in range(0, 12) for m in (1, 2.5, 3.3, 9.9)]
    source = asset("words.js") + ";return v.map((p) => [chance(p), span(p * 86400), span(p * 1e7)])"
    blank = chromium.new_page()
    said = blank.evaluate(f"(v) => {{ {source} }}", values)
    for p, (chance, short, long) in zip(values, said, strict=True):
        assert chance == words.chance(p)
        assert (short, long) == (words.span(p * 86_400), words.span(p * 1e7))
    blank.close()


@pytest.mark.parametrize(
    "options",
    [
        {"color_scheme": "light"},
        {"color_scheme": "dark"},
        {"viewport": {"width": 390, "height": 844}},
        {"reduced_motion": "reduce"},
        {"java_script_enabled": False},
    ],
    ids=["light", "dark", "phone", "still", "no-script"],
)
def test_every_guise_is_whole_and_readable(
    small: str, look: Callable[..., Any], options: dict[str, Any], tmp_path: Path
) -> None:
    opened = look(small, **options)
    page = opened.page
    shot = page.screenshot(full_page=True, path=tmp_path / "page.png")
    assert len(shot) > 20_000
    assert (
        page.evaluate("document.documentElement.scrollWidth <= innerWidth") is True
    )  # nothing sticks out sideways
    if options.get("java_script_enabled") is False:
        assert page.locator("svg.still").is_visible() and not page.locator("#sky").is_visible()
    else:
        assert page.locator("#sky").is_visible() and not page.locator("svg.still").is_visible()
        page.evaluate(
            "document.querySelectorAll('.network').forEach((n) => (n.style.contentVisibility = 'visible'))"
        )
        assert page.evaluate(CONTRAST) == []
        opened.check()


def test_print_shows_the_evidence_and_the_still_drawing(
    small: str, look: Callable[..., Any], tmp_path: Path
) -> None:
    opened = look(small)
    page = opened.page
    page.emulate_media(media="print")
    assert page.locator("svg.still").is_visible() and not page.locator("#sky").is_visible()
    assert page.locator("#N3 .said").first.is_visible() and not page.locator(".tools").is_visible()
    pdf = page.pdf(path=tmp_path / "report.pdf")
    assert pdf.startswith(b"%PDF") and len(pdf) > 30_000
    opened.check()


def test_landmarks_and_names_for_screen_readers(small: str, look: Callable[..., Any]) -> None:
    page = look(small).page
    assert page.evaluate("document.querySelectorAll('main').length") == 1
    assert page.evaluate("document.querySelectorAll('h1').length") == 1
    unnamed = page.evaluate(
        """() => [...document.querySelectorAll('button, input, a, [role=img]')]
        .filter((n) => !(n.textContent.trim() || n.getAttribute('aria-label') || n.closest('label'))).map((n) => n.outerHTML)"""
    )
    assert unnamed == []
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map((n) => Number(n.tagName[1]))")
    assert all(b - a <= 1 for a, b in pairwise(levels))


# Text whose contrast with the ground behind it is under 4.5 (3 when large), by WCAG 2.2.
CONTRAST = """() => {
  const parse = (c) => { const m = c.match(/[\\d.]+/g).map(Number); return m.length > 3 && m[3] === 0 ? null : m; };
  const light = (c) => { const [r, g, b] = c.map((v) => { v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; }); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const bad = [];
  for (const node of document.querySelectorAll("body *")) {
    if (!node.checkVisibility() || ![...node.childNodes].some((n) => n.nodeType === 3 && n.data.trim())) continue;
    if (node.closest("svg, script, option")) continue;
    let at = node, ground = null;
    while (at && !ground) { ground = parse(getComputedStyle(at).backgroundColor); at = at.parentElement; }
    const style = getComputedStyle(node);
    const a = light(parse(style.color)), b = light(ground || [255, 255, 255]);
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < (parseFloat(style.fontSize) >= 24 ? 3 : 4.5)) bad.push([node.tagName, node.className, ratio.toFixed(2)]);
  }
  return bad.slice(0, 5);
}"""
