"""Pictures on the pages as text: blurred and closed, described by what matched, never more than ours."""

from __future__ import annotations

import re

import judged
import payloads
import pictured
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_verdict_page import Seen

from tarazu.report import picture
from tarazu.report.verdict_view import about


def test_a_picture_starts_closed_and_says_what_matched() -> None:
    html = pictured.page()
    seen = Seen(html)
    assert seen.tags.count("img") == 48
    assert not re.search(r'<details class="picture"[^>]* open', html)
    alts = {value for tag, name, value in seen.attributes if (tag, name) == ("img", "alt")}
    assert alts == {
        "A picture of the post. It matches “portrait-12” in the bank “listed”, portrait of Davan Orlec, 8 of 256 bits "
        "apart."
    }
    assert "8 of 256 bits apart, mirrored" in seen.said
    assert "name or show somebody on the list" in seen.said


def test_a_page_without_media_knows_nothing_of_pictures() -> None:
    assert "picture" not in judged.page()


@pytest.mark.parametrize(
    "bytes_", [b"", b"<svg onload=x>", b"\x89PNG\r\n", b"\xff\xd8\xff" + bytes(picture.LARGEST)]
)
def test_what_is_no_thumbnail_of_ours_is_left_out(bytes_: bytes) -> None:
    assert "<img" not in picture.figure(bytes_, "kept", alt="x", name="x")
    assert "kept" in picture.figure(bytes_, "kept", alt="x", name="x")
    assert picture.within({"a": bytes_}, ["a"]) == {}


@given(st.lists(st.integers(0, 9), max_size=200))
def test_no_page_carries_more_than_its_budget(wanted: list[int]) -> None:
    size = 150_000
    have = {str(n): b"\xff\xd8\xff" + bytes([n]) * (size - 3) for n in range(8)}
    names = [str(n) for n in wanted]
    found = picture.within(have, names)
    assert set(found) <= set(have) & set(names)
    assert sum(size * names.count(name) for name in found) <= picture.BUDGET
    if len(names) * size <= picture.BUDGET:
        assert set(found) == set(have) & set(names)


def test_words_of_two_pictures_are_marked_where_they_stand() -> None:
    """Offsets run through the words of all pictures; those of the author's own words stay with the author."""
    posts, entities, policy = judged.bundled()
    line = judged.lines_of(posts, entities, policy)[0]
    both = [
        pictured.sighting("a.jpg", words=[("en", "first")]),
        pictured.sighting("b.jpg", words=[("en", "then Name")]),
    ]
    line |= {
        "media": both,
        "drawn": [{"entity_id": "davan-orlec", "start": 11, "end": 15, "text": "Name"}],
        "words": [{"start": 6, "end": 10, "text": "then", "weight": 0.9, "origin": "picture"}],
    }
    html = pictured.page([line])
    assert re.search(
        r'<mark class="w3" title="decided strongly, 0.90">then</mark> <span class="named"[^>]*>Name<', html
    )
    assert html.count("decided strongly") == 1
    assert "It matches no known picture." in html


def test_a_picture_known_to_be_fine_shows_nobody() -> None:
    line = {"mentions": [], "drawn": []}
    fine = [pictured.match(), pictured.match(negative=True, entity_id=None)]
    assert about(line | {"media": [pictured.sighting("a", pictured.match())]}) == ["davan-orlec"]
    assert about(line | {"media": [pictured.sighting("a", *fine)]}) == []


def test_hostile_text_about_pictures_adds_no_element() -> None:
    known, seen = Seen(pictured.page()), Seen(pictured.hostile(payloads.payloads()))
    assert set(seen.tags) <= set(known.tags)
    assert seen.tags.count("img") == seen.tags.count("figure") > 100
    for tag, name, value in seen.attributes:
        assert not name.startswith("on") and name not in {"style", "srcset", "action"}, (tag, name)
        if name == "src":
            assert re.fullmatch(r"data:image/jpeg;base64,[\w+/=]+", value)
        if name == "class":
            assert re.fullmatch(r"[\w -]*", value)


def test_a_shared_picture_stands_in_the_report_of_networks() -> None:
    html = pictured.networks()
    assert Seen(html).tags.count("img") == 12  # a moment and an object of each of six networks
    assert 'id="looking"' in html and "blurred until I look" in html
