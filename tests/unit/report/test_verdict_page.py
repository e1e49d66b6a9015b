"""The page of verdicts as text: escaped, complete without scripts, counted, never more than it should carry."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import judged
import payloads
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tarazu.policy.policy_file import read_policy
from tarazu.report.verdict_page import render, write_page
from tarazu.report.verdict_text import Span, quoted
from tarazu.report.verdict_view import MOST, view
from tarazu.report.verdict_words import sentence


class Seen(HTMLParser):
    """Tags, attributes, ids and text of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.said = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.said += data


def meant() -> dict[str, str]:
    from tarazu.evaluation.sample import judged_path

    rows = [json.loads(line) for line in judged_path().read_text(encoding="utf-8").splitlines()]
    assert len(rows) == 48 and {row["lang"] for row in rows} == {"en", "fa", "ar"}
    return {row["post_id"]: row["meant"] for row in rows}


def test_the_bundled_posts_name_whom_they_are_meant_to_name() -> None:
    """Whatever a model thinks: homonyms name nobody, the others somebody, and no listing means no violation."""
    lines = {line["post_id"]: line for line in judged.lines_of(*judged.bundled())}
    unsure = {f"{lang}-05" for lang in ("en", "fa", "ar")}  # the stand-in is not sure of lions
    assert {i: line["verdict"] for i, line in lines.items() if i not in unsure} == {
        i: outcome for i, outcome in meant().items() if i not in unsure
    }
    for lang in ("en", "fa", "ar"):
        assert lines[f"{lang}-13"]["mentions"] == []
        assert lines[f"{lang}-02"]["where"] == {"XA": "violates", "XB": "allowed"}
        assert lines[f"{lang}-14"]["stances"] == lines[f"{lang}-15"]["stances"] == []
        assert lines[f"{lang}-16"]["stances"] == []


def test_it_says_the_counts_and_shows_every_post_that_names_somebody() -> None:
    page = judged.page()
    seen = Seen(page)
    assert "48 posts: 13 violate, 3 wait for a person, 32 stay up" in seen.said
    assert seen.tags.count("article") == 45 + 3 and "3 other posts name nobody" in seen.said
    clauses = read_policy(judged.bundled()[2]).clauses
    for clause in clauses:
        assert all(text in seen.said for text in clause.text.values())
    assert 'lang="fa" dir="rtl"' in page and 'lang="ar" dir="rtl"' in page
    ids = [value for _, name, value in seen.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    links = {value for _, name, value in seen.attributes if name == "href"}
    assert {link[1:] for link in links if link.startswith("#")} <= set(ids)
    assert {link for link in links if not link.startswith("#")} == {"data:,", "report.html"}
    assert "unsafe" not in page and "default-src 'none'" in page


def test_hostile_text_adds_no_element() -> None:
    known, seen = Seen(judged.page()), Seen(judged.hostile(payloads.payloads()))
    assert set(seen.tags) <= set(known.tags)
    assert seen.tags.count("script") == 2 and seen.tags.count("style") == 1
    for tag, name, value in seen.attributes:
        assert not name.startswith("on") and name not in {"style", "action", "src", "srcset"}, (tag, name)
        if name == "href":
            assert value.startswith("#") or value in {"data:,", "report.html"}
        if name == "class":
            assert re.fullmatch(r"[\w -]*", value)
    assert (
        "window.__ran"
        not in re.findall(r"<style>(.*?)</style>", judged.hostile(payloads.payloads()), re.S)[0]
    )


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=60),
    st.lists(st.tuples(st.integers(0, 70), st.integers(0, 70), st.booleans()), max_size=6),
)
def test_marking_changes_no_word(text: str, pairs: list[tuple[int, int, bool]]) -> None:
    marks = [
        Span(start=min(a, b), end=max(a, b), mention=int(name), weight=None if name else 0.5)
        for a, b, name in pairs
    ]
    assert Seen(quoted(text, "fa", marks)).said == text


def test_marks_stand_on_the_very_words() -> None:
    text = "درود بر جبهه 😀 <b>"
    html = quoted(
        text, None, [Span(start=0, end=4, weight=0.9), Span(start=8, end=12, mention=1, title='"x"')]
    )
    assert '<mark class="w3" title="decided strongly, 0.90">درود</mark>' in html
    assert '<span class="named" title="&quot;x&quot;" data-n="1">جبهه</span> 😀 &lt;b&gt;' in html


def test_a_long_post_is_cut_around_what_it_names() -> None:
    html = quoted("x" * 9_000 + "NAME" + "y" * 9_000, None, [Span(start=9_000, end=9_004, mention=1)])
    assert ">NAME</span>" in html and len(html) < 2_300 and "18,004 characters in all" in html


def test_words_of_another_script_cannot_reorder_the_reason() -> None:
    html = sentence("The author praises گروه (listed); the words “درود” and “<b>” decided.", ["گروه"])
    assert html.count("<bdi>") == 3 and "“<bdi>درود</bdi>”" in html and "&lt;b&gt;" in html


def test_at_most_500_cards_the_gravest_first_and_the_rest_counted(tmp_path: Path) -> None:
    posts, entities, policy = judged.bundled()
    lines = judged.lines_of(posts, entities, policy)
    many = [line | {"post_id": f"{line['post_id']}-{turn}"} for turn in range(40) for line in lines]
    seen = view(many, posts, entities, read_policy(policy))
    assert len(seen.lines) == MOST and seen.total == 48 * 40
    assert {line["verdict"] for line in seen.lines} == {"violates"}
    assert [line["clauses"][0] for line in seen.lines[:280]] == ["terrorism"] * 280
    assert "500 of 520 are shown" in render(seen)


def test_it_is_written_whole_and_the_same_each_time(tmp_path: Path) -> None:
    posts, entities, policy = judged.bundled()
    verdicts = tmp_path / "verdicts.jsonl"
    verdicts.write_text("".join(json.dumps(line) + "\n" for line in judged.lines_of(posts, entities, policy)))
    page = tmp_path / "deep" / "verdicts.html"
    write_page(page, verdicts, posts, entities, read_policy(policy), beside="report.html")
    assert page.read_text(encoding="utf-8") == judged.page()
    assert [path.name for path in page.parent.iterdir()] == ["verdicts.html"]


@pytest.mark.parametrize("text", ["nothing to see", None])
def test_nobody_named_is_a_page_with_a_next_step(text: str | None) -> None:
    posts, entities, policy = judged.bundled()
    posts = posts.head(2).with_columns(text=pl.lit(text, pl.String))
    page = render(view(judged.lines_of(posts, entities, policy), posts, entities, read_policy(policy)))
    assert "2 posts: 0 violate, 0 wait for a person, 2 stay up" in Seen(page).said
    assert "Nobody on the list is named" in page and "<select" not in page
