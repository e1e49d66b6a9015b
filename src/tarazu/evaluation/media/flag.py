"""A drawn flag of no country: rare colours, an abstract charge, folds in the wind."""

from __future__ import annotations

import numpy as np
from PIL import Image

from tarazu.evaluation.media.brush import Canvas, Colour, Points, Random, pick, pixels, random, scaled, tint
from tarazu.evaluation.media.emblem import device
from tarazu.evaluation.media.outlines import bar, oval

HUES = (0.05, 0.08, 0.13, 0.42, 0.48, 0.53, 0.74, 0.79, 0.86, 0.92)  # no pure red, green, blue: no country's


def flag(seed: int, *, side: int = 900) -> Image.Image:
    """Return an invented flag; the longer side is about `side` pixels."""
    draw = random("flag", seed)
    size = pixels(draw, side, upright=0.15)
    canvas, cloth = Canvas(size), Canvas(size)
    colours = _colours(draw)
    flat = draw.random() < 0.3
    _field(cloth, draw, colours)
    if flat or draw.random() < 0.75:
        x, y = cloth.width * pick(draw, (0.2, 0.3, 0.5, 0.5, 0.7)), pick(draw, (0.3, 0.5, 0.5, 0.6))
        device(cloth, draw, x, y, draw.uniform(0.2, 0.36), draw.random())
    if flat:
        canvas.image = cloth.image
        canvas.shadow((canvas.field(draw, 2, 3) * 0.35).astype(np.float32))
    else:
        _fly(canvas, draw, cloth.image)
    return canvas.finish(draw, grain=draw.uniform(2, 6))


def _colours(draw: Random) -> list[Colour]:
    hues = draw.permutation(len(HUES))[:3]
    levels = draw.permutation([0.25, 0.6, 0.95])
    return [
        tint(HUES[h], draw.uniform(0.25, 0.75), float(level)) for h, level in zip(hues, levels, strict=True)
    ]


def _field(cloth: Canvas, draw: Random, colours: list[Colour]) -> None:
    wide = cloth.width
    cloth.paint(bar(0, 0, wide, 1), colours[0])
    kind = pick(draw, ("across", "down", "bend", "cross", "wedge", "quarters", "canton", "rays"))
    cut = sorted(draw.uniform(0.15, 0.85, 2))
    if kind == "across":
        cloth.paint(bar(0, cut[0], wide, 1), colours[1])
        cloth.paint(bar(0, cut[1], wide, 1), colours[2])
    elif kind == "down":
        cloth.paint(bar(cut[0] * wide, 0, wide, 1), colours[1])
        cloth.paint(bar(cut[1] * wide, 0, wide, 1), colours[2])
    elif kind == "bend":
        cloth.paint(
            np.array(
                [(0, cut[0]), (wide * cut[1], 0), (wide, 0), (wide, cut[1]), (wide * cut[0], 1), (0, 1)]
            ),
            colours[1],
        )
        cloth.paint(np.array([(0, cut[1]), (0, 1), (wide * cut[0], 1)]), colours[2])
    elif kind == "cross":
        x, thick = draw.uniform(0.25, 0.7) * wide, draw.uniform(0.06, 0.14)
        cloth.paint([bar(x - thick, 0, x + thick, 1), bar(0, cut[0], wide, cut[0] + thick * 2)], colours[1])
        cloth.paint(bar(x - thick * 0.4, 0, x + thick * 0.4, 1), colours[2])
    elif kind == "wedge":
        cloth.paint(bar(0, cut[0], wide, 1), colours[1])
        cloth.paint(np.array([(0, 0), (draw.uniform(0.3, 0.7) * wide, 0.5), (0, 1)]), colours[2])
    elif kind == "quarters":
        cloth.paint([bar(0, 0, wide * cut[0], cut[1]), bar(wide * cut[0], cut[1], wide, 1)], colours[1])
        cloth.paint(bar(wide * cut[0], 0, wide, cut[1] * 0.3), colours[2])
    elif kind == "canton":
        stripes = int(draw.integers(4, 9))
        cloth.paint([bar(0, n / stripes, wide, (n + 0.5) / stripes) for n in range(stripes)], colours[1])
        cloth.paint(bar(0, 0, wide * cut[0], cut[1]), colours[2])
    else:
        _rays(cloth, draw, colours)


def _rays(cloth: Canvas, draw: Random, colours: list[Colour]) -> None:
    x, y, rays = draw.uniform(0, cloth.width), draw.uniform(0.2, 1), int(draw.integers(4, 9))
    wedges: list[Points] = []
    for ray in range(rays):
        angle = 2 * np.pi * ray / rays + 0.3
        wedges.append(
            np.array(
                [
                    (x, y),
                    (x + 3 * np.cos(angle), y + 3 * np.sin(angle)),
                    (x + 3 * np.cos(angle + 0.4), y + 3 * np.sin(angle + 0.4)),
                ]
            )
        )
    cloth.paint(wedges, colours[1])
    cloth.paint(oval(x, y, 0.2, 0.2), colours[2])


def _fly(canvas: Canvas, draw: Random, cloth: Image.Image) -> None:
    """Hang the cloth from a pole against the sky, in folds."""
    sky = tint(draw.uniform(0.5, 0.62), draw.uniform(0.1, 0.5), draw.uniform(0.5, 0.95))
    canvas.ground(
        canvas.ramp(np.pi / 2) * 0.6 + canvas.field(draw, 3) * 0.4, scaled(sky, 0.6), scaled(sky, 1.1)
    )
    wide, tall = canvas.image.size
    left, top = draw.uniform(0.03, 0.2) * wide, draw.uniform(0.04, 0.16) * tall
    right, bottom = draw.uniform(0.84, 0.98) * wide, draw.uniform(0.68, 0.9) * tall
    waves, deep, phase = draw.uniform(1.0, 2.6), draw.uniform(0.02, 0.06) * tall, draw.uniform(0, 6.3)
    y, x = np.mgrid[0:tall, 0:wide].astype(np.float32)
    along = (x - left) / (right - left)
    swing = along * waves * 2 * np.pi + phase + 0.8 * y / tall
    lift = deep * np.sin(swing) * np.clip(along * 3, 0, 1) + draw.uniform(-0.1, 0.15) * tall * along
    down = (y - top - lift) / (bottom - top)
    inside = (along >= 0) & (along < 1) & (down >= 0) & (down < 1)
    pixels = np.asarray(cloth)
    rows = np.clip(down * tall, 0, tall - 1).astype(np.int32)
    columns = np.clip(along * wide, 0, wide - 1).astype(np.int32)
    light = 0.82 + 0.28 * np.cos(swing) * np.clip(along * 3, 0.2, 1)
    waved = np.clip(pixels[rows, columns] * light[..., None], 0, 255)
    mixed = np.where(inside[..., None], waved, np.asarray(canvas.image))
    canvas.image = Image.fromarray(mixed.astype(np.uint8))
    x0 = left / canvas.unit
    canvas.paint(bar(x0 - 0.022, 0.02, x0, 1), (92, 74, 58), relief=0.6)
