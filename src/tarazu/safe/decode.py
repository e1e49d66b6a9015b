"""The door for pictures and video: bytes in, small RGB pixels out, decoded in a child that cannot hurt us.

>>> decoded = decode(Path("poster.jpg"))
>>> decoded.frames[0].pixels.shape
(384, 512, 3)

Tasks of other rooms that run in a child call `open_here` or `decode_here`, so that pixels never cross the pipe.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from tarazu.safe import wire
from tarazu.safe.child import Child
from tarazu.safe.content import content
from tarazu.safe.decoded import Decoded, Frame, Opened
from tarazu.safe.formats import MOVING as DEMUXED
from tarazu.safe.formats import kind as kind_of
from tarazu.safe.limits import Limits
from tarazu.safe.refused import Refused
from tarazu.safe.timeline import timeline

__all__ = ["Decoded", "Frame", "Limits", "Opened", "Refused", "decode", "decode_here", "open_here"]

TASK = "tarazu.safe.decode:task"
SIDE = 512  # pixels


def decode(
    source: Path | str | bytes, *, side: int = SIDE, limits: Limits | None = None, child: Child | None = None
) -> Decoded:
    """Decode a file in a child; `child` (with the task `TASK`) saves starting one for every file. Raises Refused."""
    if child is not None:
        return _asked(child, content(source, child.limits), side)
    with Child(TASK, limits) as own:
        return _asked(own, content(source, own.limits), side)


def open_here(data: bytes, *, side: int = SIDE, limits: Limits | None = None) -> Opened:
    """Check the header and give frames as they are taken. Only for code that runs in a child. Raises Refused."""
    limits = limits or Limits()
    kind = kind_of(data)
    if kind in DEMUXED or (kind == "avif" and data[8:12] == b"avis"):
        from tarazu.safe.video import open_video

        return open_video(data, kind, side, limits)
    if seconds := timeline(data, kind):
        from tarazu.safe.animation import open_animation

        return open_animation(data, kind, side, limits, seconds)
    from tarazu.safe.still import open_still

    return open_still(data, kind, side, limits)


def decode_here(data: bytes, *, side: int = SIDE, limits: Limits | None = None) -> Decoded:
    """Decode the whole file at once. Only for code that runs in a child. Raises Refused.

    A quarter of `limits.memory` is for the frames: of a long video at a large `side` fewer come than `limits.frames`.
    """
    limits = limits or Limits()
    fitting = max(1, limits.memory // 4 // (side * side * 3))
    opened = open_here(data, side=side, limits=replace(limits, frames=min(limits.frames, fitting)))
    return Decoded(opened.format, opened.width, opened.height, tuple(opened.frames), opened.seconds)


def task(header: dict[str, Any], payload: bytes) -> tuple[dict[str, Any], list[wire.Buffer]]:
    """Decode in the child and send the pixels back."""
    decoded = decode_here(payload, side=header["side"], limits=Limits.from_dict(header["limits"]))
    given = {
        "format": decoded.format,
        "width": decoded.width,
        "height": decoded.height,
        "seconds": decoded.seconds,
        "frames": [[*frame.pixels.shape[:2], frame.at] for frame in decoded.frames],
    }
    return given, [frame.pixels.reshape(-1).data for frame in decoded.frames]


def _asked(child: Child, data: bytes, side: int) -> Decoded:
    if not 1 <= side <= 4096:
        raise ValueError(f"A side of {side} pixels: give 1 to 4,096.")
    given, parts = child.run({"side": side, "limits": child.limits.to_dict()}, data)
    try:
        frames = []
        for (height, width, at), part in zip(given["frames"], parts, strict=True):
            if not (0 < height <= side and 0 < width <= side):
                raise ValueError("a size that was not asked for")
            frames.append(Frame(np.frombuffer(part, np.uint8).reshape(height, width, 3), float(at)))
        size = int(given["width"]), int(given["height"])
        return Decoded(str(given["format"]), *size, tuple(frames), float(given["seconds"]))
    except (KeyError, TypeError, ValueError) as error:
        raise Refused("The reader gave no sensible answer about this file.") from error
