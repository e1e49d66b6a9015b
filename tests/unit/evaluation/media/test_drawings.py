"""Drawings come from their number alone, differ from each other, and hold enough to be hashed."""

from __future__ import annotations

import numpy as np
import pytest

from tarazu.evaluation.media.drawings import DRAWINGS, picture, poster
from tarazu.media import pdq


@pytest.mark.parametrize("kind", DRAWINGS)
def test_a_drawing_is_its_seed(kind: str) -> None:
    draw = DRAWINGS[kind]
    again = draw(7, side=160)
    assert draw(7, side=160).tobytes() == again.tobytes()
    assert draw(8, side=160).tobytes() != again.tobytes()
    assert again.mode == "RGB"
    assert 140 <= max(again.size) <= 180


def test_size_does_not_change_what_is_drawn() -> None:
    for kind, draw in DRAWINGS.items():
        small, large = (pdq.of_pixels(np.asarray(draw(3, side=side)))[0] for side in (256, 512))
        assert pdq.distance(small, large) <= pdq.SAME, kind


def test_no_two_drawings_are_one_picture_to_pdq() -> None:
    hashes, qualities = zip(*(pdq.turned(np.asarray(picture(n, side=128))) for n in range(120)), strict=True)
    words = np.array(hashes)
    apart = pdq.distance(words[:, None, :1], words[None, :, :])  # upright against every turn of another
    apart[np.arange(120), np.arange(120)] = 256
    assert apart.min() > pdq.SAME
    assert min(qualities) >= pdq.LEAST_QUALITY


def test_a_poster_shows_its_lines() -> None:
    bare, written = (np.asarray(poster(4, lines, side=400)) for lines in ((), ("The market opens at nine",)))
    assert bare.shape == written.shape
    changed = (bare != written).any(axis=2)
    assert 0.005 < changed.mean() < 0.3  # letters, and nothing but letters
