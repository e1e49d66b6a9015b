"""Different pictures that share much: the letters of one font, a logo, a template, an app. None is a copy of another.

A series is what its pictures share, a number is what each has of its own. The pictures of two numbers of one series
are to be told apart.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw

from tarazu.evaluation.media import frames
from tarazu.evaluation.media.brush import Colour, Random, pick, random, tint
from tarazu.evaluation.media.drawings import emblem, flag, portrait, scene
from tarazu.evaluation.media.letters import font, measure, right_to_left, write

Lookalike = Callable[[int, int], Image.Image]  # (series, number) -> RGB

SIDE = 512
OWN = 10_000  # numbers of a series that are told apart
WORDS = {
    "English": (
        "river day glory people stand until north valley freedom march unity strong hand new dawn remember call join "
        "tonight square road bread water winter song truth honour home"
    ),
    "Persian": (
        "رودخانه روز شهر مردم تا شمال دره آزادی راه نان آب زمستان ترانه راستی خانه امشب میدان دست تازه سپیده یاد صدا "
        "باغ پنجره کتاب برف کوچه همسایه"
    ),
    "Arabic": (
        "نهر يوم مدينة الناس حتى شمال وادي حرية طريق خبز ماء شتاء أغنية صدق بيت الليلة ساحة يد جديد فجر ذكرى صوت حديقة "
        "نافذة كتاب ثلج شارع جار"
    ),
}


def lookalikes() -> dict[str, Lookalike]:
    """Return every kind of picture that is easily taken for another, by what its series share."""
    return {
        **{f"one font, {language}": _sheet(language) for language in WORDS},
        "one logo": _logo,
        "one frame and title": _frame,
        "one series of posters": _poster,
        "one table": _table,
        "one flag in other places": _flag_in_a_scene,
        "one app, posts with pictures": _app,
        "one app, posts of words": _words_in_an_app,
    }


def _shared(kind: str, series: int) -> Random:
    return random(f"{kind}, shared", series)


def _own(kind: str, series: int, number: int) -> Random:
    return random(f"{kind}, own", series * OWN + number)


def _line(draw: Random, language: str, wide: float, size: int) -> str:
    """Return words that fill a line to somewhere between half and all of `wide` pixels."""
    words = WORDS[language].split()
    wanted, line = wide * draw.uniform(0.5, 1), ""
    while True:
        longer = f"{line} {pick(draw, words)}".strip()
        if measure(longer, size) > wanted:
            return line or longer
        line = longer


def _lines(
    image: Image.Image, draw: Random, language: str, box: tuple[int, int, int, int], size: int, ink: Colour
) -> None:
    """Write as many lines as fit into a box, from the side on which the language begins."""
    left, top, right, bottom = box
    pen = ImageDraw.Draw(image)
    for y in range(top, bottom - size, round(size * 1.7)):
        line = _line(draw, language, right - left, size)
        backwards = right_to_left(line)
        pen.text(
            (right if backwards else left, y),
            line,
            font=font(size, line),
            fill=ink,
            anchor="ra" if backwards else "la",
        )


def _sheet(language: str) -> Lookalike:
    """Words on plain paper: one font, size and margin, other words, paper and number of lines."""

    def made(series: int, number: int) -> Image.Image:
        shared, own = _shared(language, series), _own(language, series, number)
        wide, tall, size = (int(shared.integers(*span)) for span in ((380, 513), (380, 513), (18, 40)))
        dark = shared.random() < 0.3
        paper = tint(own.random(), 0.12, own.uniform(0.1, 0.3) if dark else own.uniform(0.85, 1))
        sheet = Image.new("RGB", (wide, tall), paper)
        many = int(own.integers(2, 8))
        box = (24, 24, wide - 24, min(tall - 10, 24 + round(many * size * 1.7) + 4))
        _lines(sheet, own, language, box, size, (245, 245, 240) if dark else (15, 15, 20))
        return sheet

    return made


def _picture(draw: Random) -> Image.Image:
    """Return a scene or a portrait that nothing else has."""
    return pick(draw, (scene, portrait))(int(draw.integers(1 << 30)), side=SIDE)


def _logo(series: int, number: int) -> Image.Image:
    """One emblem, 20 to 50 % of the side, in one corner of other pictures."""
    shared = _shared("logo", series)
    image = _picture(_own("logo", series, number))
    side = round(min(image.size) * shared.uniform(0.2, 0.5))
    sign = emblem(int(shared.integers(1 << 30)), side=SIDE).resize((side, side))
    x, y = (pick(shared, (0.03, 0.97)) for _ in range(2))
    image.paste(sign, (round(x * (image.size[0] - side)), round(y * (image.size[1] - side))))
    return image


def _frame(series: int, number: int) -> Image.Image:
    """One ornament all round and one title below, another picture in it."""
    shared, own = _shared("frame", series), _own("frame", series, number)
    edge, foot = int(shared.integers(24, 60)), int(shared.integers(50, 110))
    image = Image.new("RGB", (512, 512), tint(shared.random(), 0.5, shared.uniform(0.2, 0.9)))
    pen, ink = ImageDraw.Draw(image), tint(shared.random(), 0.6, shared.uniform(0.1, 1))
    step = int(shared.integers(14, 30))
    for n in range(0, 512, step):
        for x, y in ((n, 0), (n, 512 - edge), (0, n), (512 - edge, n)):
            pen.regular_polygon(
                (x + step / 2, y + edge / 2, edge / 2.4), 4, rotation=30, outline=ink, width=3
            )
    image.paste(_picture(own).resize((512 - 2 * edge, 512 - 2 * edge - foot)), (edge, edge))
    title = _line(shared, pick(shared, tuple(WORDS)), 700, 40)
    write(image, (title,), (edge, 512 - edge - foot, 512 - edge, 512 - edge), (250, 250, 250))
    return image


def _poster(series: int, number: int) -> Image.Image:
    """One series: bars, sign, title and font; another portrait and other words."""
    shared, own = _shared("series", series), _own("series", series, number)
    wide, tall = pick(shared, ((400, 512), (512, 400), (460, 460)))
    head, foot, edge = (int(shared.integers(*span)) for span in ((36, 76), (60, 120), (8, 36)))
    colours = [tint(shared.random(), shared.uniform(0.3, 0.8), shared.uniform(0.15, 0.9)) for _ in range(2)]
    language = pick(shared, tuple(WORDS))
    image = Image.new("RGB", (wide, tall), colours[0])
    image.paste(_picture(own).resize((wide - 2 * edge, tall - head - foot - 12)), (edge, head + 6))
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, wide, head), fill=colours[1])
    pen.rectangle((0, tall - foot, wide, tall), fill=colours[1])
    image.paste(emblem(int(shared.integers(1 << 30)), side=SIDE).resize((head - 8, head - 8)), (6, 4))
    title = _line(shared, language, wide * 0.8, head // 2)
    ink = (255, 255, 255) if sum(colours[1]) < 380 else (0, 0, 0)
    write(image, (title,), (head, 0, wide, head), ink)
    _lines(image, own, language, (14, tall - foot + 8, wide - 14, tall), max(12, foot // 4), ink)
    return image


def _table(series: int, number: int) -> Image.Image:
    """One ruled table with its heads of columns, other numbers in it."""
    shared, own = _shared("table", series), _own("table", series, number)
    rows, columns = int(shared.integers(6, 14)), int(shared.integers(3, 6))
    wide, tall = 512, int(shared.integers(360, 513))
    image = Image.new("RGB", (wide, tall), (252, 252, 250))
    pen = ImageDraw.Draw(image)
    high, broad = (tall - 20) / (rows + 1), (wide - 20) / columns
    size = int(min(high * 0.6, 22))
    pen.rectangle((10, 10, wide - 10, 10 + high), fill=tint(shared.random(), 0.5, 0.5))
    for n in range(rows + 2):
        pen.line((10, 10 + n * high, wide - 10, 10 + n * high), fill=(90, 90, 95), width=2)
    for n in range(columns + 1):
        pen.line((10 + n * broad, 10, 10 + n * broad, tall - 10), fill=(90, 90, 95), width=2)
    for row in range(rows + 1):
        for column in range(columns):
            at = (10 + (column + 0.5) * broad, 10 + (row + 0.5) * high)
            number_there = f"{int(own.integers(10, 99_999)):,}"
            text = number_there if row else pick(shared, WORDS["English"].split())
            pen.text(at, text, font=font(size), fill=(20, 20, 20) if row else (255, 255, 255), anchor="mm")
    return image


def _flag_in_a_scene(series: int, number: int) -> Image.Image:
    """One flag, about a third to a half of the width, somewhere in other scenes, a little turned."""
    shared, own = _shared("flag", series), _own("flag", series, number)
    place = _picture(own)
    cloth = flag(int(shared.integers(1 << 30)), side=SIDE).convert("RGBA")
    size = place.size[0] * own.uniform(0.3, 0.5) / cloth.size[0]
    cloth = cloth.resize((round(cloth.size[0] * size), round(cloth.size[1] * size)))
    cloth = cloth.rotate(own.uniform(-6, 6), Image.Resampling.BICUBIC, expand=True)
    room = np.maximum(np.subtract(place.size, cloth.size), 1)
    place.paste(cloth, (int(own.integers(room[0])), int(own.integers(room[1]))), cloth)
    return place


def _app(series: int, number: int) -> Image.Image:
    """One screen of a phone, a browser or a post, with everything on it, around another picture."""
    shown = _picture(_own("app", series, number)).resize((512, 400))
    frame = (frames.on_phone, frames.in_browser, frames.in_post)[series % 3]
    return frame(shown, _shared("app", series))


def _words_in_an_app(series: int, number: int) -> Image.Image:
    """One screen of a phone with other words on it, as posts without a picture are."""
    shared, own = _shared("words", series), _own("words", series, number)
    dark, language = shared.random() < 0.5, pick(shared, tuple(WORDS))
    ground, ink = ((18, 18, 20), (235, 235, 235)) if dark else ((255, 255, 255), (25, 25, 28))
    shown = Image.new("RGB", (512, int(shared.integers(200, 500))), ground)
    _lines(shown, own, language, (20, 10, 492, shown.size[1]), int(shared.integers(18, 32)), ink)
    return frames.on_phone(shown, _shared("phone", series))
