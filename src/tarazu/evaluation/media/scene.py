"""A drawn scene that has the texture of a photograph: town, hills, shore, room, crowd."""

from __future__ import annotations

import numpy as np
from PIL import Image

from tarazu.evaluation.media.brush import Canvas, Random, blend, pick, pixels, random, scaled, tint
from tarazu.evaluation.media.outlines import bar, oval, rounded


def scene(seed: int, *, side: int = 900) -> Image.Image:
    """Return a scene; the longer side is about `side` pixels."""
    draw = random("scene", seed)
    canvas = Canvas(pixels(draw, side, upright=0.25), light=(draw.choice((-1, 1)) * 0.8, -0.5))
    _sky(canvas, draw)
    level = draw.uniform(0.3, 0.6)
    pick(draw, (_town, _hills, _shore, _street, _crowd))(canvas, draw, level)
    canvas.shadow(
        np.clip(canvas.field(draw, 2) * 0.5 + canvas.ramp(draw.uniform(0, 6.3)) * 0.3 - 0.3, 0, 0.6)
    )
    return canvas.finish(draw, grain=draw.uniform(4, 12))


def _sky(canvas: Canvas, draw: Random) -> None:
    hue = pick(draw, (0.58, 0.6, 0.55, 0.08, 0.04, 0.7))
    top = tint(hue, draw.uniform(0.2, 0.7), draw.uniform(0.25, 0.9))
    low = blend(top, (250, 240, 225), draw.uniform(0.3, 0.8))
    clouds = canvas.field(draw, draw.uniform(2, 5), 5)
    canvas.ground(
        np.clip(canvas.ramp(np.pi / 2) * 0.8 + (clouds - 0.5) * draw.uniform(0.4, 1.3), 0, 1), top, low
    )
    if draw.random() < 0.35:
        size = draw.uniform(0.03, 0.08)
        canvas.paint(
            oval(draw.uniform(0, canvas.width), draw.uniform(0.05, 0.35), size, size),
            (255, 250, 225),
            soft=0.01,
        )


def _town(canvas: Canvas, draw: Random, level: float) -> None:
    for depth in range(int(draw.integers(2, 4))):
        x = draw.uniform(-0.1, 0)
        while x < canvas.width:
            wide, roof = draw.uniform(0.08, 0.3), level + depth * 0.12 + draw.uniform(-0.25, 0.15)
            _house(canvas, draw, x, roof, x + wide, 1.0, 0.85 - depth * 0.15)
            x += wide + pick(draw, (0, 0, 0.03))
    canvas.paint(bar(0, 0.93, canvas.width, 1), (70, 68, 66), texture=canvas.field(draw, 8))


def _house(
    canvas: Canvas, draw: Random, left: float, top: float, right: float, bottom: float, bright: float
) -> None:
    wall = tint(draw.uniform(0.02, 0.16), draw.uniform(0.05, 0.4), bright * draw.uniform(0.5, 1.05))
    canvas.paint(bar(left, top, right, bottom), wall, texture=canvas.field(draw, 6, 3))
    canvas.paint(bar(right - (right - left) * 0.2, top, right, bottom), scaled(wall, 0.7), opacity=0.5)
    canvas.paint(bar(left - 0.008, top - 0.012, right + 0.008, top + 0.01), scaled(wall, 0.6))
    step, story = draw.uniform(0.04, 0.08), draw.uniform(0.06, 0.11)
    lit = tint(0.12, draw.uniform(0, 0.5), draw.uniform(0.1, 0.9))
    panes = [
        bar(x, y, x + step * 0.5, y + story * 0.6)
        for y in np.arange(top + 0.04, bottom - story, story)
        for x in np.arange(left + 0.02, right - step * 0.6, step)
        if draw.random() < 0.9
    ]
    canvas.paint(panes, blend(lit, (30, 40, 55), 0.5))


def _hills(canvas: Canvas, draw: Random, level: float) -> None:
    hue, shade = draw.uniform(0.08, 0.6), draw.uniform(0.6, 0.85)
    y = level - 0.1
    for _ in range(int(draw.integers(3, 6))):
        x = np.linspace(-0.1, canvas.width + 0.1, 60)
        rise = sum(
            draw.uniform(0.02, 0.12) / k * np.sin(x * k * draw.uniform(1, 4) + draw.uniform(0, 6))
            for k in (1, 2, 4)
        )
        ridge = np.concatenate((np.stack((x, y + rise), axis=1), [(canvas.width + 0.1, 1.1), (-0.1, 1.1)]))
        canvas.paint(ridge, tint(hue, draw.uniform(0.2, 0.5), shade), texture=canvas.field(draw, 9, 5))
        y, shade, hue = y + draw.uniform(0.08, 0.16), shade * draw.uniform(0.6, 0.85), hue - 0.03
    for _ in range(int(draw.integers(2, 12))):
        _tree(canvas, draw, draw.uniform(0, canvas.width), draw.uniform(0.7, 1.0))


def _tree(canvas: Canvas, draw: Random, x: float, foot: float) -> None:
    tall = draw.uniform(0.12, 0.35)
    canvas.paint(bar(x - 0.008, foot - tall * 0.5, x + 0.008, foot), (60, 45, 35))
    leaves = tint(draw.uniform(0.2, 0.38), 0.5, draw.uniform(0.15, 0.5))
    for _ in range(5):
        size = tall * draw.uniform(0.15, 0.28)
        canvas.paint(
            oval(x + draw.normal(0, 0.1) * tall, foot - tall * draw.uniform(0.5, 0.95), size, size),
            leaves, relief=0.6, texture=canvas.field(draw, 20, 2),
        )  # fmt: skip


def _shore(canvas: Canvas, draw: Random, level: float) -> None:
    sea = tint(draw.uniform(0.48, 0.62), draw.uniform(0.3, 0.7), draw.uniform(0.3, 0.7))
    canvas.paint(bar(0, level, canvas.width, 1), sea, texture=canvas.field(draw, 12, 3))
    crests = [
        rounded([(x, y), (x + 0.06, y - 0.008), (x + 0.13, y)], closed=False)
        for x, y in zip(draw.uniform(0, canvas.width, 60), draw.uniform(level + 0.02, 0.95, 60), strict=True)
    ]
    canvas.stroke(crests, 0.005, (235, 240, 240), opacity=0.7)
    lean = draw.uniform(-0.3, 0.3)
    beach = rounded(
        [
            (-0.2, 0.9 + lean * 0.4),
            (canvas.width * 0.5, 0.8),
            (canvas.width + 0.2, 0.9 - lean),
            (canvas.width + 0.2, 1.3),
            (-0.2, 1.3),
        ]
    )
    canvas.paint(beach, (205, 180, 140), texture=canvas.field(draw, 10))
    for _ in range(int(draw.integers(1, 5))):
        x, y, size = (
            draw.uniform(0.1, canvas.width - 0.1),
            level + draw.uniform(0.02, 0.25),
            draw.uniform(0.05, 0.16),
        )
        canvas.paint(
            np.array(
                [
                    (x - size, y),
                    (x + size, y),
                    (x + size * 0.7, y + size * 0.3),
                    (x - size * 0.8, y + size * 0.3),
                ]
            ),
            tint(draw.random(), 0.5, 0.4),
        )
        canvas.paint(
            np.array([(x, y - size * 0.1), (x, y - size * 1.6), (x + size * 0.9, y - size * 0.2)]),
            (240, 236, 228),
            relief=0.3,
        )


def _street(canvas: Canvas, draw: Random, level: float) -> None:
    x, y = draw.uniform(0.3, 0.7) * canvas.width, level
    canvas.paint(
        np.array([(0, 1), (x - 0.02, y), (x + 0.02, y), (canvas.width, 1)]),
        (110, 108, 104),
        texture=canvas.field(draw, 8),
    )
    for side in (-1, 1):
        edge = 0.0 if side < 0 else canvas.width
        for near in np.linspace(0.85, 0.1, 6):
            start, tall = x + (edge - x) * near, draw.uniform(0.4, 0.9) * near
            end = x + (edge - x) * (near + 0.2)
            left, right = min(start, end), max(start, end)
            _house(canvas, draw, left, y - tall, right, y + near * 0.4, draw.uniform(0.5, 0.95))
    for _ in range(int(draw.integers(1, 6))):
        _person(canvas, draw, draw.uniform(0.2, 0.8) * canvas.width, draw.uniform(0.75, 1.0))


def _person(canvas: Canvas, draw: Random, x: float, foot: float) -> None:
    tall = draw.uniform(0.12, 0.22)
    coat = tint(draw.random(), draw.uniform(0.1, 0.7), draw.uniform(0.1, 0.8))
    canvas.paint(
        rounded(
            [
                (x - tall * 0.14, foot - tall * 0.75),
                (x + tall * 0.14, foot - tall * 0.75),
                (x + tall * 0.17, foot - tall * 0.3),
                (x - tall * 0.17, foot - tall * 0.3),
            ]
        ),
        coat,
        relief=0.5,
    )
    canvas.paint(
        [
            bar(
                x + s * tall * 0.07 - tall * 0.05, foot - tall * 0.36, x + s * tall * 0.07 + tall * 0.05, foot
            )
            for s in (-1, 1)
        ],
        scaled(coat, 0.5),
    )
    canvas.paint(
        oval(x, foot - tall * 0.9, tall * 0.08, tall * 0.1),
        pick(draw, ((220, 180, 150), (150, 105, 75), (95, 65, 50))),
        relief=0.5,
    )
    canvas.paint(oval(x, foot - tall * 0.95, tall * 0.085, tall * 0.07), (40, 32, 30))


def _crowd(canvas: Canvas, draw: Random, level: float) -> None:
    _house(
        canvas,
        draw,
        draw.uniform(-0.1, 0.3),
        draw.uniform(0.02, level - 0.1),
        draw.uniform(0.5, canvas.width),
        0.8,
        0.9,
    )
    rows = int(draw.integers(4, 7))
    for row in range(rows):
        y = level + (1.05 - level) * row / rows
        size = 0.03 + 0.05 * row / rows
        for x in np.arange(draw.uniform(-0.1, 0), canvas.width + 0.1, size * 2.6):
            u, v = x + draw.normal(0, size * 0.4), y + draw.normal(0, size * 0.4)
            canvas.paint(
                oval(u, v + size * 2.2, size * 1.3, size * 1.6, power=3),
                tint(draw.random(), draw.uniform(0.1, 0.7), draw.uniform(0.15, 0.85)),
                relief=0.5,
            )
            canvas.paint(
                oval(u, v, size * 0.62, size * 0.8),
                pick(draw, ((220, 180, 150), (165, 120, 85), (95, 65, 50))),
                relief=0.5,
            )
            canvas.paint(
                oval(u, v - size * 0.35, size * 0.64, size * 0.5),
                pick(draw, ((30, 25, 24), (70, 50, 35), (180, 175, 170), (150, 60, 60))),
            )
    if draw.random() < 0.6:
        x, y = draw.uniform(0.2, canvas.width - 0.3), draw.uniform(level - 0.15, level + 0.1)
        canvas.paint(
            bar(x, y, x + draw.uniform(0.25, 0.5), y + draw.uniform(0.1, 0.18)), (238, 232, 220), relief=0.2
        )
