"""A stranger and `tarazu serve --demo`: from the one-time link to a reversed appeal, in English and in Persian."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from tarazu.cases.case import CaseKind
from tarazu.cases.notices import Notices
from tarazu.cases.queue import Queue
from tarazu.cli import ledger
from tarazu.server.policies import decision_settings
from tarazu.settings import Settings
from tarazu.store import Store
from tarazu.store.tables.decisions import decisions, notices

pytestmark = pytest.mark.browser
PASSWORD = "seven quiet river stones"
# What is typed, and the letters that stand on the keyboard where r, n, w and g do in English.
SPOKEN = {
    "en": ("It praises a listed group.", "They act as one and do not say so.", "We are a choir.", "The choir is real."),
    "fa": ("گروهی فهرست‌شده را می‌ستاید.", "با هم عمل می‌کنند و نمی‌گویند.", "ما گروه کر هستیم.", "این گروه واقعی است."),
}  # fmt: skip
KEYS = {"en": ("", "", ""), "fa": ("ق", "د", "ص")}
START = "import sys; sys.argv[0] = 'tarazu'; from tarazu.cli import main; main()"


@dataclass
class Demo:
    """A demo that runs as its own process, and its folder."""

    url: str
    link: str
    folder: Path


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tmp_path / "data"
    words = ["serve", "--demo", "--data", str(folder), "--port", str(port)]
    environ = {name: value for name, value in os.environ.items() if not name.startswith("TARAZU_")}
    log = tmp_path / "said"
    with log.open("w") as said:
        running = subprocess.Popen(
            [sys.executable, "-u", "-c", START, *words],
            stdout=said, stderr=subprocess.STDOUT, env=environ,
        )  # fmt: skip
    try:
        until = time.monotonic() + 90
        while "/link/" not in log.read_text() and time.monotonic() < until and running.poll() is None:
            time.sleep(0.1)
        found = re.search(r"http://\S+/link/\S+", log.read_text())
        assert found, log.read_text()
        while time.monotonic() < until:
            with socket.socket() as tried:
                if tried.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield Demo(f"http://127.0.0.1:{port}", found[0], folder)
    finally:
        running.send_signal(signal.SIGINT)
        running.wait(30)


@dataclass
class Seat:
    """Somebody's browser, and what should not have happened in it."""

    page: Any
    url: str
    faults: list[str] = field(default_factory=list)

    def go(self, path: str) -> Any:
        self.page.goto(path if path.startswith("http") else self.url + path)
        return self.page

    def send(self, selector: str) -> None:
        with self.page.expect_navigation():
            self.page.locator(selector).click()

    def join(self, link: str, login: str = "") -> None:
        """Begin with a one-time link; the first person says who they are, too."""
        self.go(link)
        if login:
            self.page.fill("#name", login.title())
            self.page.fill("#login", login)
        self.page.fill("#password", PASSWORD)
        self.page.fill("#again", PASSWORD)
        self.send("form.stack button.main")
        assert "/link/" not in self.page.url


@pytest.fixture
def sit(chromium: Any, demo: Demo) -> Iterator[Callable[[str], Seat]]:
    contexts = []

    def open_(lang: str) -> Seat:
        context = chromium.new_context(locale=lang, viewport={"width": 1366, "height": 860})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        seat = Seat(page, demo.url)
        ours = (demo.url + "/", "data:")
        page.on("request", lambda r: None if r.url.startswith(ours) else seat.faults.append(r.url))
        page.on("console", lambda m: seat.faults.append(m.text) if m.type in {"error", "warning"} else None)
        page.on("pageerror", lambda e: seat.faults.append(str(e)))
        return seat

    yield open_
    for context in contexts:
        context.close()


def press(page: Any, key: str, foreign: str) -> None:
    if not foreign:
        page.keyboard.press(key)
        return
    page.evaluate(
        "([key, code]) => document.activeElement.dispatchEvent("
        "new KeyboardEvent('keydown', {key, code, bubbles: true, cancelable: true}))",
        [foreign, f"Key{key.upper()}"],
    )


def invite(seat: Seat, login: str) -> str:
    """Invite another lead, through the page; gives the link to hand over."""
    page = seat.go("/people")
    page.fill("#name", login.title())
    page.fill("#login", login)
    page.check("input[name=roles][value=lead]")
    seat.send("form.stack button.main")
    return str(page.locator("input.link").input_value())


def decide_three(seat: Seat, lang: str, reason: str) -> list[str]:
    """By keyboard alone; the third is taken back."""
    page = seat.go("/queue")
    page.keyboard.press("g")
    done = []
    for key, foreign in zip("rnw", KEYS[lang], strict=True):
        page.wait_for_selector("#decide")
        page.wait_for_selector('#hold[data-hold="mine"]')
        done.append(page.url.split("/cases/")[1][:26])
        press(page, key, foreign)
        if page.evaluate("document.activeElement.id") == "reason":  # nothing could be suggested
            page.keyboard.insert_text(reason)
            page.keyboard.press("Escape")
            page.locator("#submit").focus()
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert page.locator(".flash").is_visible()
    with page.expect_navigation():
        page.keyboard.press("u")
    assert page.url.split("/cases/")[1][:26] == done[2]
    return done


def decision_of(store: Store, case_id: str) -> Any:
    asked = sa.select(decisions).where(decisions.c.case_id == case_id, decisions.c.undoes.is_(None))
    with store.read() as view:
        return view.rows(asked.order_by(decisions.c.number))[-1]


@pytest.mark.parametrize("lang", ["en", "fa"])
def test_from_a_link_to_a_reversed_appeal(demo: Demo, sit: Callable[[str], Seat], lang: str) -> None:
    reason, together, appealed, answer = SPOKEN[lang]
    first, second, third, stranger = sit(lang), sit(lang), sit(lang), sit(lang)
    first.join(demo.link, "first")
    assert first.page.evaluate("document.documentElement.lang") == lang
    second.join(invite(first, "second"))
    third.join(invite(first, "third"))
    settings = Settings.load(data_folder=demo.folder)
    with Store.open(settings.store_url, key=settings.key("ledger.signing")) as store:
        done = decide_three(first, lang, reason)
        states = [decision_of(store, one).state for one in done]
        assert states[0] in ("effective", "proposed")  # where the first is an authority's order, it takes two
        assert states[1:] == ["effective", "undone"]
        queue = Queue(store).page(limit=100)
        network = next(row.id for row in queue if row.kind == CaseKind.NETWORK)
        for stage in ("limit", "suspend"):
            page = first.go(f"/networks/{network}")
            page.select_option("#stage [name=clause]", "terrorism")
            page.fill("#stage [name=reason]", together)
            first.send(f"#stage button[value={stage}]")
            proposed = decision_of(store, network)
            assert (proposed.stage, proposed.state) == (stage, "proposed")
            page = second.go(f"/second/{proposed.id}")
            with page.expect_navigation():
                page.keyboard.press("y")
            assert decision_of(store, network).state == "effective"
        with store.read() as view:
            told = view.rows(sa.select(notices).where(notices.c.decision_id == proposed.id))[0]
        token = Notices(store, store.clock, decision_settings(settings)).link(told.id)
        page = stranger.go(f"/n/{token}")
        page.fill("textarea[name=text]", appealed)
        stranger.send("#appeal button.strong")
        assert appealed in page.locator("#appeal").inner_text()
        first.go("/appeals").locator("main a[href^='/appeals/0']").first.click()
        assert not first.page.locator(
            "form[action$='/answer']"
        ).count()  # who decided does not judge the appeal
        page = third.go("/appeals")
        third.send("main a[href^='/appeals/0']")
        page.fill("textarea[name=reason]", answer)
        third.send("button[name=answer][value=reverse]")
        page = stranger.go(f"/n/{token}")
        assert answer in page.locator("#appeal").inner_text()
    checked = CliRunner().invoke(ledger.app, ["verify", "--data", str(demo.folder)])
    assert checked.exit_code == 0 and "whole" in checked.output, checked.output
    for seat in (first, second, third, stranger):
        assert seat.faults == []
