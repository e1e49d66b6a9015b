from __future__ import annotations

import polars as pl
import pytest

from tarazu.sources import marks


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("#one two #three", ["one", "three"]),
        ("سلام #انتخابات_۱۴۰۰ و #می\u200cخواهم.", ["انتخابات_۱۴۰۰", "می\u200cخواهم"]),
        ("#ТАИЛАНД!", ["ТАИЛАНД"]),
        ("#1 of &#39; http://a.example/#part a#b", []),
        ("(#in) #c4_d", ["in", "c4_d"]),
    ],
)
def test_hashtags_of_every_script(text: str, tags: list[str]) -> None:
    assert pl.select(marks.hashtags(pl.lit(text))).item().to_list() == tags


def test_mentions_are_handles_and_not_mail_or_the_repeated_author() -> None:
    text = "RT @author: hi @b_c, @d@social.example me@mail.example @e."
    assert pl.select(marks.mentions(pl.lit(text))).item().to_list() == ["b_c", "d@social.example", "e"]


def test_addresses_end_before_punctuation() -> None:
    text = 'see http://a.example/x, (https://b.example/y?z=1) "http://c.example" https://t.co/cut…'
    found = pl.select(marks.urls(pl.lit(text))).item().to_list()
    assert found == ["http://a.example/x", "https://b.example/y?z=1", "http://c.example"]


def test_the_repost_key_is_of_author_and_words() -> None:
    texts = [
        "RT @Name: The  words https://t.co/a",
        "RT @name: the words https://t.co/b…",
        "RT @other: the words",
        "RT @name: https://t.co/a",
        "the words",
        None,
    ]
    keys = marks.repost_key(pl.Series(texts)).to_list()
    assert keys[0] == keys[1]
    assert len({keys[0], keys[2], keys[3]}) == 3
    assert keys[4:] == [None, None]
    assert keys[0] is not None and keys[0].startswith("rt:") and len(keys[0]) == 27
