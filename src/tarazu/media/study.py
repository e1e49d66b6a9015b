"""What the child does with one hostile file: small pixels to hash, larger ones to read words in, features, a thumbnail.

Runs in the sandbox (`tarazu.safe.child`) and answers with sizes and raw bytes only.
"""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING, Any

from tarazu.safe.decode import decode_here, open_here
from tarazu.safe.limits import Limits

if TYPE_CHECKING:
    from tarazu.safe import wire
    from tarazu.safe.decoded import Decoded, Pixels

TASK = "tarazu.media.study:task"
STILL = 512  # pixels of the longest side, to hash a still picture
MOVING = 256  # and each frame of a moving one
READ_FRAMES = 3  # of a moving picture, to look for words in


def task(header: dict[str, Any], payload: bytes) -> tuple[dict[str, Any], list[wire.Buffer]]:
    """Study one file.

    The header has `limits`, `words` (longest side of the pixels to read words in; 0: none), `features` (whether to
    take local features) and `thumbnail` (longest side of a JPEG to show people; 0: none).
    """
    limits = Limits.from_dict(header["limits"])
    decoded = small(payload, limits)
    parts: list[wire.Buffer] = [frame.pixels.reshape(-1).data for frame in decoded.frames]
    given: dict[str, Any] = {
        "format": decoded.format,
        "width": decoded.width,
        "height": decoded.height,
        "seconds": decoded.seconds,
        "frames": [[*frame.pixels.shape[:2], frame.at] for frame in decoded.frames],
        "words": [],
        "features": False,
        "thumbnail": False,
    }
    if header["words"]:
        frames = READ_FRAMES if decoded.seconds else 1
        large = decode_here(payload, side=header["words"], limits=replace(limits, frames=frames))
        given["words"] = [list(frame.pixels.shape[:2]) for frame in large.frames]
        parts += [frame.pixels.reshape(-1).data for frame in large.frames]
    if header["features"] and not decoded.seconds:
        from tarazu.media.local.features import sketch

        given["features"] = True
        parts.append(sketch(decoded.frames[0].pixels).to_bytes())
    if header["thumbnail"]:
        given["thumbnail"] = True
        parts.append(thumbnail(decoded.frames[len(decoded.frames) // 2].pixels, header["thumbnail"]))
    return given, parts


def small(payload: bytes, limits: Limits) -> Decoded:
    """Return the frames at the size they are hashed at."""
    moving = open_here(payload, side=STILL, limits=limits).seconds > 0
    return decode_here(payload, side=MOVING if moving else STILL, limits=limits)


def thumbnail(pixels: Pixels, side: int) -> bytes:
    """Return a JPEG of our own making, without anything of the original but its look."""
    from PIL import Image

    picture = Image.fromarray(pixels)
    picture.thumbnail((side, side))
    stream = BytesIO()
    picture.save(stream, "JPEG", quality=72)
    return stream.getvalue()
