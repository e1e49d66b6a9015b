"""Each change does what its name says."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from tarazu.evaluation.media import changes as ways
from tarazu.evaluation.media.brush import random
from tarazu.evaluation.media.changes import Change, changes
from tarazu.evaluation.media.drawings import portrait

EVERY = changes()


@pytest.fixture(scope="module")
def drawn() -> Image.Image:
    return portrait(11, side=400)


def pixels(picture: Image.Image) -> np.ndarray:
    return np.asarray(picture, dtype=np.float32)


def of(family: str) -> list[Change]:
    return [change for change in EVERY if change.family == family]


def test_names_are_unique() -> None:
    assert len({change.name for change in EVERY}) == len(EVERY)


@pytest.mark.parametrize("change", EVERY, ids=lambda change: change.name)
def test_a_change_is_its_seed_and_leaves_the_original_alone(change: Change, drawn: Image.Image) -> None:
    before = drawn.tobytes()
    one, two = change(drawn, 5), change(drawn, 5)
    assert (one.size, one.tobytes()) == (two.size, two.tobytes())
    assert one.mode == "RGB"
    assert drawn.tobytes() == before
    if change.family != "as it is":
        assert (one.size, one.tobytes()) != (drawn.size, before)


def test_a_crop_keeps_the_share_it_says(drawn: Image.Image) -> None:
    wide, tall = drawn.size
    for change in of("cropped all round"):
        size = change(drawn, 0).size
        assert size == pytest.approx((wide * (1 - change.amount), tall * (1 - change.amount)), abs=2)
    for change in of("cropped at one side"):
        sizes = {change(drawn, seed).size for seed in range(12)}
        assert len(sizes) == 2  # from the width or from the height
        for left, high in sizes:
            assert left * high == pytest.approx(wide * tall * (1 - change.amount), rel=0.01)


def test_what_is_left_of_a_crop_is_the_picture(drawn: Image.Image) -> None:
    kept = ways.cropped(drawn, 0.25, 0, 0, 0.5)
    wide, tall = drawn.size
    left = round(wide * 0.25)
    assert np.array_equal(pixels(kept), pixels(drawn)[: tall - round(tall * 0.5), left:])


def test_a_border_is_as_wide_as_it_says_and_of_one_colour(drawn: Image.Image) -> None:
    for change in of("border"):
        framed = change(drawn, 3)
        edge = round(change.amount * min(drawn.size))
        assert framed.size == pytest.approx((drawn.size[0] + 2 * edge, drawn.size[1] + 2 * edge), abs=2)
        rows = pixels(framed)[: edge - 1]
        assert np.ptp(rows.reshape(-1, 3), axis=0).max() == 0
        assert np.array_equal(
            pixels(framed)[edge : edge + drawn.size[1], edge : edge + drawn.size[0]], pixels(drawn)
        )


def test_a_caption_has_letters_outside_the_picture(drawn: Image.Image) -> None:
    for change in of("caption bar"):
        told = change(drawn, 3)
        bars = 2 if change.setting.startswith("both") else 1
        edge = round(change.amount * drawn.size[1])
        assert told.size == (drawn.size[0], drawn.size[1] + bars * edge)
        bar = pixels(told)[:edge] if not change.setting.startswith("bottom") else pixels(told)[-edge:]
        assert bar.std() > 5


@pytest.mark.parametrize("sort", ["phone", "browser", "post"])
def test_a_screenshot_holds_the_whole_picture(sort: str, drawn: Image.Image) -> None:
    change = next(change for change in of("screenshot") if change.setting == sort)
    screen = change(drawn, 2)
    wide = 720 if sort == "phone" else drawn.size[0]
    shown = drawn.resize((wide, round(wide * drawn.size[1] / drawn.size[0])), Image.Resampling.LANCZOS)
    line = shown.crop((0, shown.size[1] // 2, wide, shown.size[1] // 2 + 1)).tobytes()
    assert line in screen.tobytes()  # a row of the picture, unbroken
    assert screen.size[0] * screen.size[1] > shown.size[0] * shown.size[1] * 1.1


def test_light_changes_go_the_way_they_say(drawn: Image.Image) -> None:
    mean, spread = pixels(drawn).mean(), pixels(drawn).std()
    for change in of("brightness"):
        assert (pixels(change(drawn, 0)).mean() > mean) == (change.amount > 1)
    for change in of("gamma"):
        assert (pixels(change(drawn, 0)).mean() > mean) == (change.amount < 1)
    for change in of("contrast"):
        assert (pixels(change(drawn, 0)).std() > spread) == (change.amount > 1)
    grey = pixels(of("grey")[0](drawn, 0))
    assert np.ptp(grey, axis=2).max() == 0


def test_worse_quality_and_stronger_noise_are_farther_away(drawn: Image.Image) -> None:
    for family, worse_first in (("JPEG quality", False), ("noise", False), ("blurred, radius", False)):
        far = [np.abs(pixels(change(drawn, 0)) - pixels(drawn)).mean() for change in of(family)]
        assert far == sorted(far, reverse=worse_first), family


def test_turns_are_the_seven_other_symmetries(drawn: Image.Image) -> None:
    turned = {change(drawn, 0).tobytes() for change in of("turned")} | {drawn.tobytes()}
    assert len(turned) == 8


def test_a_sticker_covers_its_share(drawn: Image.Image) -> None:
    for share in (0.03, 0.12):
        covered = (pixels(ways.stickered(drawn, share, random("sticker", 1))) != pixels(drawn)).any(axis=2)
        assert covered.mean() == pytest.approx(share, rel=0.1)
