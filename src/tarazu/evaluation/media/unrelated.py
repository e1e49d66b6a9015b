"""Hashes of pictures that have nothing to do with the known ones, as many as a promise asks for.

Drawn pictures of the same kinds with seeds of their own, 128 pixels a side, each hashed in its eight turns: 12,500
drawings are 100,000 hashes. Kept in pieces on disk, so that an interrupted run goes on.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from hashlib import sha256
from importlib import resources
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tarazu.evaluation.media.drawings import picture
from tarazu.media import pdq
from tarazu.progress import SILENT, Progress

FIRST = 500_000  # number of the first of these drawings
SIDE = 128  # pixels
TURNS = 8
PIECE = 250  # drawings
DRAWING = (
    *("brush", "outlines", "backdrop", "portrait", "face", "head", "headwear", "clothes"),
    *("emblem", "flag", "letters", "poster", "scene", "drawings"),
)
CODE = (*(f"evaluation/media/{name}.py" for name in DRAWING), "media/pdq*.py")


def hashes(many: int, *, kept: Path | None = None, progress: Progress = SILENT) -> NDArray[np.uint64]:
    """Return at least `many` hashes, n x 4 words; pieces of them are kept below `kept`."""
    stamp = code(CODE)
    pieces = -(-many // (PIECE * TURNS))
    small = many < PIECE * TURNS
    found: dict[int, NDArray[np.uint64]] = {}
    with progress.stage(f"Drawing pictures for {many:,} unrelated hashes", pieces) as stage:
        if small:
            return piece(0, -(-many // TURNS))
        for number in range(pieces):
            path = _path(kept, stamp, number)
            if path is not None and path.exists():
                found[number] = np.load(path, allow_pickle=False)
                stage.advance()
        for number, made in _drawn([n for n in range(pieces) if n not in found]):
            found[number] = made
            path = _path(kept, stamp, number)
            if path is not None:
                with path.with_suffix(".part").open("wb") as file:
                    np.save(file, made, allow_pickle=False)
                path.with_suffix(".part").replace(path)
            stage.advance()
    return np.concatenate([found[number] for number in range(pieces)])


def piece(number: int, drawings: int = PIECE) -> NDArray[np.uint64]:
    """Return the hashes of one piece."""
    start = FIRST + number * PIECE
    rows = [pdq.turned(np.asarray(picture(n, side=SIDE)))[0] for n in range(start, start + drawings)]
    return np.concatenate(rows)


@cache
def code(parts: tuple[str, ...]) -> str:
    """Return a short hash of the files of ours that fit these patterns."""
    digest = sha256()
    with resources.as_file(resources.files("tarazu")) as root:
        for part in parts:
            for path in sorted(root.glob(part)):
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _drawn(missing: list[int]) -> Iterator[tuple[int, NDArray[np.uint64]]]:
    if not missing:
        return
    workers = min(4, os.cpu_count() or 1, len(missing))
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_deaf)
    try:
        yield from zip(missing, pool.map(piece, missing), strict=True)
    finally:
        pool.shutdown(cancel_futures=True)


def _deaf() -> None:
    """Leave Ctrl-C to the process that the user started."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _path(kept: Path | None, stamp: str, number: int) -> Path | None:
    return None if kept is None else kept / f"unrelated-{stamp}-{number:03d}.npy"
