"""Words drawn into a picture are the words read from it."""

from collections.abc import Iterator

import numpy as np
import pytest

from tarazu.evaluation.media import word_posters
from tarazu.evaluation.media.poster_lines import TUNING
from tarazu.evaluation.media.word_posters import WordPoster
from tarazu.evaluation.media.words_in_pictures import accuracy, entities, folded, names
from tarazu.media import ocr
from tarazu.policy.mentions import Linker

absent = ocr.missing() or word_posters.missing()
pytestmark = pytest.mark.skipif(absent is not None, reason=absent or "")

FONTS = {"en": "DejaVu Sans", "fa": "Noto Naskh Arabic", "ar": "Noto Kufi Arabic"}


@pytest.fixture(scope="module")
def drawn() -> Iterator[dict[str, WordPoster]]:
    """One plain poster a language; the Persian one has an English line below."""
    every = word_posters.posters(
        TUNING, names(entities()), seed=5, each=4, only=FONTS.values(), backgrounds=[False]
    )
    out: dict[str, WordPoster] = {}
    for poster in every:
        if FONTS[poster.lang] == poster.font and (poster.lang != "fa" or poster.english):
            out.setdefault(poster.lang, poster)
    yield out


@pytest.mark.parametrize("lang", ["en", "fa", "ar"])
def test_lines_come_back_in_their_language_and_link(drawn: dict[str, WordPoster], lang: str) -> None:
    poster = drawn[lang]
    told = {text.lang: text for text in ocr.read(poster.pixels)}
    assert set(told) == {lang} | ({"en"} if poster.english else set())
    assert accuracy(folded("\n".join(poster.lines)), folded(told[lang].text)) > 0.9
    assert 0.5 < told[lang].confidence <= 1
    assert poster.entity_id in {mention.entity_id for mention in Linker(entities()).link(told[lang].text)}
    assert ocr.read(poster.pixels) == ocr.read(poster.pixels.copy())


def test_an_english_line_below_a_persian_one_is_kept(drawn: dict[str, WordPoster]) -> None:
    told = {text.lang: text.text for text in ocr.read(drawn["fa"].pixels)}
    assert accuracy(folded("\n".join(drawn["fa"].english)), folded(told["en"])) > 0.9


def test_a_picture_without_words_has_no_text() -> None:
    assert ocr.read(np.full((400, 600, 3), 127, np.uint8)) == ()
