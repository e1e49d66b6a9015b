from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tarazu.errors import InputError
from tarazu.evaluation.media.drawings import scene
from tarazu.media.local.features import Features, features
from tarazu.media.local.inside import inside

PIXELS = np.ascontiguousarray(np.asarray(scene(3, side=300)))
DATA = features(PIXELS).to_bytes()
KEPT = features(PIXELS).kept().to_bytes()


def test_the_same_picture_gives_the_same_bytes_and_they_come_back() -> None:
    assert features(PIXELS.copy()).to_bytes() == DATA
    for data in (DATA, KEPT):
        assert Features.from_bytes(data).to_bytes() == data
    assert Features.from_bytes(KEPT).kept().to_bytes() == KEPT
    assert len(KEPT) < 9_000


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_damaged_bytes_are_refused_or_harmless(data: st.DataObject) -> None:
    """They come from a child that has seen hostile bytes: nothing in them may lead outside the picture."""
    damaged = bytearray(KEPT)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.one_of(st.integers(0, 18), st.integers(0, len(damaged) - 1)))
        damaged[place] = data.draw(st.integers(0, 255))
    cut = data.draw(st.one_of(st.just(len(damaged)), st.integers(0, len(damaged) + 3)))
    try:
        read = Features.from_bytes(bytes(damaged[:cut]) + b"\0" * max(0, cut - len(damaged)))
    except InputError as refused:
        assert "hash the picture again" in str(refused)
        return
    assert len(read.points) <= 400
    assert read.points.x.max(initial=0) <= read.width * 64
    assert read.points.y.max(initial=0) <= read.height * 64


@pytest.mark.parametrize("shape", [(2, 2), (2, 500), (512, 3), (40, 40)])
def test_tiny_and_empty_pictures_have_features(shape: tuple[int, int]) -> None:
    made = features(np.full((*shape, 3), 200, np.uint8))
    assert len(made.points) == 0
    assert Features.from_bytes(made.to_bytes()).to_bytes() == made.to_bytes()
    assert made.kept().grey.shape == (64, 64)


def test_mirrored_points_are_those_of_the_mirrored_picture() -> None:
    there = features(PIXELS).points.mirrored(features(PIXELS).width)
    own = features(np.ascontiguousarray(PIXELS[:, ::-1])).points
    apart = np.hypot(
        there.x[:, None].astype(float) - own.x[None], there.y[:, None].astype(float) - own.y[None]
    )
    near = apart.argmin(axis=1)
    same = apart.min(axis=1) < 64
    bits = np.bitwise_count(there.codes ^ own.codes[near]).sum(axis=1)
    assert same.mean() > 0.7
    assert np.median(bits[same]) <= 6


def test_the_picture_inside_a_border_is_seen() -> None:
    tall = PIXELS.shape[0] - 6
    framed = np.full((tall + 80, 400, 3), 250, np.uint8)
    framed[40 : 40 + tall, 70:350] = PIXELS[:tall, :280] // 2
    boxes = inside(framed)
    assert any(np.abs(np.subtract(box, (70, 40, 350, 40 + tall))).max() <= 2 for box in boxes)
    assert inside(PIXELS[:2, :2]) == () or all(box[2] > box[0] and box[3] > box[1] for box in inside(PIXELS))
