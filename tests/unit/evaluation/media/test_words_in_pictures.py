"""How reading is scored, and that a missed promise is said."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tarazu.evaluation.media.words_in_pictures import (
    PosterFigures,
    TextFigures,
    accuracy,
    edits,
    folded,
    strict,
)
from tarazu.evaluation.media.words_section import section

words = st.text(alphabet="abc \u200cپی", max_size=12)


@given(words, words, words)
def test_edits_are_a_distance(one: str, two: str, three: str) -> None:
    assert edits(one, two) == edits(two, one) <= max(len(one), len(two))
    assert (edits(one, two) == 0) == (one == two)
    assert edits(one, three) <= edits(one, two) + edits(two, three)


def test_folded_forgives_what_linking_forgives_and_strict_does_not() -> None:
    truth, told = "حلقه‌ی قایق", "حلقهي  قايق"
    assert accuracy(folded(truth), folded(told)) == 1
    assert accuracy(strict(truth), strict(told)) < 1


def test_a_missed_goal_is_said() -> None:
    good = [
        PosterFigures(
            lang=lang,
            font="f",
            display=False,
            busy=busy,
            folded=1.0,
            strict=1.0,
            linked=True,
            mistaken=False,
            english=None,
        )
        for lang in ("en", "fa", "ar")
        for busy in (False, True)
    ]
    figures = TextFigures(
        posters=tuple(good), wordless=3, unstarted=2, invented=0, version="ocr.v1+tesseract-5.3.0"
    )
    assert "| NO |" not in section(figures)
    worse = replace(good[2], folded=0.6, linked=False)
    text = section(replace(figures, posters=(*good[:2], worse, *good[3:])))
    assert "| Persian: character accuracy, at least 95% | 60.0% | NO |" in text
    assert "| Persian: mention linked, at least 90% | 0.0% | NO |" in text
