from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tarazu.text.skeleton import folded_key, skeleton


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Ｆｕｌｌ WÍDTH", "full width"),
        ("كتابٌ قديـــم", "کتاب قدیم"),
        ("می‌شود", "میشود"),
        ("re\u200bsi\u2066st", "resist"),
        ("see https://a.org/x or me@example.com, ok", "see or ok"),
        ("۱۲٣", "123"),
        ("ﷲ ﬁn", "الله fin"),
    ],
)
def test_the_folded_key(text: str, key: str) -> None:
    assert folded_key(text).text == key


@pytest.mark.parametrize(
    ("disguised", "clean"),
    [
        ("Z3N1TH", "zenith"),
        ("Ζеniтh", "zenith"),
        ("Z e n-i.t h", "zenith"),
        ("zeeeenithhh", "zenith"),
        ("p@$$w0rd", "password"),
        ("طالٮاں", "طالبان"),
        ("𝓩𝓮𝓷𝓲𝓽𝓱", "Zenith"),
    ],
)
def test_disguises_share_the_skeleton(disguised: str, clean: str) -> None:
    assert skeleton(disguised).text == skeleton(clean).text


@given(st.text())
def test_every_letter_of_a_key_has_its_place_in_the_original(text: str) -> None:
    for key in (folded_key(text), skeleton(text)):
        assert len(key.text) == len(key.start) == len(key.end)
        assert all(0 <= start < end <= len(text) for start, end in zip(key.start, key.end, strict=True))
        assert list(key.start) == sorted(key.start)
