"""Of what moves, one frame a second comes back, whatever its length, and no claim empties the sample."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from moving import animated, video

from tarazu.safe.decode import Decoded, Limits, Refused, decode_here
from tarazu.safe.timeline import sampled, timeline


def levels(decoded: Decoded) -> list[int]:
    return [int(frame.pixels[15, -5].mean().round()) for frame in decoded.frames]


def times(decoded: Decoded) -> list[float]:
    return [round(frame.at, 2) for frame in decoded.frames]


@pytest.mark.parametrize("form", ["GIF", "PNG", "WEBP"])
def test_an_animated_picture_gives_a_frame_a_second_and_its_last(form: str) -> None:
    options = {"lossless": True} if form == "WEBP" else {}
    data = animated(form, [10, 60, 110, 160, 210], 0.6, **options)
    got = decode_here(data)
    assert (got.format, got.width, got.height, round(got.seconds, 2)) == (form.lower(), 40, 30, 3.0)
    assert times(got) == [0.0, 0.6, 1.8, 2.4]
    assert levels(got) == [10, 60, 160, 210]


def test_a_picture_shown_to_viewers_without_animation_is_looked_at_too() -> None:
    got = decode_here(animated("PNG", [10, 60, 110], 1.0, default_image=True))
    assert levels(got) == [10, 60, 110]


def test_a_frame_after_a_long_pause_is_not_lost() -> None:
    data = animated("GIF", list(range(0, 250, 10)), [60.0] * 5 + [0.5] * 20)
    assert len(decode_here(data, limits=Limits(frames=8)).frames) <= 8
    assert levels(decode_here(animated("GIF", [10, 200], [0.02, 0.02]))) == [10, 200]


def test_a_moving_avif_is_a_video() -> None:
    got = decode_here(animated("AVIF", [20, 120, 220], 1.0))
    assert (got.format, got.width, got.height) == ("avif", 40, 30)
    assert times(got) == [0.0, 1.0, 2.0]
    assert np.abs(np.subtract(levels(got), [20, 120, 220])).max() <= 4


@given(st.lists(st.floats(0.011, 10), min_size=2, max_size=200), st.integers(2, 40))
def test_a_sample_is_bounded_begins_at_the_start_and_skips_no_step(seconds: list[float], most: int) -> None:
    chosen = sampled(seconds, most)
    assert len(chosen) <= most
    assert chosen[0] == (0, 0.0)
    assert chosen[-1][0] == len(seconds) - 1
    starts = np.concatenate([[0.0], np.cumsum(seconds)])
    assert all(abs(starts[index] - at) < 1e-6 for index, at in chosen)
    step = max(1.0, sum(seconds) / (most - 1))
    kept = {index for index, _ in chosen}
    for n in range(int(sum(seconds) / step)):
        seen = int(np.searchsorted(starts, n * step + 1e-9, side="right")) - 1
        assert kept & {seen - 1, seen, seen + 1}


def test_only_frames_that_are_there_are_counted() -> None:
    data = animated("PNG", [1, 2, 3], 1.0)
    at = data.index(b"acTL") + 4
    assert len(timeline(data[:at] + b"\x7f\xff\xff\xff" + data[at + 4 :], "png")) == 3


@pytest.mark.parametrize(
    ("form", "name"), [("mp4", "mp4"), ("mov", "mov"), ("webm", "webm"), ("matroska", "mkv")]
)
def test_a_video_gives_a_frame_a_second(form: str, name: str) -> None:
    got = decode_here(video(form, [10 + 10 * n for n in range(18)]))
    assert (got.format, got.width, got.height) == (name, 64, 48)
    assert times(got) == [0.0, 1.0, 2.0, 3.0]
    assert abs(got.seconds - 3.6) < 0.3
    assert np.abs(np.subtract(levels(got), [10, 60, 110, 160])).max() <= 5
    assert int(got.frames[2].pixels[20, 5].mean()) < 65


def test_a_transport_stream_is_a_video() -> None:
    got = decode_here(video("mpegts", [min(255, 3 * n) for n in range(60)], rate=25))
    assert got.format == "ts"
    assert times(got) == [0.0, 1.0, 2.0]


def test_a_video_is_turned_as_it_says() -> None:
    got = decode_here(video("mp4", [200] * 6, turn=90))
    assert (got.width, got.height) == (48, 64)
    assert got.frames[0].pixels.shape == (64, 48, 3)
    dark, light = got.frames[0].pixels[60, 20].mean(), got.frames[0].pixels[4, 20].mean()
    assert (dark < 110) and (light > 190)  # counter-clockwise: what was left is below


def test_a_long_video_is_thinned_evenly() -> None:
    got = decode_here(video("mp4", [n % 250 for n in range(200)]), limits=Limits(frames=5))
    assert len(got.frames) <= 5
    gaps = np.diff(times(got))
    assert gaps.min() > 8
    assert gaps.max() - gaps.min() <= 0.4


def test_a_claimed_pause_hides_nothing() -> None:
    far = [0, *range(1, 15), *(10**6 + n for n in range(15))]
    got = decode_here(video("webm", [8 * n for n in range(30)], times=far), limits=Limits(frames=10))
    assert got.seconds < 30
    assert len(got.frames) >= 4


def test_sound_alone_is_no_video() -> None:
    data = video("mp4", [1, 2]).replace(b"vide", b"soun")
    with pytest.raises(Refused):
        decode_here(data)
