"""A card: words on a plain ground, and nothing else."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tarazu.evaluation.media.joint.lettering import lettered

if TYPE_CHECKING:
    from PIL import Image

GROUNDS = ((24, 40, 62), (252, 250, 244), (222, 232, 214), (70, 32, 60))
WIDE, HIGH, EDGE = 1000, 760, 70


def card(lines: Sequence[str], lang: str, seed: int) -> Image.Image:
    """Return the card, its lines one under the other."""
    from PIL import Image

    dice = random.Random(f"card {seed}")
    ground = dice.choice(GROUNDS)
    ink = (26, 24, 22) if sum(ground) > 400 else (250, 248, 240)
    sheet = Image.new("RGB", (WIDE, HIGH), ground)
    share = (HIGH - 2 * EDGE) // len(lines)
    top = EDGE
    for line in lines:
        end = lettered(sheet, (EDGE, top, WIDE - EDGE, top + share), line, lang, ink=ink, largest=68)
        top = end + 30
    return sheet
