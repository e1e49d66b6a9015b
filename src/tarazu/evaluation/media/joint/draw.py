"""The picture of a case, drawn."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tarazu.evaluation.media import drawings
from tarazu.evaluation.media.joint.card import card
from tarazu.evaluation.media.joint.cases import Case, Known
from tarazu.evaluation.media.joint.front_page import front_page
from tarazu.evaluation.media.joint.meme import meme
from tarazu.evaluation.media.joint.posted import posted
from tarazu.evaluation.media.joint.poster import poster
from tarazu.evaluation.media.joint.screenshot import screenshot

if TYPE_CHECKING:
    from PIL import Image


def upright(shows: str, seed: int) -> Image.Image:
    """Return a drawing as it is before anything happens to it; `shows` is portrait, emblem, flag or scene."""
    made = {
        "portrait": drawings.portrait,
        "emblem": drawings.emblem,
        "flag": drawings.flag,
        "scene": drawings.scene,
    }[shows]
    return made(seed)


def draw(case: Case) -> Image.Image:
    """Return what the case shows, before it was changed on its way into the post."""
    picture = case.picture
    if picture.kind == "card":
        return card(picture.lines, case.lang, picture.seed)
    base = upright(picture.shows or "scene", picture.seed)
    match picture.kind:
        case "poster":
            return poster(base, picture.lines, case.lang, picture.seed)
        case "front_page":
            return front_page(base, picture.lines[0], picture.masthead, case.lang, picture.seed)
        case "meme":
            return meme(base, picture.lines, case.lang)
        case "screenshot":
            return screenshot(base, picture.lines[0], case.lang)
    return base


def write(case: Case, folder: Path) -> str:
    """Write the picture of a case as it was posted, and return the name of its file in the folder."""
    name = f"{case.id}.jpg"
    (folder / name).write_bytes(posted(draw(case), case.picture.change))
    return name


def write_known(known: Known, folder: Path) -> Path:
    """Write a picture that the bank holds, without any loss, and return its path."""
    path = folder / f"{known.name}.png"
    upright(known.shows, known.seed).save(path)
    return path
