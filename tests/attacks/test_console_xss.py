"""Promise 10: 300 hostile strings in every field that strangers fill, on the console's pages, in a real Chromium."""

# ruff: noqa: E501  (data read better unbroken)
from __future__ import annotations

import importlib.util
import shutil
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

TESTS = Path(__file__).parents[1]
sys.path[:0] = [str(TESTS / "unit" / "report"), str(TESTS / "browser")]

import casework  # noqa: E402
import payloads  # noqa: E402

from tarazu.cases.decision import Action, Choice  # noqa: E402
from tarazu.cases.decisions import Decisions  # noqa: E402
from tarazu.cases.finding import FindingKind, Found  # noqa: E402
from tarazu.cases.intake import Intake  # noqa: E402
from tarazu.cases.item import Item, ItemKind, Media  # noqa: E402
from tarazu.cases.report import Report, ReportKind  # noqa: E402
from tarazu.store import Actor, Store  # noqa: E402

pytestmark = pytest.mark.browser
COUNT = 300
CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if CHROMIUM is None or importlib.util.find_spec("playwright") is None:
        pytest.skip("no Chromium, or no playwright: the console was not attacked")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


def fill(store: Store, texts: list[str]) -> list[str]:
    """A case for each text, which stands in every field that a stranger, or a file, can fill."""
    intake, now = Intake(store, store.clock), store.clock()
    found = []
    for number, text in enumerate(texts):
        words = f"{text} #{number}"
        item = Item(
            kind=ItemKind.POST, external_id=f"{text} {number}", platform=text, author_id=f"{text} a{number}",
            author_name=text, text=words, lang=text[:30], created_at=now - timedelta(hours=1), url=text,
            media=(Media(ref=f"{text}{number}"),),
            context=dict.fromkeys(("reply_to", "quote_of", "repost_of", "client"), text) | {"hashtags": [text], "urls": [text]},
        )  # fmt: skip
        body = {
            "verdict": "violates", "clauses": [text], "purpose": "news", "reason": text,
            "mentions": [{"entity_id": text, "start": 0, "end": max(1, len(text) // 2), "text": text}],
            "stances": [{"entity_id": text, "stance": "praise", "confidence": 0.9}], "shares": {text: {"condemn": 0.1, text: 0.2}},
            "words": [{"start": len(text) // 3, "end": len(words), "text": text, "weight": 0.6, "origin": "post"}],
            "where": {text: "violates", "*": "review"}, "drawn": [{"entity_id": text, "start": 0, "end": 2, "text": text}],
            "media": [{"path": f"{text}{number}", "matches": [{"bank": text, "entry": text, "distance": 3, "negative": False}],
                       "text": [{"lang": text, "text": text, "confidence": 0.5}], "rejected": text, "unread": text}],
        }  # fmt: skip
        found.append(
            Found(item=item, kind=FindingKind.VIOLATION, body=body, versions={text: text}, certainty=0.9,
                  signature=str(number), clause_id=text[:100], jurisdiction=text[:50], lang=text[:30])
        )  # fmt: skip
    intake.findings(found)
    for one, text in zip(found, texts, strict=True):
        if text.strip():
            intake.report(
                Report(item=one.item, kind=ReportKind.GOVERNMENT_ORDER, reason=text, reporter=text, contact=text, comment=text,
                       clause_id=text, authority=text, legal_basis=text, jurisdiction=text[:50])
            )  # fmt: skip
    return texts


def test_no_script_runs_and_nothing_leaves(
    browser: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from sqlalchemy import select

    from tarazu.store.tables.cases import cases

    texts = payloads.payloads(COUNT)
    assert len(texts) == COUNT
    requests: list[str] = []
    errors: list[str] = []
    with casework.console(tmp_path, filled=False, name=f"</bdi><script>{payloads.CALL}</script>") as running:
        fill(running.store, texts)
        with running.store.read() as view:
            ids = [row.id for row in view.rows(select(cases.c.id).order_by(cases.c.id))]
        deciding = Decisions(running.store, running.store.clock)
        who = Actor("person", running.ids["layla"])
        for case_id, text in list(zip(ids, texts, strict=False))[
            ::10
        ]:  # these pages show a decision with its reason
            deciding.decide(case_id, who, Choice(action=Action.NO_ACTION, reason=text))
        context = browser.new_context()
        context.add_cookies([running.cookie("rey")])
        page = context.new_page()
        page.on(
            "request",
            lambda r: None if r.url.startswith((running.url + "/", "data:,")) else requests.append(r.url),
        )
        page.on("console", lambda m: errors.append(m.text) if m.type in {"error", "warning"} else None)
        # Markup that came alive would load something, if only from here: `src=x` is then not found.
        page.on("response", lambda r: errors.append(r.url) if r.status >= 400 else None)
        page.on("pageerror", lambda e: errors.append(str(e)))
        page.on("dialog", lambda d: (errors.append(d.message), d.dismiss()))
        pages = scripts = 0
        address = f"{running.url}/queue"
        addresses = [f"{running.url}/cases/{one}" for one in ids]
        while address:
            answer = page.goto(address)
            assert answer.status == 200, address
            pages += 1
            scripts += page.evaluate("window.__ran || 0")
            rows = page.locator("[data-row]").count()
            assert rows <= 50
            more = page.locator('a[rel="next"]')
            address = (
                running.url + more.get_attribute("href")
                if more.count()
                else addresses.pop(0)
                if addresses
                else ""
            )
        for text in texts[::6]:  # what somebody is made to open
            page.goto(
                f"{running.url}/queue?"
                + "&".join(
                    f"{name}={_quoted(text)}"
                    for name in ("q", "clause", "language", "state", "done", "passed")
                )
            )
            pages += 1
            scripts += page.evaluate("window.__ran || 0")
        for number, text in enumerate(texts[::10]):
            for path in (
                f"/search?q={_quoted(text)}",
                f"/search?in=accounts&q={_quoted(text)}",
                f"/search?in=reports&q={_quoted(text)}",
                f"/accounts/{_quoted(text).replace('.', '%2E')}/{_quoted(f'{text} a{number}')}",
            ):
                answer = page.goto(running.url + path)
                if (
                    answer.status == 404
                ):  # nobody of that name: the page that says so is looked at like any other
                    errors = [one for one in errors if "404" not in one and one != answer.url]
                pages += 1
                scripts += page.evaluate("window.__ran || 0")
        for path in ("/quality/look", "/own"):
            page.goto(running.url + path)
            pages += 1
            scripts += page.evaluate("window.__ran || 0")
        foreign = page.evaluate(
            "[...document.querySelectorAll('script')].every((one) => one.src.startsWith(location.origin))"
        )
        context.close()
    with capsys.disabled():
        print(
            f"\npromise 10: {COUNT} payloads, {pages} pages, {scripts} scripts run, {len(requests)} requests off origin, {len(errors)} console errors"
        )
    assert scripts == 0 and requests == [] and errors == [] and foreign
    assert len(ids) >= COUNT * 0.9 and pages > len(ids)


def _quoted(text: str) -> str:
    from urllib.parse import quote

    return quote(text.replace("\x00", "")[:180], safe="")
