"""The originals of pictures that a person has to look at: kept in the data folder, under their SHA-256."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from tarazu.cases.item import Item
from tarazu.errors import OutputError

PIECE = 1 << 20  # bytes copied at once


def keep(folder: Path, source: Path | bytes) -> str:
    """Keep a file as FOLDER/ab/abcd..., whole or not at all, readable by its owner only; gives its SHA-256.

    Raises OutputError where it cannot be written, OSError where `source` cannot be read.
    """
    with BytesIO(source) if isinstance(source, bytes) else source.open("rb") as stream:
        digest = hashlib.sha256()
        while piece := stream.read(PIECE):
            digest.update(piece)
        name = digest.hexdigest()
        kept = folder / name[:2] / name
        if not kept.is_file():
            stream.seek(0)
            _write(stream, kept)
    return name


def keeper(folder: Path, find: Callable[[str], Path | None]) -> Callable[[Item], None]:
    """What keeps the pictures of an item; `find` gives the file that a reference names, if there is one."""

    def keep_all(item: Item) -> None:
        for one in item.media:
            source = find(one.ref) if one.sha256 else None
            if source is not None:
                keep(folder, source)

    return keep_all


def _write(stream: BinaryIO, kept: Path) -> None:
    draft = kept.with_name(f".{kept.name}.{secrets.token_hex(8)}")
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as made:
            while piece := stream.read(PIECE):
                made.write(piece)
        draft.replace(kept)
    except OSError as error:
        with suppress(OSError):
            draft.unlink()
        raise OutputError(
            f"{kept} cannot be written: {error.strerror}. Check the space and the permissions of the data folder."
        ) from None
