"""A drawn emblem: an abstract figure on a ground, like nothing in use."""

from __future__ import annotations

import numpy as np
from PIL import Image

from tarazu.evaluation.media.brush import Canvas, Colour, Points, Random, pick, pixels, random, scaled, tint
from tarazu.evaluation.media.outlines import bar, moved, oval, rounded, star, turned


def emblem(seed: int, *, side: int = 900) -> Image.Image:
    """Return an abstract emblem on a ground; the longer side is about `side` pixels."""
    draw = random("emblem", seed)
    canvas = Canvas(pixels(draw, side, upright=0.4))
    hue = draw.random()
    dark = draw.random() < 0.5
    ground = tint(hue, draw.uniform(0.05, 0.7), draw.uniform(0.2, 0.4) if dark else draw.uniform(0.75, 0.98))
    shade = canvas.ramp(draw.uniform(0, 6.3)) * 0.5 + canvas.field(draw, draw.uniform(2, 5), 3) * 0.5
    canvas.ground(shade, scaled(ground, 0.55), scaled(ground, 1.15))
    x, y = canvas.width * draw.uniform(0.4, 0.6), draw.uniform(0.42, 0.58)
    device(
        canvas,
        draw,
        x,
        y,
        min(canvas.width, 1) * draw.uniform(0.32, 0.46),
        hue + draw.uniform(0.25, 0.75),
        light=dark,
    )
    return canvas.finish(draw, grain=draw.uniform(1, 5))


def device(
    canvas: Canvas, draw: Random, x: float, y: float, size: float, hue: float, light: bool | None = None
) -> None:
    """Draw an abstract figure of radius `size` around (x, y); `light`: whether it is brighter than its ground."""
    if light is None:
        light = draw.random() < 0.5
    first = tint(hue, draw.uniform(0.1, 0.7), draw.uniform(0.75, 1) if light else draw.uniform(0.1, 0.35))
    second = tint(hue + draw.uniform(0.2, 0.5), draw.uniform(0.3, 0.9), 0.3 if light else 0.9)
    around = pick(draw, ("disc", "shield", "lozenge", "square", "none"))
    if around != "none":
        plate = _plate(around, x, y, size)
        canvas.paint(plate, second, relief=0.4)
        canvas.paint(_plate(around, x, y, size * 0.92), first, relief=0.25)
        canvas.paint(_plate(around, x, y, size * 0.86), scaled(second, 0.75), relief=0.2)
        size *= 0.72
    _core(canvas, draw, x, y, size, first)
    for _ in range(int(draw.integers(2, 5))):  # what breaks the symmetry
        _mark(canvas, draw, x, y, size, pick(draw, (first, second, scaled(first, 0.6))))


def _plate(kind: str, x: float, y: float, size: float) -> Points:
    if kind == "disc":
        return oval(x, y, size, size)
    if kind == "square":
        return oval(x, y, size, size, power=7)
    if kind == "lozenge":
        return np.array([(x, y - size), (x + size * 0.9, y), (x, y + size), (x - size * 0.9, y)])
    half = [(-0.85, -0.9), (0.85, -0.9), (0.86, -0.1), (0.6, 0.55), (0, 1.0), (-0.6, 0.55), (-0.86, -0.1)]
    return rounded(np.array(half) * size + (x, y))


def _core(canvas: Canvas, draw: Random, x: float, y: float, size: float, colour: Colour) -> None:
    fold = int(draw.integers(3, 8))
    spin = draw.uniform(0, 6.3)
    leaf = [
        (0.1 * size, 0.0),
        (draw.uniform(0.2, 0.5) * size, draw.uniform(-0.4, -0.05) * size),
        (draw.uniform(0.7, 1.0) * size, draw.uniform(-0.3, 0.3) * size),
        (draw.uniform(0.3, 0.6) * size, draw.uniform(0.05, 0.4) * size),
    ]
    sharp = draw.random() < 0.4
    for n in range(fold):
        blade = np.array(leaf) if sharp else rounded(leaf)
        tone = scaled(colour, draw.uniform(0.55, 1.2))
        canvas.paint(
            moved(turned(blade, spin + n * 2 * np.pi / fold + draw.normal(0, 0.1)), x, y), tone, relief=0.5
        )
    canvas.paint(oval(x, y, size * 0.16, size * 0.16), scaled(colour, 0.6), relief=0.6)


def _mark(canvas: Canvas, draw: Random, x: float, y: float, size: float, colour: Colour) -> None:
    angle, far = draw.uniform(0, 6.3), draw.uniform(0.2, 0.8) * size
    u, v = x + far * np.cos(angle), y + far * np.sin(angle)
    small = size * draw.uniform(0.15, 0.4)
    kind = pick(draw, ("bars", "star", "ring", "wave", "block"))
    if kind == "bars":
        canvas.paint(
            [
                turned(
                    bar(u - small, v + n * small * 0.4, u + small, v + n * small * 0.4 + small * 0.2),
                    angle,
                    (u, v),
                )
                for n in range(3)
            ],
            colour,
        )
    elif kind == "star":
        canvas.paint(
            star(u, v, small, small * 0.6, int(draw.integers(7, 12)), tilt=angle), colour, relief=0.4
        )
    elif kind == "ring":
        canvas.stroke(oval(u, v, small, small)[: int(draw.integers(30, 72))], small * 0.25, colour)
    elif kind == "wave":
        t = np.linspace(-0.8, 0.8, 30)
        canvas.stroke(
            turned(np.stack((u + t * size, v + 0.25 * small * np.sin(t * 6)), axis=1), angle, (u, v)),
            small * 0.25,
            colour,
        )
    else:
        canvas.paint(
            turned(bar(u - small, v - small * 0.7, u + small, v + small * 0.7), angle, (u, v)),
            colour,
            relief=0.4,
        )
