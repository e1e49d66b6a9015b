"""Where results go: checked before the work begins, and never left half-written."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tarazu.errors import OutputError


def check_folder(out: Path, *, force: bool) -> None:
    """Raise OutputError unless results may be written to the folder `out`."""
    if out.exists() and not out.is_dir():
        raise OutputError(f"{out} is a file. Give --out the name of a folder.")
    from tarazu.report.write import BESIDE, FILES, LITTER

    there = {entry.name for entry in out.iterdir()} - LITTER if out.is_dir() else set()
    if there:
        if not force:
            raise OutputError(
                f"{out} is not empty. Choose another folder, or pass --force to replace what is there."
            )
        if not there <= {*FILES, *BESIDE}:
            raise OutputError(
                f"{out} holds other files than results of Tarazu; --force will not delete them."
            )
    _check_writable(out)


def check_file(out: Path) -> None:
    """Raise OutputError unless a file can be written at `out`."""
    if out.is_dir():
        raise OutputError(f"{out} is a folder. Give --out the name of a file.")
    _check_writable(out)


def check_new(out: Path, *, force: bool) -> None:
    """Raise OutputError unless a file can be written at `out`, and none is there or it may be replaced."""
    check_file(out)
    if out.exists() and not force:
        raise OutputError(f"{out} is there already. Choose another name, or pass --force to replace it.")


def _check_writable(out: Path) -> None:
    above = out.absolute().parent
    while not above.exists():
        above = above.parent
    if not above.is_dir() or not os.access(above, os.W_OK | os.X_OK):
        raise OutputError(f"{out} cannot be written: no permission in {above}. Choose another place.")


@contextmanager
def whole_file(out: Path) -> Iterator[Path]:
    """A path beside `out` to write to; it takes the place of `out` only if the block succeeds."""
    out.absolute().parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{out.name}-", dir=out.absolute().parent)
    os.close(handle)
    draft = Path(name)
    try:
        yield draft
        mask = os.umask(0)
        os.umask(mask)
        draft.chmod(0o666 & ~mask)
        draft.replace(out)
    finally:
        draft.unlink(missing_ok=True)
