"""The page as text: self-contained, escaped, complete without scripts, small enough to mail."""

from __future__ import annotations

import re
import time
from html.parser import HTMLParser

import invented
import payloads
import pytest

from tarazu.report import markup
from tarazu.report.moment import marked, shared
from tarazu.report.page import render

BANNED = re.compile(r"\b(bots?|suspicious|fake|troll)\b", re.IGNORECASE)


class Tags(HTMLParser):
    """Counts tags and collects attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]


def parsed(html: str) -> Tags:
    tags = Tags()
    tags.feed(html)
    return tags


@pytest.fixture(scope="module")
def page() -> str:
    return render(invented.result())


def test_it_asks_nothing_of_anybody(page: str) -> None:
    tags = parsed(page)
    assert "default-src 'none'" in page and "unsafe" not in page
    for tag, name, value in tags.attributes:
        assert not name.startswith("on") and name not in {"style", "srcset", "action"}, (tag, name)
        if name in {"src", "href"}:
            assert value and (value.startswith("#") or value == "data:,"), value
    for word in (
        "eval(",
        "innerHTML",
        "insertAdjacentHTML",
        "document.write",
        "fetch(",
        "XMLHttpRequest",
        "import(",
    ):
        assert word not in page


def test_hostile_text_adds_no_element(page: str) -> None:
    hostile = render(invented.result(invented.World(hostile=payloads.payloads())))
    assert set(parsed(hostile).tags) <= set(parsed(page).tags) | {"details", "summary"}
    assert parsed(hostile).tags.count("script") == 3
    for tag, name, _ in parsed(hostile).attributes:
        assert not name.startswith("on") and name != "style", (tag, name)


def test_it_never_accuses(page: str) -> None:
    assert not BANNED.search(re.sub(r"<(script|style)\b.*?</\1>", "", page, flags=re.DOTALL))


def test_the_essentials_are_there_without_scripts(page: str) -> None:
    body = re.sub(r"<script\b.*?</script>", "", page, flags=re.DOTALL)
    result = invented.result()
    for network in result.networks:
        assert f'id="{network.id}"' in body
        assert markup.escape(network.reason) in body
        assert all(markup.escape(line) in body for line in network.against)
        assert all(f">{m.account_id}<" in body for m in network.members)
    assert "6 coordinated networks among" in body and "58,317 accounts" in body
    assert '<svg class="still"' in body


def test_ids_in_the_page_are_unique(page: str) -> None:
    ids = [value for _, name, value in parsed(page).attributes if name == "id"]
    assert len(ids) == len(set(ids))


def test_an_empty_result_is_a_page_with_a_next_step() -> None:
    page = render(invented.empty())
    assert "No coordinated networks among" in page and "If you expected a network" in page
    assert "application/json" not in page


def test_a_report_of_3_000_accounts_is_under_8_mb_and_says_what_it_left_out() -> None:
    result = invented.result(invented.World(sizes=(1200, 700, 400, 250, 150, 120, 80, 60, 40), pairs_each=10))
    begin = time.process_time()
    page = render(result)
    assert time.process_time() - begin < 12
    assert len(page.encode()) < 8_000_000
    assert "evidence.parquet" in page and f"of {result.evidence.height:,} pairs of posts" in page


def test_shared_words_are_marked_in_any_script() -> None:
    texts = ["پل بندر از روز یکشنبه بسته است", "نه! پل بندر از روز یکشنبه باز است"]
    spans = shared(texts)
    assert [texts[0][a:b] for a, b in spans[0]] == ["پل بندر از روز یکشنبه"]
    assert "<mark>پل بندر از روز یکشنبه</mark>" in marked(texts[1], spans[1])
    assert marked("<b>", []) == "&lt;b&gt;"


def test_the_notebook_view_has_no_script() -> None:
    html = invented.result(invented.World(hostile=payloads.payloads()))._repr_html_()
    assert not {"script", "img", "iframe", "style", "input"} & set(parsed(html).tags)
    assert "6 coordinated networks among" in html
    assert "No coordinated networks" in invented.empty()._repr_html_()
