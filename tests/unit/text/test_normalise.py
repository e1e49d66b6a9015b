from __future__ import annotations

import polars as pl
import pytest

from tarazu.text.normalise import folded


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("می‌شود", "ميشود"),  # non-joiner, Arabic yeh
        ("كتاب جديد", "کتاب جدید"),
        ("مدرسة", "مدرسه"),
        ("أحمد إلى آخر", "احمد الی اخر"),
        ("مُحَمَّد", "محمد"),
        ("سلـــام", "سلام"),
        ("سال ۱۳۹۹ و ١٤٤٢", "سال 1399 و 1442"),
        ("Ｆｕｌｌ ｗｉｄｔｈ", "full width"),
        ("Vоtе nоw", "vote now"),  # Cyrillic о, е
        ("re\u200bsist", "resist"),
        ("Résumé", "resume"),
        ("RT @some_one: Read this https://t.co/abc @you", "read this"),
        ("#Stop!!! — now…", "stop now"),
    ],
)
def test_the_same_words_fold_to_the_same_text(one: str, two: str) -> None:
    both = folded(pl.Series([one, two]))
    assert both[0] == both[1] != ""


def test_nulls_stay_null_and_giants_are_cut() -> None:
    out = folded(pl.Series(["a" * 1_000_000, None, "\x00"]))
    assert out[0] == "a" * 4096
    assert out[1] is None
    assert out[2] == ""
