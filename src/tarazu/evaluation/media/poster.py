"""A drawn poster: a figure or a device, bands of colour, lines of text."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from tarazu.evaluation.media.backdrop import backdrop
from tarazu.evaluation.media.brush import Canvas, Random, pick, pixels, random, scaled, tint
from tarazu.evaluation.media.emblem import device
from tarazu.evaluation.media.letters import write
from tarazu.evaluation.media.outlines import bar, moved, rounded
from tarazu.evaluation.media.portrait import figure


def poster(seed: int, lines: Sequence[str] = (), *, side: int = 900, font: Path | None = None) -> Image.Image:
    """Return a poster with `lines` (any script that the font has) on a band of their own.

    Without lines the band is empty. The longer side is about `side` pixels.
    """
    draw = random("poster", seed)
    canvas = Canvas(pixels(draw, side, upright=0.8), light=(draw.choice((-1, 1)) * 0.7, -0.6))
    backdrop(canvas, draw)
    below = draw.random() < 0.65
    tall = draw.uniform(0.16, 0.3) if len(lines) < 2 else draw.uniform(0.26, 0.4)
    edge = 1 - tall if below else tall
    if draw.random() < 0.4:
        _sweep(canvas, draw)
    people = pick(draw, (0, 1, 1, 1, 2))
    places = [canvas.width * (n + draw.uniform(0.35, 0.65)) / max(people, 1) for n in range(people)]
    for x in places:
        head = draw.uniform(0.22, 0.34)
        figure(canvas, draw, x, draw.uniform(0.27, 0.4) if below else edge + draw.uniform(0.24, 0.3), head)
    middle = (edge if below else 1 + edge) / 2
    if not people:
        device(
            canvas,
            draw,
            canvas.width * draw.uniform(0.4, 0.6),
            middle,
            min(canvas.width, 0.8) * 0.42,
            draw.random(),
        )
    elif draw.random() < 0.6:  # in a corner, above the shoulders
        size = draw.uniform(0.07, 0.11)
        x = size * 1.2 if places[0] > canvas.width / 2 else canvas.width - size * 1.2
        device(canvas, draw, x, size * 1.2 + (0 if below else edge), size, draw.random())
    dark = draw.random() < 0.5
    band = tint(
        draw.random(), draw.uniform(0.3, 0.8), draw.uniform(0.1, 0.35) if dark else draw.uniform(0.85, 1)
    )
    strip = bar(0, edge, canvas.width, 1) if below else bar(0, 0, canvas.width, edge)
    canvas.paint(strip, band)
    trim = scaled(tint(draw.random(), 0.6, 0.9), 1.0 if dark else 0.5)
    rim = edge if below else edge - 0.015
    canvas.paint(bar(0, rim, canvas.width, rim + 0.015), trim)
    image = canvas.finish(draw, grain=draw.uniform(1, 4))
    if lines:
        low, high = (edge + 0.025, 0.985) if below else (0.015, edge - 0.025)
        wide, unit = image.size[0], canvas.unit
        ink = (250, 248, 240) if dark else (20, 18, 24)
        write(
            image,
            lines,
            (int(wide * 0.04), int(low * unit), int(wide * 0.96), int(high * unit)),
            ink,
            path=font,
        )
    return image


def _sweep(canvas: Canvas, draw: Random) -> None:
    """Draw bands that cross the ground."""
    for _ in range(int(draw.integers(1, 4))):
        y, lean, thick = draw.uniform(0.1, 0.9), draw.uniform(-0.6, 0.6), draw.uniform(0.05, 0.2)
        x = np.linspace(-0.1, canvas.width + 0.1, 5)
        top = np.stack((x, y + lean * (x / canvas.width - 0.5) + draw.normal(0, 0.03, 5)), axis=1)
        low = moved(top[::-1], 0, thick)
        ribbon = np.concatenate((rounded(top, closed=False), rounded(low, closed=False)))
        canvas.paint(ribbon, tint(draw.random(), draw.uniform(0.3, 0.8), draw.uniform(0.2, 1)), relief=0.3)
