"""What a drawn person wears: shoulders, collars, cloth."""

from __future__ import annotations

import numpy as np

from tarazu.evaluation.media.brush import Canvas, Colour, Random, pick, scaled, tint
from tarazu.evaluation.media.head import Head
from tarazu.evaluation.media.outlines import bar, oval, rounded


def cloth(draw: Random) -> Colour:
    """Return the colour of a garment."""
    return tint(draw.random(), draw.uniform(0.05, 0.65), draw.uniform(0.12, 0.92))


def clothe(canvas: Canvas, draw: Random, head: Head, skin: Colour) -> None:
    """Draw shoulders, chest and collar."""
    colour, broad, slope = cloth(draw), draw.uniform(0.95, 1.35), draw.uniform(0.06, 0.25)
    trunk = rounded(
        [(-0.2, 0.62), (-broad * 0.7, 0.7 + slope), (-broad, 1.0 + slope), (-broad * 1.08, 1.7), (-broad * 1.05, 3.6),
         (broad * 1.05, 3.6), (broad * 1.08, 1.7), (broad, 1.0 + slope), (broad * 0.7, 0.7 + slope), (0.2, 0.62)]
    )  # fmt: skip
    canvas.paint(head.at(trunk), colour, relief=0.5, texture=canvas.field(draw, 5))
    _weave(canvas, draw, head, colour, broad)
    folds = [
        head.at(rounded([(x, 1.0), (x + draw.normal(0, 0.15), 1.4), (x * 0.8, 2.2)], closed=False))
        for x in draw.uniform(-broad, broad, 6)
    ]
    canvas.stroke(folds, 0.03 * head.tall, scaled(colour, 0.6), soft=0.012, opacity=0.6)
    kind = pick(draw, ("shirt", "round", "robe", "tunic", "shawl"))
    other = cloth(draw)
    if kind == "round":
        canvas.paint(head.at(oval(0, 0.68, 0.3, 0.2)), skin, relief=0.2)
        canvas.stroke(head.at(oval(0, 0.68, 0.3, 0.2)[:37]), 0.035 * head.tall, scaled(colour, 0.7))
    elif kind == "shirt":
        canvas.paint(head.at(np.array([(-0.24, 0.6), (0.24, 0.6), (0, 1.6)])), (226, 226, 222), relief=0.2)
        if draw.random() < 0.7:
            canvas.paint(
                head.at(np.array([(-0.06, 0.78), (0.06, 0.78), (0.1, 1.7), (0, 1.85), (-0.1, 1.7)])),
                other,
                relief=0.3,
            )
        for side in (-1, 1):
            canvas.paint(
                head.at(np.array([(0, 0.8), (side * 0.22, 0.54), (side * 0.34, 0.72), (side * 0.12, 0.98)])),
                (240, 240, 236),
                relief=0.3,
            )
            lapel = np.array(
                [
                    (side * 0.3, 0.66),
                    (side * 0.5, 0.9),
                    (side * 0.42, 1.1),
                    (side * 0.02, 1.9),
                    (side * 0.14, 1.3),
                ]
            )
            canvas.paint(head.at(lapel), scaled(colour, 0.75), relief=0.3)
    elif kind == "robe":
        for side in (-1, 1):
            hem = rounded(
                [
                    (side * 0.26, 0.6),
                    (side * 0.55, 0.78),
                    (side * 0.5, 1.8),
                    (side * 0.3, 3.4),
                    (side * 0.1, 3.4),
                    (side * 0.16, 1.6),
                ]
            )
            canvas.paint(head.at(hem), other, relief=0.4, texture=canvas.field(draw, 7))
        canvas.stroke(head.at(np.array([(0.0, 0.8), (0.02, 3.2)])), 0.02 * head.tall, scaled(colour, 0.5))
    elif kind == "tunic":
        collar = np.array([(-0.24, 0.52), (0.24, 0.52), (0.28, 0.74), (0, 0.86), (-0.28, 0.74)])
        canvas.paint(head.at(collar), scaled(colour, 0.85), relief=0.4)
        canvas.stroke(head.at(np.array([(0, 0.7), (0, 3)])), 0.015 * head.tall, scaled(colour, 0.5))
        canvas.paint([head.at(oval(0, y, 0.03, 0.03)) for y in np.arange(0.95, 3, 0.28)], scaled(other, 1.2))
        for side in (-1, 1):
            canvas.paint(
                head.at(bar(side * 0.55 - 0.2, 1.3, side * 0.55 + 0.2, 1.65)),
                scaled(colour, 0.85),
                relief=0.3,
            )
            canvas.paint(
                head.at(bar(side * broad * 0.72 - 0.16, 0.82, side * broad * 0.72 + 0.16, 0.92)), other
            )
    else:
        wrap = rounded([(-0.36, 0.5), (0.36, 0.5), (0.5, 0.8), (0.15, 1.1), (-0.1, 1.0), (-0.5, 0.82)])
        canvas.paint(head.at(wrap), other, relief=0.7, texture=canvas.field(draw, 12))
        canvas.paint(
            head.at(rounded([(-0.1, 0.9), (0.25, 0.95), (0.35, 2.0), (0, 2.1)])),
            scaled(other, 0.9),
            relief=0.5,
        )


def _weave(canvas: Canvas, draw: Random, head: Head, colour: Colour, broad: float) -> None:
    kind = pick(draw, ("plain", "plain", "stripes", "bands", "checks", "spots"))
    other, step = cloth(draw), draw.uniform(0.1, 0.24)
    inside = broad * 0.96
    if kind in ("stripes", "checks"):
        lines = [
            head.at(np.array([(x * 0.8, 0.95), (x, 1.4), (x, 3.4)])) for x in np.arange(-inside, inside, step)
        ]
        canvas.stroke(lines, step * 0.3 * head.tall, other, opacity=0.7)
    if kind in ("bands", "checks"):
        lines = [
            head.at(rounded([(-inside, y + 0.1), (0, y), (inside, y + 0.1)], closed=False))
            for y in np.arange(1.1, 3.3, step)
        ]
        canvas.stroke(lines, step * 0.4 * head.tall, other, opacity=0.7)
    if kind == "spots":
        spots = [
            head.at(oval(x, y, draw.uniform(0.05, 0.14), draw.uniform(0.04, 0.1), tilt=draw.uniform(0, 3)))
            for x, y in zip(draw.uniform(-inside, inside, 40), draw.uniform(1.05, 3, 40), strict=True)
        ]
        canvas.paint(spots, other, opacity=0.8)
