from __future__ import annotations

import polars as pl
import pytest

from tarazu.text.links import canonical, canonical_series


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("HTTPS://www.Example.com:443/a/?b=2&a=1&utm_source=x#part", "example.com/a?a=1&b=2"),
        ("http://m.example.com/a//b?fbclid=1", "example.com/a/b"),
        ("https://amp.example.com/story/amp", "example.com/story"),
        ("https://example.com:8080/", "example.com:8080"),
        ("https://youtu.be/abc?t=3", "youtube.com/watch?v=abc"),
        ("http://m.youtube.com/watch?feature=share&v=abc&list=x", "youtube.com/watch?v=abc"),
        ("https://youtube.com/playlist?list=x", "youtube.com/playlist?list=x"),
        ("https://twitter.com/somebody/status/123?s=20", "x.com/i/status/123"),
        ("https://fa.wikipedia.org/wiki/%D8%A7%DB%8C", "fa.wikipedia.org/wiki/ای"),
        ("https://example.com/x%2fy", "example.com/x%2fy"),  # an escaped slash is no slash
        ("https://t.co/AbC", "t.co/AbC"),  # a shortener stays a key of its own, with its case
        ("https://example.com/#!/route", "example.com#!/route"),
        ("23678", "23678"),
        ("mailto:a@b.org", "mailto:a@b.org"),
        ("", ""),
        ("https://", "https://"),
        ("http://[::1", "http://[::1"),
    ],
)
def test_canonical(url: str, key: str) -> None:
    assert canonical(url) == key
    assert canonical(key) == key  # a key is its own key


def test_series_keeps_nulls_and_order() -> None:
    out = canonical_series(pl.Series(["http://a.org/", None, "https://www.a.org"]))
    assert out.to_list() == ["a.org", None, "a.org"]
