"""Pictures of cases as a page may show them: decoded in a child, drawn anew, unrecognisable until somebody asks.

Originals lie in the `media` folder of the data folder, under their SHA-256 or as the post names them. Nothing of an
original reaches a browser but its look; and before somebody asks, only a dozen pixels of that.
"""

from __future__ import annotations

import base64
import threading
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from tarazu.cases.item import Media

if TYPE_CHECKING:
    from tarazu.safe.decoded import Pixels

SIDE = 900  # pixels of the longer side, shown
VEIL = 10  # and of the one that only says "here is a picture"
_SHA256 = frozenset("0123456789abcdef")


class Gallery:
    """Finds and draws pictures."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._turns = threading.BoundedSemaphore(2)  # children that decode at once
        self._veil = lru_cache(maxsize=2_000)(self._veiled)

    def find(self, media: Media) -> Path | None:
        """The file of a picture, if it is kept here."""
        names = []
        if media.sha256 and len(media.sha256) == 64 and set(media.sha256) <= _SHA256:
            names += [f"{media.sha256[:2]}/{media.sha256}", media.sha256]
        names.append(media.ref)
        for name in names:
            path = self._inside(name)
            if path is not None and path.is_file():
                return path
        return None

    def picture(self, media: Media) -> bytes | None:
        """A JPEG of our own making; None where there is no picture, or none that can be decoded."""
        path = self.find(media)
        pixels = self._pixels(path, SIDE) if path else None
        return None if pixels is None else _jpeg(pixels, 80)

    def shown(self, media: Media) -> str:
        """A picture as an address that holds it whole: it can be had by asking only, never by a link."""
        made = self.picture(media)
        return "" if made is None else f"data:image/jpeg;base64,{base64.b64encode(made).decode('ascii')}"

    def veil(self, media: Media) -> bytes | None:
        """A few pixels of it, of which nothing can be made out."""
        path = self.find(media)
        return None if path is None else self._veil(path, path.stat().st_mtime_ns)

    def _veiled(self, path: Path, changed: int) -> bytes | None:
        pixels = self._pixels(path, 64)
        return None if pixels is None else _jpeg(pixels, 60, VEIL)

    def _inside(self, name: str) -> Path | None:
        try:
            root = self.folder.resolve()
            path = (root / name).resolve()
            return path if path.is_relative_to(root) and path != root else None
        except (OSError, ValueError):
            return None

    def _pixels(self, path: Path, side: int) -> Pixels | None:
        from tarazu.errors import TarazuError
        from tarazu.safe.decode import decode

        try:
            with self._turns:
                frames = decode(path, side=side).frames
        except (TarazuError, OSError):
            return None
        return frames[len(frames) // 2].pixels if frames else None


def _jpeg(pixels: Pixels, quality: int, side: int | None = None) -> bytes:
    from PIL import Image

    picture = Image.fromarray(pixels)
    if side is not None:
        picture.thumbnail((side, side))
    stream = BytesIO()
    picture.save(stream, "JPEG", quality=quality)
    return stream.getvalue()
