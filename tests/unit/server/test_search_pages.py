"""Search as people use it: words and ids, everything found marked and led to, and searches that are kept."""

from __future__ import annotations

import re

import pytest

from console import Console, console
from tarazu.cases.decision import Action, Choice
from tarazu.cases.decision_settings import DecisionSettings
from tarazu.cases.decisions import Decisions
from tarazu.cases.finding import FindingKind, Found
from tarazu.cases.intake import Intake
from tarazu.cases.item import Item, ItemKind
from tarazu.cases.queue import Queue
from tarazu.cases.report import Report, ReportKind
from tarazu.server.roles import Role
from tarazu.verdicts import Severity

__all__ = ["console"]


def opened(console: Console, number: int, text: str, lang: str = "en", author: str = "ann/1") -> str:
    """A case about a post; gives its id."""
    item = Item(
        kind=ItemKind.POST, external_id=f"post-{number}", text=text, lang=lang, platform="forum",
        author_id=author, author_name="Ann",
    )  # fmt: skip
    found = Found(
        item=item, kind=FindingKind.VIOLATION, body={"reason": "why"}, versions={}, certainty=0.9,
        signature=f"s{number}", severity=Severity.HIGH, reach=0.1, clause_id="C1",
    )  # fmt: skip
    Intake(console.store, console.clock).findings([found])
    from tarazu.cases.view import Cases

    return Cases(console.store, console.clock).of_item("post", f"post-{number}")[0]


def test_words_are_found_in_every_state_and_marked(console: Console) -> None:
    case_id = opened(console, 1, "A <b>violet</b> harbour at night, unlike the others")
    other = opened(console, 2, "Nothing of the kind was ever said by anybody here")
    page = console.client(Role.VIEWER).page("/search?q=viol")
    assert f"/cases/{case_id}" in page and other not in page
    assert '<mark class="w2">violet</mark>' in page and "<b>" not in page
    assert "/accounts/forum/ann%2F1" in page


def test_folded_words_are_marked_as_they_are_written(console: Console) -> None:
    opened(console, 1, "كتاب‌های تازه در بازار", "fa")
    page = console.client(Role.VIEWER).page("/search?q=کتاب")
    assert re.search(r'<mark class="w2">كتاب\S*</mark>', page)


@pytest.mark.parametrize("what", ["case", "post", "account", "report"])
def test_an_id_leads_to_what_has_it(console: Console, what: str) -> None:
    case_id = opened(console, 1, "A violet harbour at night, unlike the others")
    post = Item(kind=ItemKind.POST, external_id="post-1", platform="forum", text="A violet harbour at night")
    receipt = Intake(console.store, console.clock).report(
        Report(item=post, kind=ReportKind.USER, reason="because of the harbour master", reporter="bob")
    )
    ids = {"case": case_id.lower(), "post": "post-1", "account": "ann/1", "report": receipt.report_id}
    page = console.client(Role.VIEWER).page(f"/search?q={ids[what]}")
    head = page.partition('class="hits-exact"')[2].partition("</section>")[0]
    assert ("/accounts/forum/ann%2F1" if what == "account" else f"/cases/{receipt.case_id}") in head


def test_reports_are_found_by_what_they_say(console: Console) -> None:
    item = Item(kind=ItemKind.POST, external_id="post-9", platform="forum", text="Some quiet words")
    Intake(console.store, console.clock).report(
        Report(item=item, kind=ReportKind.USER, reason="Calls the HARBOUR names", reporter="bob")
    )
    client = console.client(Role.VIEWER)
    assert "Calls the <mark" in client.page("/search?q=harbour&in=reports")
    assert "Calls the" not in client.page("/search?q=harbour&in=reports&from=2026-04-01")
    assert "Calls the" not in client.page("/search?q=harbour&in=decisions")


def test_pages_show_everything_once(console: Console) -> None:
    for number in range(60):
        opened(console, number, f"lantern {'x' * number} {number * 7919} {number * 104729}")
    client, seen, to = console.client(Role.VIEWER), [], "/search?q=lantern"
    while to:
        page = client.page(to)
        seen += re.findall(r'href="/cases/(\w{26})" data-open', page)
        more = re.search(r'href="([^"]*)" rel="next"', page)
        to = more.group(1).replace("&amp;", "&") if more else ""
    queue = Queue(console.store, console.clock).page(limit=500)
    assert sorted(seen) == sorted(row.id for row in queue) and len(queue) == 60


def test_a_search_is_kept_shared_opened_and_removed(console: Console) -> None:
    opened(console, 1, "A violet harbour at night, unlike the others")
    mine, other = console.client(Role.REVIEWER), console.client(Role.POLICY_EDITOR)
    query = "q=violet&language=en&from=2026-01-01&to=2026-12-31"
    answer = mine.submit("/search/saved", name="Harbours", query=query, shared="yes")
    assert answer.status_code == 303
    assert "violet</mark>" in mine.page(answer.headers["location"])
    assert "2026-12-31" in mine.page(answer.headers["location"])
    page = other.page("/search")
    assert "Harbours" in page and "/remove" not in page
    (query_id,) = re.findall(r"/search/saved/(\w+)/remove", mine.page("/search"))
    assert other.submit(f"/search/saved/{query_id}/remove").status_code == 404
    assert mine.submit(f"/search/saved/{query_id}/remove").status_code == 303
    assert "Harbours" not in mine.page("/search")
    assert mine.submit("/search/saved", name=" ", query=query).status_code == 422
    kept = mine.submit("/search/saved", name="Mine", query="kind=post", queue="1")
    assert kept.headers["location"] == "/queue?kind=post"
    assert "Mine" in mine.page("/queue")


def test_what_was_found_is_drawn_by_day_and_narrowed_by_who_decided(console: Console) -> None:
    first = opened(console, 1, "A violet harbour at night, unlike the others")
    console.clock.move(days=3)
    second = opened(console, 2, "Some violet hats were seen at the market today")
    reviewer = console.client(Role.REVIEWER)
    page = reviewer.page("/search?q=violet")
    assert page.count("v-56.0") == 2 and "2 cases" in page  # two bars, equally high
    alone = reviewer.page("/search?q=hats")
    assert "<figure" not in alone and "1 case<" in alone  # one day needs no drawing
    assert reviewer.person is not None
    choice = Choice(action=Action.NO_ACTION, reason="Hats.")
    Decisions(console.store, console.clock, DecisionSettings()).decide(second, reviewer.person.actor, choice)
    for by, there in ((reviewer.person.id, True), ("rule", False), ("nobody", False)):
        shown = reviewer.page(f"/search?q=violet&by={by}")
        assert (second in shown) is there and first not in shown
