"""Small moving pictures whose frames are told by their brightness."""

from __future__ import annotations

import io
from collections.abc import Sequence
from fractions import Fraction

import av
import numpy as np
from PIL import Image


def animated(form: str, levels: Sequence[int], seconds: float | Sequence[float], **options: object) -> bytes:
    stream = io.BytesIO()
    first, *rest = [Image.new("L", (40, 30), level).convert("RGB") for level in levels]
    shown = [round(one * 1000) for one in seconds] if isinstance(seconds, Sequence) else round(seconds * 1000)
    if form in ("GIF", "WEBP"):
        options = {"loop": 0, **options}
    first.save(stream, form, save_all=True, append_images=rest, duration=shown, **options)
    return stream.getvalue()


def video(
    form: str,
    levels: Sequence[int],
    *,
    rate: int = 5,
    times: Sequence[int] | None = None,
    turn: int | None = None,
) -> bytes:
    """Return a video of 64 x 48 pixels, left half darker; `times` are in frames, where they are not 0, 1, 2, ..."""
    codec = "libvpx" if form == "webm" else "mpeg2video" if form == "mpegts" else "mpeg4"
    stream = io.BytesIO()
    with av.open(stream, "w", format=form) as container:
        out = container.add_stream(codec, rate=25 if form == "mpegts" else rate)
        out.width, out.height, out.pix_fmt = 64, 48, "yuv420p"
        if turn is not None:
            out.set_display_rotation(turn)
        for n, level in enumerate(levels):
            pixels = np.full((48, 64, 3), level, np.uint8)
            pixels[:, :32] = level // 2
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            frame.pts = times[n] if times else n
            frame.time_base = Fraction(1, rate)
            container.mux(out.encode(frame))
        container.mux(out.encode())
    return stream.getvalue()
