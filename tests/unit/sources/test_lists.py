from __future__ import annotations

import json

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tarazu.sources.lists import parse

words = st.text(alphabet="abcdefÀلم🙂_0123456789", min_size=1, max_size=8)
tags = st.lists(words, max_size=6)


def _one(value: object, kind: str = "hashtags") -> list[str] | None:
    found: list[str] | None = parse(pl.Series([value]), kind).to_list()[0]
    return found


@given(tags, st.sampled_from(["hashtags", "mentions", "media"]))
def test_every_way_of_writing_a_list_is_the_same_list(items: list[str], kind: str) -> None:
    expected = items or None
    assert _one(json.dumps(items, ensure_ascii=False), kind) == expected
    assert _one(str(items), kind) == expected
    assert _one("[" + ", ".join(items) + "]", kind) == expected
    for separator in (" ", ",", ", ", ";", "|", " | "):
        if items not in ([], ["nan"]):
            assert _one(separator.join(items), kind) == items


@given(
    st.lists(st.one_of(st.none(), st.text(max_size=40)), max_size=20), st.sampled_from(["urls", "hashtags"])
)
def test_any_text_is_taken_without_a_fault(values: list[str | None], kind: str) -> None:
    found = parse(pl.Series(values, dtype=pl.String), kind)
    assert len(found) == len(values)
    assert all(item for items in found.to_list() if items for item in items)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("[http://a.example/x,y, http://b.example]", ["http://a.example/x,y", "http://b.example"]),
        ("http://a.example,http://b.example", ["http://a.example", "http://b.example"]),
        ("http://a.example/?q=1;2|http://b.example", ["http://a.example/?q=1;2", "http://b.example"]),
        ("http://a.example http://b.example", ["http://a.example", "http://b.example"]),
        (r'["http:\/\/a.example\/"]', ["http://a.example/"]),
        ("23678", ["23678"]),
        ("[]", None),
        ("", None),
        ("nan", None),
        (None, None),
    ],
)
def test_addresses_keep_their_separators(written: str | None, read: list[str] | None) -> None:
    assert parse(pl.Series([written], dtype=pl.String), "urls").to_list() == [read]


def test_real_lists_lose_marks_and_empty_items() -> None:
    assert parse(pl.Series([["#a", None, "", "b"], None, []]), "hashtags").to_list() == [["a", "b"], None, []]
    assert _one("['@a', '@b']", "mentions") == ["a", "b"]
    assert parse(pl.Series([[1, 2]]), "mentions").to_list() == [["1", "2"]]
