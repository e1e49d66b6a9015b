"""What covers a drawn head."""

from __future__ import annotations

import numpy as np

from tarazu.evaluation.media.brush import Canvas, Random, pick, scaled
from tarazu.evaluation.media.clothes import cloth
from tarazu.evaluation.media.head import Head
from tarazu.evaluation.media.outlines import oval, rounded


def cover(canvas: Canvas, draw: Random, head: Head, worn: str, wide: float) -> None:
    """Draw what is on the head: "wrap", "cap", "beret", "brim", "scarf", "knit" or nothing."""
    colour = cloth(draw)
    if worn == "wrap":
        tall = draw.uniform(0.72, 0.9)
        dome = rounded(
            [
                (-wide * 1.16, -0.14),
                (-wide * 1.3, -0.42),
                (-wide * 0.7, -tall),
                (0.05, -tall - 0.06),
                (wide * 0.75, -tall),
                (wide * 1.3, -0.42),
                (wide * 1.16, -0.14),
                (0, -0.3),
            ]
        )
        canvas.paint(head.at(dome), colour, relief=0.6, texture=canvas.field(draw, 6))
        lean = draw.uniform(-0.3, 0.3)
        rolls = [
            head.at(
                rounded(
                    [
                        (-wide * 1.2, -0.2 - n * 0.11 + lean * 0.2),
                        (lean, -0.36 - n * 0.1),
                        (wide * 1.2, -0.2 - n * 0.11 - lean * 0.2),
                    ],
                    closed=False,
                )
            )
            for n in range(5)
        ]
        canvas.stroke(rolls, 0.022 * head.tall, scaled(colour, 0.55), soft=0.006, opacity=0.8)
    elif worn == "cap":
        crown = rounded(
            [
                (-wide * 1.08, -0.22),
                (-wide * 1.05, -0.5),
                (0, -0.72),
                (wide * 1.05, -0.5),
                (wide * 1.08, -0.22),
                (0, -0.3),
            ]
        )
        canvas.paint(head.at(crown), colour, relief=0.6)
        x = head.aside * 0.15
        canvas.paint(
            head.at(
                rounded([(-wide * 0.85 + x, -0.27), (x, -0.34), (wide * 0.85 + x, -0.27), (x * 1.8, -0.14)])
            ),
            scaled(colour, 0.6),
            relief=0.4,
        )
    elif worn == "beret":
        lean = pick(draw, (-1, 1))
        shape = rounded(
            [
                (-wide * 1.02, -0.3),
                (-wide * 1.25 - 0.1 * (lean < 0), -0.5),
                (-0.1, -0.72),
                (wide * 1.25 + 0.1 * (lean > 0), -0.5),
                (wide * 1.02, -0.3),
                (0, -0.4),
            ]
        )
        canvas.paint(head.at(shape), colour, relief=0.7)
    elif worn == "brim":
        canvas.paint(
            head.at(
                rounded(
                    [
                        (-wide * 0.95, -0.36),
                        (-wide * 0.8, -0.78),
                        (0, -0.74),
                        (wide * 0.8, -0.78),
                        (wide * 0.95, -0.36),
                    ]
                )
            ),
            colour,
            relief=0.6,
        )
        canvas.paint(
            head.at(
                rounded(
                    [
                        (-wide * 0.95, -0.4),
                        (0, -0.46),
                        (wide * 0.95, -0.4),
                        (wide * 0.95, -0.32),
                        (0, -0.36),
                        (-wide * 0.95, -0.32),
                    ]
                )
            ),
            cloth(draw),
        )
        canvas.paint(head.at(oval(0, -0.31, wide * 1.75, 0.09)), scaled(colour, 0.85), relief=0.5)
    elif worn == "scarf":
        outer = [
            (-wide * 1.2, 0.1),
            (-wide * 1.22, -0.3),
            (-wide * 0.7, -0.6),
            (0, -0.68),
            (wide * 0.7, -0.6),
            (wide * 1.22, -0.3),
            (wide * 1.2, 0.1),
            (wide * 1.5, 0.9),
            (0, 1.15),
            (-wide * 1.5, 0.9),
            (-wide * 1.2, 0.1),
        ]
        inner = [
            (-wide * 0.86, 0.1),
            (-wide * 0.6, 0.42),
            (0, 0.52),
            (wide * 0.6, 0.42),
            (wide * 0.86, 0.1),
            (wide * 0.84, -0.2),
            (0, -0.4),
            (-wide * 0.84, -0.2),
            (-wide * 0.86, 0.1),
        ]
        ring = np.concatenate((rounded(outer, closed=False), rounded(inner, closed=False)))
        canvas.paint(head.at(ring), colour, relief=0.5, texture=canvas.field(draw, 6))
        edge = rounded(inner, closed=False)
        canvas.stroke(head.at(edge), 0.02 * head.tall, scaled(colour, 0.55))
    elif worn == "knit":
        canvas.paint(
            head.at(
                rounded(
                    [
                        (-wide * 1.08, -0.14),
                        (-wide * 1.08, -0.5),
                        (0, -0.76),
                        (wide * 1.08, -0.5),
                        (wide * 1.08, -0.14),
                        (0, -0.22),
                    ]
                )
            ),
            colour,
            relief=0.6,
        )
        ribs = [head.at(np.array([(x, -0.2), (x * 0.9, -0.36)])) for x in np.linspace(-wide, wide, 14)]
        canvas.paint(
            head.at(
                rounded(
                    [
                        (-wide * 1.12, -0.12),
                        (-wide * 1.1, -0.34),
                        (0, -0.42),
                        (wide * 1.1, -0.34),
                        (wide * 1.12, -0.12),
                        (0, -0.2),
                    ]
                )
            ),
            scaled(colour, 0.8),
        )
        canvas.stroke(ribs, 0.015 * head.tall, scaled(colour, 0.5))
