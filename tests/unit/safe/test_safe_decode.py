"""What is decoded is what a person sees: turned, over white, in RGB, small."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from tarazu.safe.decode import Decoded, Limits, Refused, decode, decode_here
from tarazu.safe.formats import kind

RNG = np.random.default_rng(7)
BLOCKS = RNG.integers(0, 256, (3, 4, 3)).astype(np.uint8)
SCENE: NDArray[np.uint8] = np.kron(BLOCKS, np.ones((80, 80, 1), np.uint8))  # 240 x 320


def saved(picture: Image.Image, form: str, **options: object) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, form, **options)
    return stream.getvalue()


def pixels(data: bytes, side: int = 512) -> NDArray[np.int64]:
    (frame,) = decode_here(data, side=side).frames
    assert frame.pixels.dtype == np.uint8
    assert frame.pixels.flags.c_contiguous
    return frame.pixels.astype(np.int64)


def middles(shown: NDArray[np.int64], rows: int = 3, columns: int = 4) -> NDArray[np.int64]:
    """Return the colour in the middle of each block: the edges suffer from compression."""
    high, wide = shown.shape[0] // rows, shown.shape[1] // columns
    return shown[high // 2 :: high, wide // 2 :: wide]


@pytest.mark.parametrize(
    ("form", "options", "off"),
    [
        ("JPEG", {"quality": 95, "subsampling": 0}, 6),
        ("PNG", {}, 0),
        ("GIF", {}, 0),
        ("WEBP", {"lossless": True}, 0),
        ("AVIF", {"quality": 95}, 9),
        ("BMP", {}, 0),
        ("TIFF", {}, 0),
        ("TIFF", {"compression": "tiff_lzw"}, 0),
    ],
)
def test_every_format_is_told_by_its_bytes_and_shows_the_same(
    form: str, options: dict[str, object], off: int
) -> None:
    data = saved(Image.fromarray(SCENE), form, **options)
    got = decode_here(data)
    assert (got.format, got.width, got.height, got.seconds) == (form.lower(), 320, 240, 0.0)
    assert np.abs(middles(pixels(data)) - BLOCKS).max() <= off
    assert kind(data) == form.lower()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_turned_as_its_exif_says(form: str, orientation: int) -> None:
    # What the eight values mean is the standard's: where row 0 and column 0 of the file are seen.
    seen = {
        1: SCENE,
        2: SCENE[:, ::-1],
        3: SCENE[::-1, ::-1],
        4: SCENE[::-1],
        5: SCENE.transpose(1, 0, 2),
        6: SCENE.transpose(1, 0, 2)[:, ::-1],
        7: SCENE.transpose(1, 0, 2)[::-1, ::-1],
        8: SCENE.transpose(1, 0, 2)[::-1],
    }[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    options = (
        {"lossless": True} if form == "WEBP" else {"quality": 95, "subsampling": 0} if form == "JPEG" else {}
    )
    data = saved(Image.fromarray(SCENE), form, exif=exif, **options)
    got = decode_here(data)
    assert (got.height, got.width) == seen.shape[:2]
    off = np.abs(got.frames[0].pixels.astype(int) - seen)[20::40, 20::40]
    assert off.max() <= 6


def test_what_can_be_seen_through_is_over_white() -> None:
    alpha = np.full((240, 320, 1), 255, np.uint8)
    alpha[:, :80], alpha[:, 80:160] = 0, 128
    half = np.concatenate([SCENE, alpha], axis=2)
    expected = SCENE.astype(float).copy()
    expected[:, :80] = 255
    expected[:, 80:160] = expected[:, 80:160] * 128 / 255 + 255 * (127 / 255)
    for form in ("PNG", "TIFF"):
        assert np.abs(pixels(saved(Image.fromarray(half, "RGBA"), form)) - expected).max() <= 1
    webp = saved(Image.fromarray(half, "RGBA"), "WEBP", lossless=True)
    assert np.abs(pixels(webp) - expected).max() <= 1
    grey = Image.fromarray(half, "RGBA").convert("LA")
    assert (pixels(saved(grey, "PNG"))[:, :80] == 255).all()


def test_a_palette_and_its_transparent_colour_are_shown() -> None:
    picture = Image.new("P", (20, 10), 1)
    picture.putpalette([9, 9, 9, 200, 30, 40])
    picture.paste(0, (0, 0, 10, 10))
    for form in ("PNG", "GIF"):
        plain = pixels(saved(picture, form))
        assert (plain[:, :10] == 9).all()
        assert (plain[:, 10:] == (200, 30, 40)).all()
        through = pixels(saved(picture, form, transparency=0))
        assert (through[:, :10] == 255).all()
        assert (through[:, 10:] == (200, 30, 40)).all()


def test_of_16_bits_a_channel_the_upper_8_are_shown() -> None:
    ramp = np.arange(0, 65_536, 64, dtype=np.uint16).reshape(32, 32)
    for form in ("PNG", "TIFF"):
        got = pixels(saved(Image.fromarray(ramp), form))
        assert (got == (ramp >> 8)[:, :, None]).all()
    colour = np.stack([ramp, ramp[::-1], ramp.T], axis=2)
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in colour)
    got = pixels(png(struct.pack(">IIBBBBB", 32, 32, 16, 2, 0, 0, 0), rows))
    assert (got == colour >> 8).all()


def test_black_and_white_and_grey_are_shown() -> None:
    bits = SCENE[:, :, 0] > 128
    for form in ("PNG", "TIFF", "BMP"):
        assert (pixels(saved(Image.fromarray(bits), form)) == np.where(bits, 255, 0)[:, :, None]).all()
    grey = Image.fromarray(SCENE[:, :, 0])
    assert (pixels(saved(grey, "PNG")) == SCENE[:, :, :1]).all()


@pytest.mark.parametrize("form", ["JPEG", "TIFF"])
def test_printing_colours_are_shown(form: str) -> None:
    inks = Image.merge(
        "CMYK", [Image.fromarray(255 - SCENE[:, :, n]) for n in range(3)] + [Image.new("L", (320, 240))]
    )
    assert np.abs(middles(pixels(saved(inks, form))) - BLOCKS).max() <= 12


def test_numbers_out_of_range_are_shown_all_the_same() -> None:
    values = np.linspace(0, 1, 100, dtype=np.float32).reshape(10, 10)
    values[0, 0] = np.nan
    shown = pixels(saved(Image.fromarray(values), "TIFF"))
    assert shown[9, 9].tolist() == [255] * 3
    assert shown[0, 0].tolist() == [0] * 3


def test_a_large_picture_is_made_small_and_a_small_one_never_large() -> None:
    large = Image.fromarray(np.kron(SCENE, np.ones((10, 10, 1), np.uint8)))  # 3,200 x 2,400
    for form, off in (("PNG", 1), ("JPEG", 8), ("WEBP", 10)):
        data = saved(large, form)
        got = decode_here(data, side=300)
        assert (got.width, got.height) == (3200, 2400)
        assert got.frames[0].pixels.shape == (225, 300, 3)
        assert np.abs(middles(pixels(data, 300)) - BLOCKS).max() <= off
    assert pixels(saved(Image.fromarray(SCENE[:9, :7]), "PNG")).shape == (9, 7, 3)
    assert pixels(saved(Image.new("RGB", (3000, 1)), "PNG"), 64).shape == (1, 64, 3)


def test_the_child_shows_what_we_would_see() -> None:
    data = saved(Image.fromarray(SCENE), "PNG")
    got = decode(data)
    assert isinstance(got, Decoded)
    assert (got.frames[0].pixels == SCENE).all()


def test_limits_are_the_callers() -> None:
    data = saved(Image.fromarray(SCENE), "PNG")
    with pytest.raises(Refused, match=r"claims 320 x 240 pixels; the limit is 76,799"):
        decode(data, limits=Limits(pixels=76_799))
    assert decode(data, limits=Limits(pixels=76_800)).width == 320
    with pytest.raises(Refused, match="larger than"):
        decode(data, limits=Limits(bytes=len(data) - 1))


def png(header: bytes, rows: bytes) -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )
