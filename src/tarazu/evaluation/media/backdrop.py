"""What stands behind a figure: cloth, walls, shelves, rays, sky."""

from __future__ import annotations

import numpy as np

from tarazu.evaluation.media.brush import Canvas, Random, blend, pick, scaled, tint
from tarazu.evaluation.media.outlines import bar, oval


def backdrop(canvas: Canvas, draw: Random) -> None:
    """Cover the canvas with one of several backgrounds."""
    bright = tint(draw.random(), draw.uniform(0.1, 0.6), draw.uniform(0.6, 0.98))
    dark = blend(scaled(bright, draw.uniform(0.25, 0.6)), tint(draw.random(), 0.5, 0.3), 0.3)
    shade = canvas.ramp(draw.uniform(0, 2 * np.pi)) * 0.6 + canvas.field(draw, draw.uniform(1.5, 4)) * 0.5
    canvas.ground(np.clip(shade, 0, 1), dark, bright)
    pick(draw, (_cloth, _wall, _shelves, _rays, _lights, _hills, _panels))(canvas, draw)


def _cloth(canvas: Canvas, draw: Random) -> None:
    folds, sway = draw.uniform(3, 9), draw.uniform(0.02, 0.12)
    x = np.linspace(0, canvas.width, canvas.image.size[0], dtype=np.float32)[None, :]
    y = np.linspace(0, 1, canvas.image.size[1], dtype=np.float32)[:, None]
    waves = np.sin(
        (x + sway * np.sin(y * 5 + draw.uniform(0, 6))) * folds * 2 * np.pi / canvas.width
        + draw.uniform(0, 6)
    )
    canvas.shadow((0.28 + 0.28 * waves).astype(np.float32))


def _wall(canvas: Canvas, draw: Random) -> None:
    wide, tall = draw.uniform(0.2, 0.5), draw.uniform(0.25, 0.6)
    left, top = draw.uniform(-0.05, canvas.width - wide), draw.uniform(0.02, 0.4)
    frame = tint(draw.random(), 0.4, draw.uniform(0.15, 0.9))
    canvas.paint(bar(left - 0.03, top - 0.03, left + wide + 0.03, top + tall + 0.03), frame, relief=0.4)
    pane = tint(draw.random(), 0.35, draw.uniform(0.3, 1))
    canvas.paint(bar(left, top, left + wide, top + tall), pane, texture=canvas.field(draw, 3))
    if draw.random() < 0.6:
        canvas.paint(bar(left + wide * 0.48, top, left + wide * 0.52, top + tall), frame)
        canvas.paint(bar(left, top + tall * 0.46, left + wide, top + tall * 0.5), frame)


def _shelves(canvas: Canvas, draw: Random) -> None:
    y = draw.uniform(-0.15, 0)
    while y < 0.95:
        tall = draw.uniform(0.16, 0.3)
        x = draw.uniform(-0.05, 0)
        while x < canvas.width:
            wide = draw.uniform(0.02, 0.07)
            if draw.random() < 0.88:
                spine = tint(draw.random(), draw.uniform(0.1, 0.7), draw.uniform(0.15, 0.9))
                canvas.paint(
                    bar(x, y + tall * draw.uniform(0.08, 0.35), x + wide * 0.94, y + tall), spine, relief=0.3
                )
            x += wide
        canvas.paint(bar(0, y + tall, canvas.width, y + tall + 0.025), (70, 50, 35))
        y += tall + 0.025


def _rays(canvas: Canvas, draw: Random) -> None:
    x, y = draw.uniform(0, canvas.width), draw.uniform(0, 0.8)
    rays, start = int(draw.integers(5, 14)), draw.uniform(0, 6)
    colour = tint(draw.random(), draw.uniform(0.2, 0.7), draw.uniform(0.2, 1))
    wedges = []
    for ray in range(rays):
        angle = start + ray * 2 * np.pi / rays
        ends = angle + np.array([-0.5, 0.5]) * np.pi / rays
        wedges.append(np.array([(x, y), *((x + 3 * np.cos(a), y + 3 * np.sin(a)) for a in ends)]))
    canvas.paint(wedges, colour, opacity=draw.uniform(0.4, 0.9))


def _lights(canvas: Canvas, draw: Random) -> None:
    for _ in range(int(draw.integers(10, 30))):
        spot = tint(draw.random(), draw.uniform(0.1, 0.7), draw.uniform(0.3, 1))
        size = draw.uniform(0.03, 0.16)
        canvas.paint(
            oval(draw.uniform(0, canvas.width), draw.uniform(0, 1), size, size),
            spot,
            soft=size * 0.12,
            opacity=draw.uniform(0.3, 0.8),
        )


def _hills(canvas: Canvas, draw: Random) -> None:
    level, shade = draw.uniform(0.3, 0.5), draw.uniform(0.65, 0.9)
    hue = draw.random()
    for _ in range(int(draw.integers(2, 5))):
        x = np.linspace(-0.1, canvas.width + 0.1, 40)
        y = level + sum(
            draw.uniform(0.01, 0.09) * np.sin(x * draw.uniform(2, 12) + draw.uniform(0, 6)) for _ in range(3)
        )
        ridge = np.concatenate((np.stack((x, y), axis=1), [(canvas.width + 0.1, 1.1), (-0.1, 1.1)]))
        canvas.paint(ridge, tint(hue, 0.4, shade), texture=canvas.field(draw, 6))
        level, shade = level + draw.uniform(0.08, 0.2), shade * draw.uniform(0.5, 0.8)


def _panels(canvas: Canvas, draw: Random) -> None:
    x = 0.0
    while x < canvas.width:
        wide = draw.uniform(0.1, 0.4)
        colour = tint(draw.random(), draw.uniform(0.05, 0.5), draw.uniform(0.15, 0.95))
        canvas.paint(bar(x, 0, x + wide, 1), colour, texture=canvas.field(draw, 3), opacity=0.85)
        x += wide
