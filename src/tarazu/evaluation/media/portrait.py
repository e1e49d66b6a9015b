"""A drawn head and shoulders of nobody."""

from __future__ import annotations

import numpy as np
from PIL import Image

from tarazu.evaluation.media.backdrop import backdrop
from tarazu.evaluation.media.brush import Canvas, Colour, Random, pick, pixels, random, scaled
from tarazu.evaluation.media.clothes import clothe
from tarazu.evaluation.media.face import beard, features, glasses, hair_cap
from tarazu.evaluation.media.head import Head
from tarazu.evaluation.media.headwear import cover
from tarazu.evaluation.media.outlines import oval, rounded

SKIN: tuple[Colour, ...] = (
    (239, 208, 184),
    (222, 180, 146),
    (198, 150, 112),
    (165, 115, 80),
    (120, 80, 56),
    (88, 58, 44),
)
HAIR: tuple[Colour, ...] = (
    (28, 24, 24),
    (52, 38, 30),
    (88, 60, 38),
    (140, 100, 60),
    (120, 118, 116),
    (205, 200, 194),
)


def portrait(seed: int, *, side: int = 900) -> Image.Image:
    """Return the head and shoulders of an invented person; the longer side is about `side` pixels."""
    draw = random("portrait", seed)
    canvas = Canvas(
        pixels(draw, side, upright=0.7), light=(draw.choice((-1, 1)) * draw.uniform(0.4, 1), -0.6)
    )
    backdrop(canvas, draw)
    tall = draw.uniform(0.3, 0.52)
    figure(
        canvas,
        draw,
        draw.uniform(0.3, 0.7) * canvas.width,
        draw.uniform(0.3, 0.42) + (tall - 0.4) * 0.3,
        tall,
    )
    across = canvas.ramp(0 if canvas.light[0] < 0 else np.pi)
    canvas.shadow(np.clip(across * draw.uniform(0, 0.7) - 0.1, 0, 1))
    return canvas.finish(draw, grain=draw.uniform(2, 7))


def figure(canvas: Canvas, draw: Random, x: float, y: float, tall: float) -> None:
    """Draw a person's head at (x, y), `tall` high, with the shoulders below it."""
    head = Head(x, y, tall, draw.normal(0, 0.07), draw.uniform(-0.8, 0.8))
    skin, hair = pick(draw, SKIN), pick(draw, HAIR)
    worn = pick(draw, ("bare", "bare", "bare", "wrap", "cap", "beret", "brim", "scarf", "knit"))
    wide = draw.uniform(0.36, 0.43)
    if worn in ("bare", "brim", "beret") and draw.random() < 0.4:  # long hair hangs behind
        fall = draw.uniform(0.5, 1.0)
        canvas.paint(
            head.at(
                rounded(
                    [(-0.48, -0.3), (0, -0.58), (0.48, -0.3), (0.55, fall), (0, fall * 0.8), (-0.55, fall)]
                )
            ),
            scaled(hair, 0.8),
            relief=0.5,
            texture=canvas.field(draw, 14),
        )
    clothe(canvas, draw, head, skin)
    canvas.paint(
        head.at(rounded([(-0.19, 0.2), (0.19, 0.2), (0.22, 0.72), (0, 0.84), (-0.22, 0.72)])),
        scaled(skin, 0.82),
    )
    canvas.paint(head.at(oval(0.03, 0.52, 0.2, 0.09)), scaled(skin, 0.5), soft=0.03 * tall, opacity=0.7)
    if worn != "scarf":
        for side in (-1, 1):
            seen = 1 - max(0.0, side * head.aside) * 0.8
            canvas.paint(
                head.at(oval(side * wide * 0.98, 0.04, 0.06 * seen, 0.11)), scaled(skin, 0.88), relief=0.5
            )
    jaw = draw.uniform(0.62, 0.88) * wide
    face = rounded(
        [(-wide, -0.1), (-wide * 0.85, -0.38), (0, -0.52), (wide * 0.85, -0.38), (wide, -0.1),
         (wide * 0.93, 0.16), (jaw, 0.36), (jaw * 0.45, 0.5), (0, 0.53), (-jaw * 0.45, 0.5),
         (-jaw, 0.36), (-wide * 0.93, 0.16)]
    )  # fmt: skip
    canvas.paint(head.at(face), skin, relief=0.55)
    side = 1 if canvas.light[0] < 0 else -1  # the cheek away from the light
    canvas.paint(
        head.at(oval(side * wide * 0.75, 0.05, 0.16, 0.42)), scaled(skin, 0.45), soft=0.06 * tall, opacity=0.5
    )
    features(canvas, draw, head, skin, hair)
    beard(canvas, draw, head, hair, wide, jaw)
    if worn in ("bare", "beret", "brim", "cap") and (worn != "bare" or draw.random() < 0.88):
        hair_cap(canvas, draw, head, hair, wide)
    cover(canvas, draw, head, worn, wide)
    if draw.random() < 0.25:
        glasses(canvas, draw, head)
