"""Still pictures: the header is checked, then the pixels are decoded and made smaller in strips.

Kept: the way the EXIF orientation turns it, transparency over white, palettes, CMYK, 16 bits a channel (the upper 8).
Not kept: colour profiles; further pages of a TIFF.
"""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
from PIL import (
    AvifImagePlugin,
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    ImageFile,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from tarazu.safe import jail
from tarazu.safe.decoded import Frame, Opened, Pixels
from tarazu.safe.formats import STILL, webp_size
from tarazu.safe.limits import Limits
from tarazu.safe.refused import Refused

# Imported one by one, so that Pillow never loads the plugins of the other forty formats.
PLUGINS = (
    AvifImagePlugin,
    BmpImagePlugin,
    GifImagePlugin,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)
AvifImagePlugin.DEFAULT_MAX_THREADS = 1
ORIENTATION = 0x0112
STRIP = 2**20  # pixels that are converted at a time
# Bytes that Pillow takes for a pixel; every other mode takes 4.
_WIDTHS = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16L": 2, "I;16B": 2}
# Bytes a pixel beside that, in the decoders that hold the whole picture themselves.
_BESIDE = {"webp": 8, "avif": 5}
# np.rot90 counter-clockwise turns, then whether left and right change places, by EXIF orientation.
_TURNS = {2: (0, True), 3: (2, False), 4: (2, True), 5: (3, True), 6: (3, False), 7: (1, True), 8: (1, False)}


def open_still(data: bytes, kind: str, side: int, limits: Limits) -> Opened:
    """Check the header of a still picture; its one frame comes when it is taken. Raises Refused."""
    with translated(kind):
        picture = opened(data, kind, limits)
        turn = _TURNS.get(_orientation(picture), (0, False))
        width, height = picture.size
        if turn[0] % 2:
            width, height = height, width
    return Opened(kind, width, height, _frame(picture, kind, side, limits, turn))


def _frame(
    picture: Image.Image, kind: str, side: int, limits: Limits, turn: tuple[int, bool]
) -> Iterator[Frame]:
    with translated(kind), picture:
        longest = max(picture.size)
        if kind == "jpeg" and longest > 2 * side:
            # The decoder itself can give 1/2, 1/4 or 1/8 of the size; it never gives less than asked for.
            share = 2 * side / longest
            wanted = (max(1, round(picture.size[0] * share)), max(1, round(picture.size[1] * share)))
            picture.draft(None, wanted)
        affordable(picture.size, picture.mode, kind, limits)
        picture.load()
        frame = Frame(turned(shrunk(picture, side), turn))
    with jail.paused():
        yield frame


def opened(data: bytes, kind: str, limits: Limits) -> Image.Image:
    """Return the picture with nothing read but its header, which was checked. Raises Refused."""
    if kind == "webp" and (size := webp_size(data)):
        check(size, limits)
        affordable(size, "RGBA", kind, limits)
    picture = Image.open(io.BytesIO(data), formats=(STILL[kind],))
    check(picture.size, limits)
    return picture


def check(size: tuple[int, int], limits: Limits) -> None:
    """Raise Refused when a picture or frame claims too many pixels, or none."""
    width, height = size
    if width < 1 or height < 1:
        raise Refused("The picture has no pixels.")
    if width * height > limits.pixels:
        most = f"{limits.pixels / 1e6:g} million" if limits.pixels >= 10**6 else f"{limits.pixels:,}"
        raise Refused(f"The picture claims {width:,} x {height:,} pixels; the limit is {most}.")


def affordable(size: tuple[int, int], mode: str, kind: str, limits: Limits) -> None:
    """Raise Refused when the pixels alone would take more memory than there is."""
    need = size[0] * size[1] * (_WIDTHS.get(mode, 4) + _BESIDE.get(kind, 0))
    if need > limits.memory:
        raise Refused(
            f"The picture needs {need // 2**20:,} MiB of memory; the limit is {limits.memory // 2**20}."
        )


def shrunk(picture: Image.Image, side: int) -> Pixels:
    """Return RGB pixels over white with the longest side at most `side`, never enlarged.

    Whole blocks are averaged first, a strip at a time, so that no second full-sized picture is ever made.
    """
    width, height = picture.size
    longest = max(width, height)
    factor = max(1, longest // (2 * side))
    rows = max(1, STRIP // (width * factor)) * factor
    strips = []
    for top in range(0, height, rows):
        strip = flat(picture if rows >= height else picture.crop((0, top, width, min(top + rows, height))))
        strips.append(strip.reduce(factor) if factor > 1 else strip)
    small = (
        strips[0] if len(strips) == 1 else Image.fromarray(np.concatenate([np.asarray(s) for s in strips]))
    )
    if longest > side:
        share = side / longest
        wanted = (max(1, round(width * share)), max(1, round(height * share)))
        small = small.resize(wanted, Image.Resampling.BILINEAR)
    return np.array(small)


def flat(picture: Image.Image) -> Image.Image:
    """Return a picture of any mode as RGB over white."""
    if picture.mode.startswith("I;16"):
        return Image.fromarray((np.asarray(picture) >> 8).astype(np.uint8)).convert("RGB")
    if picture.mode in ("I", "F"):
        return Image.fromarray(_stretched(np.asarray(picture))).convert("RGB")
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        white = Image.new("RGBA", picture.size, (255, 255, 255, 255))
        return Image.alpha_composite(white, picture).convert("RGB")
    return picture.convert("RGB")


def turned(pixels: Pixels, turn: tuple[int, bool]) -> Pixels:
    """Return the pixels as the EXIF orientation wants them seen."""
    quarters, mirrored = turn
    pixels = np.rot90(pixels, quarters)
    return np.ascontiguousarray(pixels[:, ::-1] if mirrored else pixels)


def _stretched(values: Any) -> Pixels:
    """Return numbers of any range as bytes; 16-bit numbers keep their upper 8."""
    values = np.nan_to_num(values.astype(np.float64), posinf=0.0, neginf=0.0)
    top = float(values.max(initial=0.0))
    scale = 255.0 if top <= 1.0 else 1.0 if top <= 255.0 else 1 / 257 if top <= 65535.0 else 255.0 / top
    out: Pixels = np.clip(values * scale, 0, 255).astype(np.uint8)
    return out


def _orientation(picture: Image.Image) -> int:
    """Return the EXIF orientation, 1 to 8; garbage is 1. Pillow has turned a TIFF already."""
    if picture.format == "TIFF":
        return 1
    try:
        value = picture.getexif().get(ORIENTATION, 1)
    except Exception:  # a damaged EXIF block says nothing about the pixels
        return 1
    return value if isinstance(value, int) else 1


@contextlib.contextmanager
def translated(kind: str) -> Iterator[None]:
    """Turn what the decoders raise at a bad file into Refused; our own checks replace Pillow's."""
    largest, truncated = Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES
    Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES = None, False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except (Refused, MemoryError):
        raise
    except Exception as error:
        raise Refused(f"The file begins like {kind.upper()} but is damaged or not one.") from error
    finally:
        Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES = largest, truncated
