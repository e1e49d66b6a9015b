"""What happens to a picture on its way through a network, by name and by how much.

Each change is the same for the same picture and seed. Shares of a crop are of the width and of the height:
`cropped all round` by 20 % leaves the middle 80 % of each, so 10 % are cut off at each of the four edges.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageOps

from tarazu.evaluation.media import frames
from tarazu.evaluation.media.brush import Random, pick, random, tint
from tarazu.evaluation.media.letters import fitting, font
from tarazu.evaluation.media.outlines import star

Make = Callable[[Image.Image, Random], Image.Image]


@dataclass(frozen=True, kw_only=True)
class Change:
    """One way to change a picture."""

    family: str
    setting: str  # how much, as a table says it
    amount: float  # how much, as a chart places it
    make: Make

    @property
    def name(self) -> str:
        """Return family and setting in one."""
        return f"{self.family}, {self.setting}" if self.setting else self.family

    def __call__(self, picture: Image.Image, seed: int) -> Image.Image:
        """Return the changed picture."""
        return self.make(picture, random(self.name, seed))


def jpeg(picture: Image.Image, quality: int) -> Image.Image:
    """Return a picture saved as JPEG and read again."""
    kept = io.BytesIO()
    picture.save(kept, "JPEG", quality=quality)
    return Image.open(kept, formats=("JPEG",)).convert("RGB")


def resized(picture: Image.Image, times: float) -> Image.Image:
    """Return a picture of `times` its width and height."""
    wide, tall = picture.size
    return picture.resize(
        (max(1, round(wide * times)), max(1, round(tall * times))), Image.Resampling.BICUBIC
    )


def blurred(picture: Image.Image, share: float) -> Image.Image:
    """Return a picture blurred with a radius of `share` of its longer side."""
    return picture.filter(ImageFilter.GaussianBlur(share * max(picture.size)))


def gamma(picture: Image.Image, power: float) -> Image.Image:
    """Return a picture whose levels (0 to 1) are raised to `power`."""
    return picture.point([round(255 * (level / 255) ** power) for level in range(256)] * 3)


def noisy(picture: Image.Image, levels: float, draw: Random) -> Image.Image:
    """Return a picture with noise of that standard deviation, of 255 levels, in each channel."""
    pixels = np.asarray(picture, dtype=np.float32)
    return Image.fromarray(np.clip(pixels + draw.normal(0, levels, pixels.shape), 0, 255).astype(np.uint8))


def rotated(picture: Image.Image, degrees: float, draw: Random) -> Image.Image:
    """Return a picture of the same size turned to one side, its corners filled with black or white."""
    fill = pick(draw, (frames.BLACK, frames.WHITE))
    return picture.rotate(float(draw.choice((-1, 1))) * degrees, Image.Resampling.BICUBIC, fillcolor=fill)


def cropped(picture: Image.Image, left: float, top: float, right: float, bottom: float) -> Image.Image:
    """Return a picture without these shares of its width and height."""
    wide, tall = picture.size
    return picture.crop(
        (round(left * wide), round(top * tall), wide - round(right * wide), tall - round(bottom * tall))
    )


def cropped_all_round(picture: Image.Image, share: float) -> Image.Image:
    """Return the middle of a picture: `share` of the width and of the height is gone."""
    return cropped(picture, share / 2, share / 2, share / 2, share / 2)


def cropped_at_one_side(picture: Image.Image, share: float, draw: Random) -> Image.Image:
    """Return a picture that lacks `share` of its width or height at one of its sides."""
    side = int(draw.integers(4))
    left, top, right, bottom = (share * (side == n) for n in range(4))
    return cropped(picture, left, top, right, bottom)


def stickered(picture: Image.Image, share: float, draw: Random) -> Image.Image:
    """Return a picture with an opaque star on it whose disc is `share` of the picture's area."""
    wide, tall = picture.size
    size = float(np.sqrt(share * wide * tall / np.pi))
    x, y = draw.uniform(size, max(size, wide - size)), draw.uniform(size, max(size, tall - size))
    copy = picture.copy()
    pen = ImageDraw.Draw(copy)
    pen.ellipse((x - size, y - size, x + size, y + size), fill=tint(draw.random(), 0.8, 0.95))
    points = [(float(u), float(v)) for u, v in star(x, y, size * 0.8, size * 0.4, 6)]
    pen.polygon(points, fill=tint(draw.random(), 0.7, 0.3))
    return copy


def marked(picture: Image.Image, draw: Random) -> Image.Image:
    """Return a picture with a half-transparent word in a corner, as channels mark what they pass on."""
    wide, tall = picture.size
    text = f"@channel{draw.integers(10, 99)}"
    size = fitting(text, round(wide * 0.35), round(tall * 0.08))
    layer = Image.new("L", picture.size, 0)
    x, y = wide * pick(draw, (0.05, 0.6)), tall * pick(draw, (0.06, 0.94))
    ImageDraw.Draw(layer).text((x, y), text, font=font(size), fill=170, anchor="lm")
    copy = picture.copy()
    copy.paste(frames.WHITE, (0, 0, wide, tall), layer)
    return copy


TURNS: dict[str, Image.Transpose] = {
    "rotated 90": Image.Transpose.ROTATE_90,
    "rotated 180": Image.Transpose.ROTATE_180,
    "rotated 270": Image.Transpose.ROTATE_270,
    "flipped": Image.Transpose.FLIP_TOP_BOTTOM,
    "mirrored": Image.Transpose.FLIP_LEFT_RIGHT,
    "along one diagonal": Image.Transpose.TRANSPOSE,
    "along the other": Image.Transpose.TRANSVERSE,
}


def changes() -> tuple[Change, ...]:
    """Return every change that is measured, in the order of the tables."""
    return (*_light(), *_turns(), *_covered(), *_framed(), *_cut(), *_mixed())


def _each(
    family: str, unit: str, amounts: tuple[float, ...], make: Callable[[float], Make]
) -> Iterator[Change]:
    for amount in amounts:
        shown = f"{amount * 100:g} %" if unit == "%" else f"{amount:g}{unit}"
        yield Change(family=family, setting=shown, amount=amount, make=make(amount))


def _light() -> Iterator[Change]:
    yield Change(family="as it is", setting="", amount=0, make=lambda p, d: p.copy())
    yield from _each("JPEG quality", "", (95, 80, 60, 40, 30, 20), lambda a: lambda p, d: jpeg(p, int(a)))
    yield from _each("resized", " x", (0.25, 0.5, 0.75, 1.5, 2), lambda a: lambda p, d: resized(p, a))
    yield from _each(
        "blurred, radius", "%", (0.001, 0.0025, 0.005, 0.01), lambda a: lambda p, d: blurred(p, a)
    )
    yield from _each(
        "contrast", " x", (0.5, 0.75, 1.25, 1.5), lambda a: lambda p, d: ImageEnhance.Contrast(p).enhance(a)
    )
    yield from _each(
        "brightness", " x", (0.6, 0.8, 1.2, 1.4), lambda a: lambda p, d: ImageEnhance.Brightness(p).enhance(a)
    )
    yield from _each("gamma", "", (0.6, 0.8, 1.25, 1.6), lambda a: lambda p, d: gamma(p, a))
    yield from _each("noise", " of 255", (5, 10, 20, 40), lambda a: lambda p, d: noisy(p, a, d))
    yield Change(family="grey", setting="", amount=0, make=lambda p, d: ImageOps.grayscale(p).convert("RGB"))


def _turns() -> Iterator[Change]:
    for number, (name, turn) in enumerate(TURNS.items(), 1):
        yield Change(family="turned", setting=name, amount=number, make=_turn(turn))
    yield from _each(
        "rotated slightly", " degrees", (1, 2, 3, 5, 10), lambda a: lambda p, d: rotated(p, a, d)
    )


def _turn(turn: Image.Transpose) -> Make:
    return lambda p, d: p.transpose(turn)


def _covered() -> Iterator[Change]:
    yield from _each("sticker", "%", (0.03, 0.06, 0.12), lambda a: lambda p, d: stickered(p, a, d))
    yield Change(family="channel's mark", setting="", amount=0, make=marked)
    yield from _each("words over it", "%", (0.1, 0.2), lambda a: lambda p, d: frames.overprinted(p, a, d))


def _framed() -> Iterator[Change]:
    yield from _each(
        "border", "%", (0.02, 0.05, 0.1, 0.15, 0.2), lambda a: lambda p, d: frames.bordered(p, a, d)
    )
    yield from _each("uneven border", "%", (0.05, 0.1, 0.2), lambda a: lambda p, d: frames.uneven(p, a, d))
    for side, ground, share in (
        ("top", "white", 0.15),
        ("top", "white", 0.25),
        ("bottom", "black", 0.15),
        ("bottom", "black", 0.25),
        ("bottom", "picture", 0.15),
        ("both", "black", 0.12),
    ):
        yield Change(
            family="caption bar",
            setting=f"{side}, {ground}, {share:.0%}".replace("%", " %"),
            amount=share,
            make=_caption(share, side, ground),
        )
    yield Change(family="screenshot", setting="phone", amount=0, make=frames.on_phone)
    yield Change(family="screenshot", setting="browser", amount=0, make=frames.in_browser)
    yield Change(family="screenshot", setting="post", amount=0, make=frames.in_post)


def _caption(share: float, side: str, ground: str) -> Make:
    return lambda p, d: frames.captioned(p, share, side, ground, d)


def _cut() -> Iterator[Change]:
    shares = (0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4)
    yield from _each("cropped at one side", "%", shares, lambda a: lambda p, d: cropped_at_one_side(p, a, d))
    yield from _each("cropped all round", "%", shares, lambda a: lambda p, d: cropped_all_round(p, a))


def _mixed() -> Iterator[Change]:
    """Two or three changes at once, as a picture that was passed on more than once has them."""
    yield Change(
        family="mixed", setting="JPEG 40 and half size", amount=0, make=lambda p, d: jpeg(resized(p, 0.5), 40)
    )
    yield Change(
        family="mixed",
        setting="cropped 10 % all round, JPEG 50",
        amount=0,
        make=lambda p, d: jpeg(cropped_all_round(p, 0.1), 50),
    )
    yield Change(
        family="mixed",
        setting="border 10 %, mirrored",
        amount=0,
        make=lambda p, d: ImageOps.mirror(frames.bordered(p, 0.1, d)),
    )
    yield Change(
        family="mixed",
        setting="cropped 10 % all round, in a post, JPEG 60",
        amount=0,
        make=lambda p, d: jpeg(frames.in_post(cropped_all_round(p, 0.1), d), 60),
    )
    yield Change(
        family="mixed",
        setting="caption bar, on a phone, half size",
        amount=0,
        make=lambda p, d: resized(frames.on_phone(frames.captioned(p, 0.15, "top", "white", d), d), 0.5),
    )
