"""Where lines are found: the test that spares most pictures the reading."""

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from tarazu.media.ocr.reading import strips
from tarazu.media.ocr.script import leaning
from tarazu.media.ocr.strips import HEIGHT
from tarazu.media.ocr.words import Word


def page(
    ink: tuple[int, int, int], paper: tuple[int, int, int], *lines: tuple[int, int, int, str]
) -> NDArray[np.uint8]:
    """Draw lines (left, top, size, text) with the font that Pillow brings along."""
    picture = Image.new("RGB", (800, 500), paper)
    draw = ImageDraw.Draw(picture)
    for left, top, size, text in lines:
        draw.text((left, top), text, fill=ink, font=ImageFont.load_default(size))
    return np.asarray(picture)


@pytest.mark.parametrize(
    ("ink", "paper"),
    [((0, 0, 0), (255, 255, 255)), ((250, 240, 90), (40, 20, 90)), ((190, 0, 0), (190, 240, 200))],
)
def test_each_line_is_found_once_dark_or_light(
    ink: tuple[int, int, int], paper: tuple[int, int, int]
) -> None:
    drawn = page(
        ink, paper, (60, 80, 56, "The march begins"), (90, 300, 28, "at half past seven, by the river")
    )
    found = sorted((one.line for one in strips(drawn)), key=lambda line: line.top)
    assert len(found) == 2
    for line, (top, left, wide) in zip(found, ((80, 60, 400), (300, 90, 350)), strict=True):
        assert top <= line.top <= top + 30
        assert left - 5 <= line.left <= left + 10
        assert line.width > 0.8 * wide
    assert all(one.strip.shape[0] == HEIGHT for one in strips(drawn))


def test_pictures_without_words_have_no_lines() -> None:
    slope = np.add.outer(np.linspace(0, 120, 500), np.linspace(0, 120, 800)).astype(np.uint8)
    disc = Image.new("RGB", (800, 500), (30, 90, 160))
    ImageDraw.Draw(disc).ellipse((250, 100, 550, 400), fill=(240, 200, 40))
    for picture in (np.zeros((500, 800, 3), np.uint8), np.dstack([slope] * 3), np.asarray(disc)):
        assert strips(picture) == []


@pytest.mark.parametrize("shape", [(1, 1), (1, 900), (900, 1), (7, 5)])
def test_the_smallest_pictures_are_no_error(shape: tuple[int, int]) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (*shape, 3), dtype=np.uint8)
    assert strips(noise) == []


def test_persian_and_arabic_are_told_apart() -> None:
    def words(text: str) -> list[Word]:
        return [Word(text=word, confidence=0.9, left=0, right=1) for word in text.split()]

    assert leaning(words("گزارش تازه را در خانه بخوانید")) > 0
    assert leaning(words("تفتح الأبواب في الساعة السابعة")) < 0
    assert leaning(words("کتاب")) == 0
