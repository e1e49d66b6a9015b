"""A screenshot of somebody's post: who wrote it, the words, the portrait under them, a row of buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tarazu.evaluation.media.joint.lettering import lettered

if TYPE_CHECKING:
    from PIL import Image

PAPER, INK, GREY = (255, 255, 255), (20, 24, 30), (176, 182, 190)
WIDE, EDGE = 900, 40


def screenshot(photo: Image.Image, text: str, lang: str) -> Image.Image:
    """Return the post as a telephone shows it."""
    from PIL import Image, ImageDraw

    shown = photo.resize((WIDE - 2 * EDGE, round(photo.height * (WIDE - 2 * EDGE) / photo.width)))
    screen = Image.new("RGB", (WIDE, shown.height + 620), PAPER)
    draw = ImageDraw.Draw(screen)
    draw.rectangle((0, 0, WIDE, 44), fill=(238, 240, 243))
    start = EDGE if lang == "en" else WIDE - EDGE - 80
    draw.ellipse((start, 70, start + 80, 150), fill=GREY)
    for y, long in ((90, 240), (126, 150)):  # a name and a handle nobody can read
        left = start + 100 if lang == "en" else start - 20 - long
        draw.rounded_rectangle((left, y, left + long, y + 16), radius=8, fill=GREY)
    end = lettered(screen, (EDGE, 180, WIDE - EDGE, 430), text, lang, ink=INK, largest=44, centred=False)
    screen.paste(shown, (EDGE, end + 20))
    row = end + shown.height + 50
    for n in range(4):
        draw.rounded_rectangle(
            (EDGE + n * 215, row, EDGE + n * 215 + 60, row + 34), radius=12, outline=GREY, width=4
        )
    return screen.crop((0, 0, WIDE, row + 70))
