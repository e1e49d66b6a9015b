"""A canvas for drawn pictures: softly shaded shapes in one unit of length, the height of the picture.

Nothing here depends on the size in pixels, so the same drawing can be made large to look at and small to count with.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeVar, cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw, ImageFilter

Points = NDArray[np.float64]  # n x 2: x to the right, y down, the height of the picture is 1
Field = NDArray[np.float32]  # one number a pixel
Colour = tuple[int, int, int]
Random = np.random.Generator


class Size(NamedTuple):
    """Pixels, and the width for a height of 1 before it was rounded to pixels."""

    wide: int
    tall: int
    aspect: float


class Canvas:
    """A picture being drawn: `width` by 1 in its own unit, light from one side."""

    def __init__(self, size: Size, light: tuple[float, float] = (-0.7, -0.7)) -> None:
        self.image = Image.new("RGB", (size.wide, size.tall), (128, 128, 128))
        self.unit = size.tall
        self.width = size.aspect
        self.light = light

    def ground(self, shade: Field, dark: Colour, bright: Colour) -> None:
        """Cover everything: `shade` between 0 (dark) and 1 (bright)."""
        self.image.paste(_coloured(shade, dark, bright).resize(self.image.size))

    def field(self, draw: Random, cells: float = 4.0, octaves: int = 4) -> Field:
        """Return smooth noise between 0 and 1 for the whole picture; `cells` hills along its height."""
        total = np.zeros((self.image.size[1], self.image.size[0]), dtype=np.float32)
        for octave in range(octaves):
            rows = max(2, round(cells * 2**octave))
            grid = draw.normal(size=(rows, max(2, round(rows * self.width)))).astype(np.float32)
            total += np.asarray(
                Image.fromarray(grid).resize(self.image.size, Image.Resampling.BICUBIC)
            ) / np.float32(1.9**octave)
        low, high = float(total.min()), float(total.max())
        return cast(Field, (total - low) / max(high - low, 1e-6))

    def ramp(self, angle: float) -> Field:
        """Return a field that rises from 0 to 1 along `angle` (radians)."""
        y, x = np.mgrid[0 : self.image.size[1], 0 : self.image.size[0]].astype(np.float32) / self.unit
        along = x * np.float32(np.cos(angle)) + y * np.float32(np.sin(angle))
        low, high = float(along.min()), float(along.max())
        return cast(Field, (along - low) / (high - low))

    def paint(
        self,
        shapes: Points | Sequence[Points],
        colour: Colour,
        *,
        relief: float = 0.0,
        soft: float = 0.0,
        opacity: float = 1.0,
        texture: Field | None = None,
    ) -> None:
        """Fill closed shapes.

        `relief`: how round they look; `soft`: width of the edge; `texture`: 0 to 1, of the whole picture.
        """
        listed = [shapes] if isinstance(shapes, np.ndarray) else list(shapes)
        if listed:
            self._lay(listed, None, colour, relief, soft, opacity, texture)

    def stroke(
        self,
        line: Points | Sequence[Points],
        thick: float,
        colour: Colour,
        *,
        soft: float = 0.0,
        opacity: float = 1.0,
    ) -> None:
        """Draw open lines of one width."""
        listed = [line] if isinstance(line, np.ndarray) else list(line)
        if listed:
            self._lay(listed, thick, colour, 0.0, soft, opacity, None)

    def _lay(
        self,
        shapes: list[Points],
        thick: float | None,
        colour: Colour,
        relief: float,
        soft: float,
        opacity: float,
        texture: Field | None,
    ) -> None:
        every = np.concatenate(shapes) * self.unit
        pad = int(np.ceil(soft * self.unit * 2 + (thick or 0) * self.unit)) + 2
        left, top = np.floor(np.maximum(every.min(axis=0) - pad, 0)).astype(int)
        right, bottom = np.ceil(np.minimum(every.max(axis=0) + pad, self.image.size)).astype(int)
        if right <= left or bottom <= top:
            return
        size = (int(right - left), int(bottom - top))
        mask = Image.new("L", (size[0] * 2, size[1] * 2), 0)
        pen = ImageDraw.Draw(mask)
        for shape in shapes:
            corners = [(float(x), float(y)) for x, y in (shape * self.unit - (left, top)) * 2]
            if thick is None:
                pen.polygon(corners, fill=255)
            else:
                pen.line(corners, fill=255, width=max(1, round(thick * self.unit * 2)), joint="curve")
        mask = mask.reduce(2)
        if soft:
            mask = mask.filter(ImageFilter.GaussianBlur(soft * self.unit))
        if opacity < 1:
            mask = mask.point([round(level * opacity) for level in range(256)])
        inside: Image.Image | Colour = colour
        if relief or texture is not None:
            shade = np.full((size[1], size[0]), 1.0, dtype=np.float32)
            if relief:
                shade += np.float32(relief) * self._relief(mask)
            if texture is not None:
                shade *= 0.65 + 0.6 * texture[top:bottom, left:right]
            inside = _shaded(shade, colour)
        self.image.paste(inside, (int(left), int(top), int(right), int(bottom)), mask)

    def _relief(self, mask: Image.Image) -> Field:
        """Return how much a swollen shape faces the light, about -1 to 1."""
        deep = max(1.0, min(mask.size) / 7)
        step = max(1, int(deep / 4))
        small = mask.reduce(step) if step > 1 else mask
        bulge = np.asarray(small.filter(ImageFilter.GaussianBlur(deep / step)), dtype=np.float32) / 255
        if min(bulge.shape) < 2:
            return np.zeros((mask.size[1], mask.size[0]), dtype=np.float32)
        down, across = np.gradient(bulge)
        facing = -(across * self.light[0] + down * self.light[1]) * (deep / step) * -2.2
        grown = Image.fromarray(facing.astype(np.float32)).resize(mask.size, Image.Resampling.BICUBIC)
        return cast(Field, np.clip(np.asarray(grown), -1.2, 1.2))

    def shadow(self, strength: Field) -> None:
        """Darken the picture by `strength`, 0 (nothing) to 1 (black)."""
        grey = Image.fromarray((255 * (1 - np.clip(strength, 0, 1))).astype(np.uint8))
        self.image = ImageChops.multiply(self.image, Image.merge("RGB", (grey, grey, grey)))

    def finish(self, draw: Random, grain: float = 5.0) -> Image.Image:
        """Return the picture with the grain of a photograph, in grey levels."""
        pixels = np.asarray(self.image, dtype=np.float32)
        noise = draw.normal(0, grain, pixels.shape[:2]).astype(np.float32)[..., None]
        return Image.fromarray(np.clip(pixels + noise, 0, 255).astype(np.uint8))


def random(kind: str, seed: int) -> Random:
    """Return the random numbers of one picture."""
    return np.random.Generator(np.random.PCG64([seed, *kind.encode()]))


def pixels(draw: Random, side: int, upright: float) -> Size:
    """Return a size whose longer side varies around `side`; `upright` is the chance of more height than width."""
    longer = draw.uniform(0.9, 1.1) * side
    share = draw.uniform(0.66, 0.9)
    wide, tall = round(longer), round(longer * share)
    return Size(tall, wide, share) if draw.random() < upright else Size(wide, tall, 1 / share)


def tint(hue: float, strength: float, level: float) -> Colour:
    """Return a colour by hue, saturation and value, each 0 to 1."""
    import colorsys

    red, green, blue = colorsys.hsv_to_rgb(hue % 1, min(max(strength, 0), 1), min(max(level, 0), 1))
    return round(red * 255), round(green * 255), round(blue * 255)


def blend(one: Colour, two: Colour, share: float) -> Colour:
    """Return the colour `share` of the way from one to the other."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, two, strict=True))
    return red, green, blue


def scaled(colour: Colour, by: float) -> Colour:
    """Return a darker or brighter colour."""
    red, green, blue = (min(255, max(0, round(part * by))) for part in colour)
    return red, green, blue


_T = TypeVar("_T")


def pick(draw: Random, things: Sequence[_T]) -> _T:
    """Return one of the things."""
    return things[int(draw.integers(len(things)))]


def _coloured(shade: Field, dark: Colour, bright: Colour) -> Image.Image:
    low, high = np.array(dark, dtype=np.float32), np.array(bright, dtype=np.float32)
    return Image.fromarray(np.clip(low + (high - low) * shade[..., None], 0, 255).astype(np.uint8))


def _shaded(shade: Field, colour: Colour) -> Image.Image:
    """Darken below 1, lighten towards white above it, so that a bright colour never burns out."""
    base = np.array(colour, dtype=np.float32)
    dark, light = np.minimum(shade, 1)[..., None], np.maximum(shade - 1, 0)[..., None]
    return Image.fromarray(np.clip(base * dark + (255 - base) * light * 0.55, 0, 255).astype(np.uint8))
