"""The pages beyond queue and case in a real Chromium: two languages, no faults, nothing foreign, usable by everybody."""

# ruff: noqa: E501  (scripts are easier to read unbroken)
from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import casework
import further
import pytest

from tarazu.cases.decisions import Decisions
from tarazu.cases.staging import Staging
from tarazu.cases.view import Cases

pytestmark = pytest.mark.browser
AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
STAFF = (
    "/networks/{network}", "/networks/{free}", "/second", "/second/{proposed}", "/appeals", "/appeals?state=upheld",
    "/appeals/{appeal}", "/reports/new", "/audit", "/policies", "/rules", "/rules/{rule}", "/settings",
    "/search", "/search?q=redmarch", "/search?q=p77&in=reports", "/accounts/example/a1", "/entities", "/quality",
    "/quality/disagreements", "/quality/golden", "/people", "/tokens", "/own", "/cases/{network}/notices",
)  # fmt: skip
PUBLIC = ("/n/{notice}", "/n/{notice_fa}", "/n/{notice_open}", "/r/{receipt}?new=1", "/report?lang={lang}")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[casework.Console, dict[str, str]]]:
    with casework.console(tmp_path_factory.mktemp("further")) as console:
        yield console, further.seed(console)


@pytest.fixture
def sit(
    chromium: Any, place: tuple[casework.Console, dict[str, str]]
) -> Iterator[Callable[..., tuple[Any, list[str]]]]:
    contexts = []

    def open_(login: str = "", **options: Any) -> tuple[Any, list[str]]:
        console = place[0]
        context = chromium.new_context(**({"viewport": {"width": 1366, "height": 900}} | options))
        contexts.append(context)
        if login:
            context.add_cookies([console.cookie(login)])
        page, faults = context.new_page(), []
        ours = (console.url + "/", "data:")
        page.on("request", lambda r: None if r.url.startswith(ours) else faults.append(r.url))
        page.on("console", lambda m: faults.append(m.text) if m.type in {"error", "warning"} else None)
        page.on("pageerror", lambda e: faults.append(str(e)))
        return page, faults

    yield open_
    for context in contexts:
        context.close()


@pytest.mark.parametrize(("login", "lang"), [("noor", "en"), ("mina", "fa")])
@pytest.mark.parametrize("wide", [1366, 390])
def test_every_page_is_whole_and_usable_by_everybody(
    place: tuple[casework.Console, dict[str, str]],
    sit: Callable[..., tuple[Any, list[str]]],
    login: str,
    lang: str,
    wide: int,
) -> None:
    console, ids = place
    for name, paths in ((login, STAFF), ("", PUBLIC)):
        page, faults = sit(name, viewport={"width": wide, "height": 900})
        for path in paths:
            answer = page.goto(console.url + path.format(**ids, lang=lang))
            assert answer.status == 200, path
            shown = page.evaluate("[document.documentElement.lang, document.documentElement.dir]")
            assert path.startswith(("/n/", "/r/")) or shown == [lang, "rtl" if lang == "fa" else "ltr"], path
            over = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert over <= 0, (path, over)
            page.evaluate(AXE)
            found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
            grave = [
                (one["id"], [node["target"] for node in one["nodes"]][:3])
                for one in found
                if one["impact"] in ("serious", "critical")
            ]
            assert not grave, (path, grave)
            assert faults == [], path


def test_a_network_is_limited_by_two_people_and_given_back(
    place: tuple[casework.Console, dict[str, str]], sit: Callable[..., tuple[Any, list[str]]]
) -> None:
    console, case = place[0], further.network(place[0], 9, "choir")
    staging = Staging(Decisions(console.store, console.store.clock, console.app.state.casework.settings))
    page, faults = sit("rey")
    page.goto(f"{console.url}/networks/{case}")
    page.check("input[name=exclude][value=choir-3]")
    page.select_option("#stage select[name=clause]", index=1)
    page.fill("#stage textarea", "They act together and hide it.")
    page.click("button[name=act][value=limit]")
    waits = staging.takedown(case).limit
    assert waits is not None and waits.waits
    assert (
        page.locator(".second").is_visible() and page.locator(".second a").count() == 0
    )  # not by who proposed it
    other, more = sit("layla")
    other.goto(f"{console.url}/second/{waits.id}")
    other.click("button[value=yes]")
    found = staging.takedown(case)
    assert (found.state("choir-2"), found.state("choir-3"), found.next) == ("limited", "free", "suspend")
    assert other.locator(".holds.limited").count() == 8
    other.click(".undoing summary >> nth=0")
    other.fill(".undoing textarea", "They say openly that they are a choir.")
    other.click(".undoing form > button")
    assert {staging.takedown(case).state(one.id) for one in found.members} == {"free"}
    assert faults == [] and more == []


def test_somebody_appeals_once_and_somebody_else_answers(
    place: tuple[casework.Console, dict[str, str]], sit: Callable[..., tuple[Any, list[str]]]
) -> None:
    console, ids = place
    page, faults = sit(java_script_enabled=False)
    page.goto(f"{console.url}/n/{ids['notice_open']}")
    page.fill("textarea[name=text]", "I asked people to join a football club of that name.")
    page.click("form button")
    assert page.locator("textarea").count() == 0 and "football" in page.content()
    lead, more = sit("noor")
    lead.goto(f"{console.url}/appeals")
    lead.click("text=football")
    lead.fill("textarea[name=reason]", "It is about the club.")
    lead.click("button[value=reverse]")
    assert lead.locator("button[value=reverse]").count() == 0
    page.reload()
    assert "It is about the club." in page.content() and faults == [] and more == []


def test_a_report_needs_no_account_and_its_receipt_says_what_became_of_it(
    place: tuple[casework.Console, dict[str, str]], sit: Callable[..., tuple[Any, list[str]]]
) -> None:
    console, _ = place
    page, faults = sit()
    page.goto(f"{console.url}/report?lang=en")
    page.fill("[name=what]", "https://example.invalid/posts/5")
    page.fill("[name=reason]", "It calls for violence against a neighbour.")
    page.click("form.stack button")
    receipt = page.locator(".link").input_value()
    assert receipt.startswith(f"{console.url}/r/") and page.goto(receipt).status == 200
    case = Cases(console.store).of_item("post", "https://example.invalid/posts/5")
    assert [one.kind for one in Cases(console.store).case(case[0]).reports] == ["anonymous"]
    assert page.goto(f"{console.url}/r/{'x' * 32}").status == 404
    assert len(faults) == 1  # the browser says that the last page was not there


def test_the_ledger_is_checked_at_a_press(
    place: tuple[casework.Console, dict[str, str]], sit: Callable[..., tuple[Any, list[str]]]
) -> None:
    console, ids = place
    page, faults = sit("noor")
    page.goto(f"{console.url}/audit?subject=case:{ids['network']}")
    assert page.locator("tbody tr").count() >= 2
    page.click("text=Check the whole ledger")
    assert page.locator("#verified .good").is_visible() and faults == []
