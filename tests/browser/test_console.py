"""The reviewer's console in a real Chromium: by keyboard, in three languages, without scripts, for everybody."""

# ruff: noqa: E501  (scripts are easier to read unbroken)
from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import casework
import pytest
from sqlalchemy import func, select

from tarazu.cases.queue import Queue
from tarazu.cases.view import Cases
from tarazu.server.people import People
from tarazu.server.visitor import Preferences
from tarazu.store.tables.decisions import decisions
from tarazu.store.tables.ledger import ledger
from tarazu.store.tables.people import exposure

pytestmark = pytest.mark.browser
AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")


@dataclass
class Seat:
    """Somebody's browser, and everything in it that should not have happened."""

    page: Any
    url: str
    faults: list[str] = field(default_factory=list)

    def go(self, path: str) -> Any:
        self.page.goto(self.url + path)
        return self.page

    def check(self) -> None:
        assert self.faults == []


@pytest.fixture
def console(tmp_path: Path) -> Iterator[casework.Console]:
    with casework.console(tmp_path) as running:
        yield running


@pytest.fixture
def sit(chromium: Any, console: casework.Console) -> Iterator[Callable[..., Seat]]:
    contexts = []

    def open_(login: str, **options: Any) -> Seat:
        context = chromium.new_context(**({"viewport": {"width": 1366, "height": 860}} | options))
        context.add_cookies([console.cookie(login)])
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        seat = Seat(page, console.url)
        ours = (console.url + "/", "data:")
        page.on("request", lambda r: None if r.url.startswith(ours) else seat.faults.append(r.url))
        page.on("console", lambda m: seat.faults.append(m.text) if m.type in {"error", "warning"} else None)
        page.on("pageerror", lambda e: seat.faults.append(str(e)))
        return seat

    yield open_
    for context in contexts:
        context.close()


def case_of(console: casework.Console, start: str) -> str:
    return next(row.id for row in Queue(console.store).page() if row.title.startswith(start))


def state_of(console: casework.Console, case_id: str) -> str:
    return str(Cases(console.store).case(case_id).row.state)


def press(page: Any, key: str, foreign: str = "") -> None:
    """A key; `foreign` is the letter that a Persian or Arabic keyboard has in its place."""
    if not foreign:
        page.keyboard.press(key)
        return
    page.evaluate(
        "([key, code]) => document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key, code, bubbles: true, cancelable: true}))",
        [foreign, f"Key{key.upper()}"],
    )


@pytest.mark.parametrize(("login", "letters"), [("rey", ("", "", "")), ("shirin", ("ق", "د", "ص"))])
def test_three_cases_are_decided_by_keyboard_and_one_is_undone(
    console: casework.Console, sit: Callable[..., Seat], login: str, letters: tuple[str, str, str]
) -> None:
    seat = sit(login)
    page = seat.go("/queue")
    page.keyboard.press("g")
    done = []
    for key, foreign in zip("rnw", letters, strict=True):
        page.wait_for_selector("#decide")
        page.wait_for_selector('#hold[data-hold="mine"]')
        done.append(page.url.split("/cases/")[1][:26])
        press(page, key, foreign)
        assert page.evaluate("document.activeElement.id") in ("submit", "reason")
        if page.evaluate("document.activeElement.id") == "reason":  # nothing could be suggested
            page.keyboard.type(
                "It names a listed group." if login == "rey" else "از گروهی فهرست‌شده نام می‌برد."
            )
            page.keyboard.press("Escape")
            page.locator("#submit").focus()
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert page.locator(".flash").is_visible()
    assert len(set(done)) == 3 and "open" not in {state_of(console, one) for one in done}
    with page.expect_navigation():
        page.keyboard.press("u")
    assert page.url.split("/cases/")[1][:26] == done[2] and state_of(console, done[2]) == "open"
    assert page.locator(".flash").is_visible()
    with console.store.read() as view:
        mine = (
            select(func.count())
            .select_from(decisions)
            .where(decisions.c.actor_id == console.ids[login], decisions.c.undoes.is_(None))
        )
        assert view.value(mine) == 3
        assert view.value(select(exposure.c.reveals).where(exposure.c.person_id == console.ids[login])) in (
            None,
            0,
        )
    assert page.evaluate("document.documentElement.dir") == ("rtl" if login == "shirin" else "ltr")
    seat.check()


def test_a_suspension_waits_for_another_person(console: casework.Console, sit: Callable[..., Seat]) -> None:
    case_id = case_of(console, "What a night")
    reviewer = sit("rey")
    page = reviewer.go(f"/cases/{case_id}")
    page.wait_for_selector('#hold[data-hold="mine"]')
    page.keyboard.press("s")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert state_of(console, case_id) == "waiting_second"
    reviewer.go(f"/cases/{case_id}")
    assert page.locator(".second").is_visible() and not page.locator('[data-key="y"]').count()
    lead = sit("layla")
    lead.go(f"/cases/{case_id}")
    assert "Rey Viewer" in lead.page.locator(".second").inner_text()
    with lead.page.expect_navigation():
        lead.page.keyboard.press("y")
    assert state_of(console, case_id) == "decided"
    reviewer.check()
    lead.check()


def test_a_case_is_held_for_one_person(console: casework.Console, sit: Callable[..., Seat]) -> None:
    case_id = case_of(console, "Join")
    first, second = sit("rey"), sit("layla")
    first.go(f"/cases/{case_id}").wait_for_selector('#hold[data-hold="mine"]')
    page = second.go(f"/cases/{case_id}")
    assert "Rey Viewer" in page.locator("#hold").inner_text() and not page.locator("#decide").count()
    with first.page.expect_navigation():
        first.page.keyboard.press("p")
    assert f"/cases/{case_id}" not in first.page.url
    page.reload()
    page.wait_for_selector('#hold[data-hold="mine"]')
    first.check()
    second.check()


def test_keys_rest_while_somebody_writes_and_can_be_switched_off(
    console: casework.Console, sit: Callable[..., Seat]
) -> None:
    seat = sit("rey")
    page = seat.go(f"/cases/{case_of(console, 'The heroes')}")
    page.wait_for_selector('#hold[data-hold="mine"]')
    page.locator("#reason").focus()
    page.keyboard.type("remove r w n e ?")
    assert page.locator("#reason").input_value() == "remove r w n e ?"
    assert page.locator("[name=action]:checked").count() == 0 and not page.locator("#keys").is_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    keys = {row.inner_text() for row in page.locator("#keys kbd").all()}
    assert {"r", "l", "i", "w", "n", "s", "c", "t", "e", "Enter", "?"} <= keys
    page.keyboard.press("Escape")
    page.keyboard.press("Control+r")
    assert page.locator("[name=action]:checked").count() == 0
    page.keyboard.press("r")
    assert page.locator("#reason").input_value() == "remove r w n e ?"  # what somebody wrote stays
    People(console.store, console.store.clock).prefer(console.ids["rey"], Preferences(keys=False))
    page = seat.go("/queue")
    page.keyboard.press("g")
    page.keyboard.press("j")
    page.wait_for_timeout(200)
    assert page.url.endswith("/queue") and page.locator("kbd:visible").count() == 0
    seat.check()


def test_lists_go_by_keyboard(sit: Callable[..., Seat]) -> None:
    seat = sit("rey")
    page = seat.go("/queue")
    for _ in range(3):
        page.keyboard.press("j")
    page.keyboard.press("k")
    assert page.evaluate("[...document.querySelectorAll('[data-open]')].indexOf(document.activeElement)") == 1
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "/cases/" in page.url
    page = seat.go("/queue")
    page.keyboard.press("/")
    page.keyboard.type("Glory")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator("[data-row]").count() == 1
    seat.check()


def test_pictures_show_nothing_until_asked_and_every_look_counts(
    console: casework.Console, sit: Callable[..., Seat]
) -> None:
    case_id = case_of(console, "درود")
    seat = sit("rey")
    bodies: list[int] = []
    seat.page.on(
        "response",
        lambda r: (
            bodies.append(len(r.body())) if "/pictures/" in r.url and r.request.method == "GET" else None
        ),
    )
    page = seat.go(f"/cases/{case_id}")
    page.wait_for_selector('#hold[data-hold="mine"]')
    page.wait_for_load_state("networkidle")
    assert page.locator(".picture.closed").count() == 1 and max(bodies) < 1_500
    assert page.evaluate("document.querySelector('.picture img').naturalWidth") <= 10

    def reveals() -> int:
        with console.store.read() as view:
            counted = view.value(select(exposure.c.reveals).where(exposure.c.person_id == console.ids["rey"]))
            logged = view.value(
                select(func.count()).select_from(ledger).where(ledger.c.kind == "media.revealed")
            )
        assert (counted or 0) == logged
        return int(logged)

    for look in (1, 2):
        page.keyboard.press("b")
        page.wait_for_selector(".picture.open")
        assert (
            page.evaluate("document.querySelector('.picture img').naturalWidth") == 480 and reveals() == look
        )
        assert str(look) in page.locator("#exposure").inner_text()
        page.keyboard.press("b")
        page.wait_for_selector(".picture.closed")
    seat.go(f"/cases/{case_id}")
    assert page.locator(".picture.closed").count() == 1 and reveals() == 2
    People(console.store, console.store.clock).prefer(console.ids["rey"], Preferences(blur=False))
    seat.go(f"/cases/{case_id}").wait_for_selector(".picture.open")
    assert reveals() == 3  # asked for once and for all, and counted all the same
    seat.check()


def test_the_essentials_work_without_scripts(console: casework.Console, sit: Callable[..., Seat]) -> None:
    seat = sit("rey", java_script_enabled=False)
    page = seat.go(f"/cases/{case_of(console, 'درود')}")
    page.locator("#hold button").click()
    assert page.locator("#hold").get_attribute("data-hold") == "mine"
    page.locator(".picture button").click()
    assert page.locator(".picture.open").count() == 1
    page.get_by_role("radio", name="Remove the post").check()
    page.locator("#submit").click()
    # The browser itself does not ask for a reason without a script; the page does, and keeps what was chosen.
    assert (
        page.locator(".fault").is_visible()
        and page.locator("[name=action]:checked").get_attribute("value") == "remove"
    )
    page.locator("#reason").fill("It praises a listed group.")
    page.locator("#submit").click()
    assert page.locator(".flash").is_visible()
    page.get_by_role("button", name="Undo").first.click()
    assert page.locator("#decide").count() == 1
    assert len(seat.faults) == 1 and "422" in seat.faults.pop()  # Chromium notes that the form came back
    seat.check()


def wrong(page: Any) -> list[str]:
    """What axe finds serious or critical."""
    page.evaluate(AXE)
    found = page.evaluate("async () => (await axe.run(document, {resultTypes: ['violations']})).violations")
    return [
        f"{one['id']}: {node['html'][:160]}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"][:3]
    ]


@pytest.mark.parametrize(
    ("login", "scheme"), [("rey", "light"), ("rey", "dark"), ("shirin", "dark"), ("layla", "light")]
)
def test_nothing_stands_in_anybodys_way(
    console: casework.Console, sit: Callable[..., Seat], login: str, scheme: str
) -> None:
    pictured, waiting = case_of(console, "درود"), case_of(console, "What a night")
    seat = sit(login, color_scheme=scheme)
    page = seat.go(f"/cases/{pictured}")
    page.wait_for_selector('#hold[data-hold="mine"]')
    assert wrong(page) == []
    page.keyboard.press("b")
    page.wait_for_selector(".picture.open")
    page.keyboard.press("?")
    assert wrong(page) == []
    page = seat.go(f"/cases/{waiting}")
    page.wait_for_selector('#hold[data-hold="mine"]')
    page.keyboard.press("s")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    for path in (
        f"/cases/{waiting}",
        "/queue",
        "/queue?state=waiting_second",
        "/queue?q=nothingfits",
        "/queue?empty=1",
    ):
        seat.go(path)
        assert wrong(page) == [], path
    seat.check()


@pytest.mark.parametrize("login", ["rey", "shirin"])
def test_a_phone_needs_no_sideways_scrolling(
    console: casework.Console, sit: Callable[..., Seat], login: str
) -> None:
    seat = sit(login, viewport={"width": 360, "height": 740})
    for path in ("/queue", f"/cases/{case_of(console, 'درود')}", f"/cases/{case_of(console, 'The heroes')}"):
        page = seat.go(path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    seat.check()
