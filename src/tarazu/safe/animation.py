"""Animated GIF, PNG and WebP: the blocks are counted first, then frames are decoded in order, some given back."""

from __future__ import annotations

from collections.abc import Iterator

from PIL import Image

from tarazu.safe import jail
from tarazu.safe.decoded import Frame, Opened
from tarazu.safe.limits import Limits
from tarazu.safe.refused import Refused
from tarazu.safe.still import affordable, check, opened, shrunk, translated
from tarazu.safe.timeline import sampled


def open_animation(data: bytes, kind: str, side: int, limits: Limits, seconds: list[float]) -> Opened:
    """Check the size and the number of frames; `seconds` is how long each is shown. Raises Refused."""
    with translated(kind):
        picture = opened(data, kind, limits)
        width, height = picture.size
    affordable(picture.size, picture.mode, kind, limits)
    if width * height * len(seconds) > limits.decoded:
        raise Refused(
            f"The picture has {len(seconds):,} frames of {width:,} x {height:,} pixels, more than are decoded."
        )
    jail.extend(limits.moving_cpu(len(data)) - limits.cpu_seconds)
    frames = _frames(picture, kind, side, limits, sampled(seconds, limits.frames))
    return Opened(kind, width, height, frames, sum(seconds))


def _frames(
    picture: Image.Image, kind: str, side: int, limits: Limits, wanted: list[tuple[int, float]]
) -> Iterator[Frame]:
    # A PNG may have a picture before its animation, for viewers that know none: it is given too.
    offset = 1 if getattr(picture, "default_image", False) else 0
    if offset:
        wanted = [(-1, 0.0), *wanted]
    with picture:
        for index, at in wanted:
            with translated(kind):
                picture.seek(index + offset)
                check(picture.size, limits)
                picture.load()
                frame = Frame(shrunk(picture, side), at)
            with jail.paused():
                yield frame
