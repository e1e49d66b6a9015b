"""The parts of a drawn face: eyes, nose, mouth, beard, hair, glasses."""

from __future__ import annotations

import numpy as np

from tarazu.evaluation.media.brush import Canvas, Colour, Random, pick, scaled, tint
from tarazu.evaluation.media.head import Head
from tarazu.evaluation.media.outlines import oval, rounded


def features(canvas: Canvas, draw: Random, head: Head, skin: Colour, hair: Colour) -> None:
    """Draw eyes, brows, nose and mouth."""
    shift, apart = head.aside * 0.07, draw.uniform(0.15, 0.19)
    size, level = draw.uniform(0.055, 0.075), draw.uniform(-0.09, -0.03)
    iris = pick(draw, ((60, 40, 30), (90, 65, 40), (70, 90, 80), (80, 100, 120)))
    thick, lift = draw.uniform(0.018, 0.045), draw.uniform(-0.04, 0.04)
    for side in (-1, 1):
        x = side * apart + shift
        canvas.paint(
            head.at(oval(x, level, size * 1.7, size * 1.3)),
            scaled(skin, 0.5),
            soft=0.025 * head.tall,
            opacity=0.55,
        )
        lids = rounded(
            [(x - size, level), (x, level - size * 0.62), (x + size, level), (x, level + size * 0.5)]
        )
        canvas.paint(head.at(lids), (236, 232, 226))
        look = x + head.aside * size * 0.35
        canvas.paint(head.at(oval(look, level - 0.003, size * 0.46, size * 0.5)), iris)
        canvas.paint(head.at(oval(look, level - 0.003, size * 0.22, size * 0.24)), (12, 10, 10))
        lash = rounded(
            [(x - size * 1.1, level + 0.005), (x, level - size * 0.66), (x + size * 1.1, level + 0.005)],
            closed=False,
        )
        canvas.stroke(head.at(lash), 0.018 * head.tall, (30, 22, 20))
        brow = rounded(
            [
                (x - size * 1.5, level - 0.1 + lift * side),
                (x, level - 0.14),
                (x + size * 1.5, level - 0.1 - lift * side),
            ],
            closed=False,
        )
        canvas.stroke(head.at(brow), thick * head.tall, scaled(hair, 0.75))
    tip, wing = draw.uniform(0.15, 0.2), draw.uniform(0.06, 0.09)
    nose = rounded(
        [
            (shift - 0.03, level),
            (shift + 0.02, level),
            (shift * 1.6 + wing, tip),
            (shift * 1.6, tip + 0.035),
            (shift * 1.6 - wing, tip),
        ]
    )
    canvas.paint(head.at(nose), scaled(skin, 1.06), relief=0.75, soft=0.006 * head.tall)
    canvas.paint(
        [head.at(oval(shift * 1.6 + s * wing * 0.5, tip + 0.018, 0.02, 0.012)) for s in (-1, 1)],
        scaled(skin, 0.4),
        soft=0.004,
    )
    x, y, wide, bend = (
        shift * 1.3,
        draw.uniform(0.28, 0.33),
        draw.uniform(0.1, 0.16),
        draw.uniform(-0.03, 0.025),
    )
    lip = tint(0.01, draw.uniform(0.3, 0.55), draw.uniform(0.45, 0.75))
    canvas.paint(
        head.at(
            rounded(
                [
                    (x - wide, y + bend),
                    (x - wide * 0.3, y - 0.028),
                    (x, y - 0.018),
                    (x + wide * 0.3, y - 0.028),
                    (x + wide, y + bend),
                    (x, y + 0.045),
                ]
            )
        ),
        lip,
        relief=0.4,
    )
    canvas.stroke(
        head.at(rounded([(x - wide, y + bend), (x, y + 0.004), (x + wide, y + bend)], closed=False)),
        0.012 * head.tall,
        scaled(lip, 0.4),
    )
    if draw.random() < 0.4:  # lines of age
        for side in (-1, 1):
            fold = rounded(
                [(x + side * 0.09, tip), (x + side * 0.17, 0.26), (x + side * 0.18, 0.34)], closed=False
            )
            canvas.stroke(head.at(fold), 0.012 * head.tall, scaled(skin, 0.6), soft=0.004)


def beard(canvas: Canvas, draw: Random, head: Head, hair: Colour, wide: float, jaw: float) -> None:
    """Draw a beard, a moustache, or none."""
    kind = pick(draw, ("none", "none", "none", "moustache", "full", "full", "chin"))
    x = head.aside * 0.09
    if kind == "full":
        long = draw.uniform(0.52, 0.85)
        outer = [
            (-wide * 0.98, 0.05),
            (-jaw * 1.06, 0.36),
            (-jaw * 0.6, long),
            (0, long + 0.05),
            (jaw * 0.6, long),
            (jaw * 1.06, 0.36),
            (wide * 0.98, 0.05),
        ]
        inner = [
            (wide * 0.7, 0.2),
            (x + 0.16, 0.24),
            (x + 0.12, 0.37),
            (x, 0.4),
            (x - 0.12, 0.37),
            (x - 0.16, 0.24),
            (-wide * 0.7, 0.2),
        ]
        canvas.paint(
            head.at(rounded([*outer, *inner])),
            hair,
            relief=0.4,
            soft=0.008,
            texture=canvas.field(draw, 22),
            opacity=0.95,
        )
    if kind == "chin":
        canvas.paint(
            head.at(oval(x, 0.5, 0.14, draw.uniform(0.1, 0.2))),
            hair,
            relief=0.4,
            soft=0.008,
            texture=canvas.field(draw, 22),
        )
    if kind != "none" and (kind != "chin" or draw.random() < 0.5):
        lip = rounded(
            [(x, 0.22), (x + 0.12, 0.245), (x + 0.18, 0.31), (x, 0.275), (x - 0.18, 0.31), (x - 0.12, 0.245)]
        )
        canvas.paint(head.at(lip), scaled(hair, 0.9), soft=0.004, relief=0.3)


def hair_cap(canvas: Canvas, draw: Random, head: Head, hair: Colour, wide: float) -> None:
    """Draw the hair on top of a head."""
    line, part, puff = draw.uniform(-0.38, -0.24), draw.uniform(-0.25, 0.25), draw.uniform(0.02, 0.14)
    cap = rounded(
        [(-wide * 1.06, 0.02), (-wide * 1.12, -0.3), (-wide * 0.6, -0.54 - puff * 0.6), (0, -0.58 - puff),
         (wide * 0.6, -0.54 - puff * 0.6), (wide * 1.12, -0.3), (wide * 1.06, 0.02), (wide * 0.92, -0.16),
         (wide * 0.7, line), (part, line - 0.05), (-wide * 0.7, line), (-wide * 0.92, -0.16)]
    )  # fmt: skip
    canvas.paint(head.at(cap), hair, relief=0.7, texture=canvas.field(draw, 18))
    strands = []
    for _ in range(9):
        x = draw.uniform(-wide * 0.8, wide * 0.8)
        strands.append(
            head.at(rounded([(part * 0.6, -0.55 - puff), (x * 0.7, -0.5), (x, line)], closed=False))
        )
    canvas.stroke(strands, 0.01 * head.tall, scaled(hair, 1.7), soft=0.003, opacity=0.5)


def glasses(canvas: Canvas, draw: Random, head: Head) -> None:
    """Draw spectacles, some of them dark."""
    frame = pick(draw, ((20, 20, 22), (90, 60, 30), (170, 170, 175)))
    dark, size, power = draw.random() < 0.35, draw.uniform(0.1, 0.13), draw.uniform(2, 4)
    lenses = [oval(s * 0.17 + head.aside * 0.07, -0.05, size * 1.15, size, power=power) for s in (-1, 1)]
    if dark:
        canvas.paint([head.at(lens) for lens in lenses], (25, 25, 30), relief=0.5)
    rims = [np.concatenate((lens, lens[:2])) for lens in lenses]
    bridge = np.array([(head.aside * 0.07 - 0.06, -0.07), (head.aside * 0.07 + 0.06, -0.07)])
    canvas.stroke([head.at(part) for part in (*rims, bridge)], 0.02 * head.tall, frame)
