"""What is put around a picture when it is passed on: borders, captions, the edges of a screen."""

from __future__ import annotations

from PIL import Image, ImageDraw

from tarazu.evaluation.media.brush import Colour, Random, pick, tint
from tarazu.evaluation.media.letters import font, write

WORDS = (
    "wait for it",
    "they never tell you this",
    "good morning to everyone",
    "who remembers?",
    "share before it is gone",
    "read the second line again",
    "the market opens at nine",
    "no comment",
)
BLACK: Colour = (0, 0, 0)
WHITE: Colour = (255, 255, 255)


def around(
    picture: Image.Image, left: float, top: float, right: float, bottom: float, colour: Colour
) -> Image.Image:
    """Return a picture with a border whose widths are shares of the picture's own width and height."""
    wide, tall = picture.size
    x, y = round(left * wide), round(top * tall)
    grown = Image.new("RGB", (wide + x + round(right * wide), tall + y + round(bottom * tall)), colour)
    grown.paste(picture, (x, y))
    return grown


def bordered(picture: Image.Image, share: float, draw: Random) -> Image.Image:
    """Return a picture with an even border, `share` of its shorter side wide, black, white or coloured."""
    colour = pick(draw, (BLACK, WHITE, tint(draw.random(), 0.6, 0.7)))
    wide, tall = picture.size
    edge = share * min(wide, tall)
    return around(picture, edge / wide, edge / tall, edge / wide, edge / tall, colour)


def uneven(picture: Image.Image, share: float, draw: Random) -> Image.Image:
    """Return a picture with a border of another width on every side, the widest `share` of the picture's."""
    parts = draw.permutation([0.1, 0.4, 0.7, 1.0]) * share
    left, top, right, bottom = (float(part) for part in parts)
    return around(
        picture, left, top, right, bottom, pick(draw, (BLACK, WHITE, tint(draw.random(), 0.5, 0.6)))
    )


def captioned(picture: Image.Image, share: float, side: str, ground: str, draw: Random) -> Image.Image:
    """Return a picture with words on a bar above or below it ("top", "bottom", "both").

    The bar is `share` of the picture's height, black, white, or of a colour in the picture ("picture").
    """
    wide, tall = picture.size
    colour = {"black": BLACK, "white": WHITE}.get(ground) or _own(picture)
    edge = round(share * tall)
    above, below = edge * (side != "bottom"), edge * (side != "top")
    grown = Image.new("RGB", (wide, tall + above + below), colour)
    grown.paste(picture, (0, above))
    ink = BLACK if sum(colour) > 380 else WHITE
    for start in [0] * (above > 0) + [above + tall] * (below > 0):
        write(grown, (pick(draw, WORDS),), (0, start, wide, start + edge), ink)
    return grown


def overprinted(picture: Image.Image, share: float, draw: Random) -> Image.Image:
    """Return a picture of the same size with a bar of words laid over its lower edge."""
    wide, tall = picture.size
    copy = picture.copy()
    edge = round(share * tall)
    ImageDraw.Draw(copy).rectangle((0, tall - edge, wide, tall), fill=BLACK)
    write(copy, (pick(draw, WORDS),), (0, tall - edge, wide, tall), WHITE)
    return copy


def _own(picture: Image.Image) -> Colour:
    red, green, blue = picture.resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))  # type: ignore[misc]
    return int(red), int(green), int(blue)


def _words(pen: ImageDraw.ImageDraw, at: tuple[float, float], size: int, text: str, ink: Colour) -> None:
    pen.text(at, text, font=font(size), fill=ink, anchor="lm")


def on_phone(picture: Image.Image, draw: Random) -> Image.Image:
    """Return the screenshot of a phone that shows the picture: clock and signs above, buttons below."""
    wide = 720
    dark = draw.random() < 0.5
    ground, ink = ((18, 18, 20), (235, 235, 235)) if dark else ((255, 255, 255), (25, 25, 28))
    shown = picture.resize((wide, round(wide * picture.size[1] / picture.size[0])), Image.Resampling.LANCZOS)
    tall = max(1280, shown.size[1] + 260)
    screen = Image.new("RGB", (wide, tall), ground)
    top = int(draw.integers(110, tall - shown.size[1] - 110))
    screen.paste(shown, (0, top))
    pen = ImageDraw.Draw(screen)
    _words(pen, (30, 24), 26, f"{draw.integers(0, 24):02d}:{draw.integers(0, 60):02d}", ink)
    for n in range(4):
        pen.rectangle((580 + n * 12, 34 - n * 6, 588 + n * 12, 36), fill=ink)
    pen.rounded_rectangle((650, 12, 696, 36), 5, outline=ink, width=2)
    pen.rectangle((654, 16, 654 + int(draw.integers(6, 38)), 32), fill=ink)
    pen.ellipse((30, 52, 86, 108), fill=tint(draw.random(), 0.5, 0.7))
    _words(pen, (104, 80), 28, f"user{draw.integers(100, 999)}", ink)
    for n in range(4):
        x = 90 + n * 180
        pen.ellipse((x - 16, tall - 62, x + 16, tall - 30), outline=ink, width=4)
    return screen


def in_browser(picture: Image.Image, draw: Random) -> Image.Image:
    """Return the screenshot of a browser window: tabs, an address, grey margins, lines of text beside the picture."""
    wide, tall = picture.size
    pad = round(wide * draw.uniform(0.05, 0.2))
    column = round(wide * draw.uniform(0.0, 0.35))
    bar, foot = round(tall * 0.14), round(tall * draw.uniform(0.03, 0.2))
    window = Image.new("RGB", (wide + pad * 2 + column, tall + bar + foot + pad // 2), (246, 246, 248))
    pen = ImageDraw.Draw(window)
    pen.rectangle((0, 0, window.size[0], bar), fill=(222, 225, 230))
    pen.rounded_rectangle((12, 8, wide * 0.4, bar * 0.55), 8, fill=(246, 246, 248))
    _words(pen, (24, bar * 0.3), max(8, round(bar * 0.22)), "the daily page", (60, 60, 60))
    pen.rounded_rectangle((wide * 0.12, bar * 0.6, wide * 0.9, bar * 0.92), 12, fill=WHITE)
    _words(
        pen, (wide * 0.15, bar * 0.76), max(8, round(bar * 0.2)), "https://news.example/today", (80, 80, 80)
    )
    window.paste(picture, (pad, bar + pad // 2))
    for y in range(bar + pad, tall + bar, max(10, tall // 22)):
        if column > 40:
            pen.rectangle(
                (wide + pad * 1.3, y, wide + pad * 1.3 + column * draw.uniform(0.5, 0.9), y + tall // 70),
                fill=(170, 170, 175),
            )
    return window


def in_post(picture: Image.Image, draw: Random) -> Image.Image:
    """Return the screenshot of a post: name and words above the picture, counts below, margins at the sides."""
    wide, tall = picture.size
    side, head, foot = (
        round(wide * draw.uniform(0.03, 0.08)),
        round(tall * draw.uniform(0.16, 0.3)),
        round(tall * 0.1),
    )
    dark = draw.random() < 0.4
    ground, ink = ((21, 32, 43), (230, 230, 230)) if dark else (WHITE, (20, 20, 20))
    card = Image.new("RGB", (wide + side * 2, tall + head + foot), ground)
    card.paste(picture, (side, head))
    pen = ImageDraw.Draw(card)
    pen.ellipse((side, head * 0.1, side + head * 0.4, head * 0.5), fill=tint(draw.random(), 0.5, 0.7))
    size = max(8, round(head * 0.17))
    _words(pen, (side + head * 0.5, head * 0.3), size, f"name {draw.integers(10, 99)}", ink)
    _words(pen, (side, head * 0.76), size, pick(draw, WORDS), ink)
    _words(
        pen,
        (side, head + tall + foot / 2),
        max(8, round(foot * 0.4)),
        f"{draw.integers(2, 900)} likes",
        (130, 130, 130),
    )
    return card
