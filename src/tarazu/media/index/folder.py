"""A saved index: a folder of plain arrays, and `index.json` that names them.

Segments never change, so their files are written once and then only named again; the marks of the dead are written
with every save. New files get new names, and replacing `index.json` is the one step that makes them count: a save that
is cut off leaves the index as it was.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import secrets
import zlib
from collections.abc import Sequence
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tarazu.errors import NotReadable, OutputError
from tarazu.media.index.chunk import CHUNKS, MOST_ROWS, bucket_bits
from tarazu.media.index.segment import PADDING, Segment

VERSION = 1  # changes with the files and with how hashes are cut
HEADER = "index.json"
_LASTING = {"hashes": "<u8", "ids": "<i8", "offsets": "<u4", "postings": "<u4"}  # columns of a segment
_OURS = re.compile(r"[0-9a-f]{16}\.(hashes|ids|offsets|postings|[0-9a-f]{8}\.dead)\.bin|[0-9a-f]{8}\.tmp")
_DO = "Restore the folder from a copy, or delete it and build the index again from its hashes."


def write(folder: Path, segments: Sequence[Segment], dead: Sequence[NDArray[np.uint8]]) -> None:
    """Write segments and their marks of the dead (a byte a row). Raises OutputError."""
    files: dict[str, dict[str, int]] = {}
    named = []
    before: dict[str, dict[str, int]] = {}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        before = _files_of(folder)
        for segment, marks in zip(segments, dead, strict=True):
            for column in _LASTING:
                file = f"{segment.name}.{column}.bin"
                files[file] = before.get(file) or _write_array(folder / file, getattr(segment, column))
            removed = f"{segment.name}.{secrets.token_hex(4)}.dead.bin"
            files[removed] = _write_array(folder / removed, marks)
            named.append({"name": segment.name, "rows": len(segment), "dead": removed})
        content = {"kind": "tarazu hamming index", "version": VERSION, "segments": named, "files": files}
        head = folder / f"{secrets.token_hex(4)}.tmp"
        _write_bytes(head, json.dumps(content | {"checksum": _checksum(content)}, indent=1).encode())
        head.replace(folder / HEADER)
        _sync(folder)
    except OSError as error:
        _keep_only(folder, before)
        raise OutputError(
            f"The index cannot be written to {folder}: {error.strerror or error}. What was saved there before is "
            "unchanged; free some space or choose another folder."
        ) from error
    _keep_only(folder, files)


def read(folder: Path, mmap: bool) -> tuple[Segment, ...]:
    """Return the segments that were saved; `mmap`: mapped from disk, checked in size and shape, not byte by byte.

    Raises NotReadable.
    """
    content = _header(folder)
    try:
        return tuple(_segment(folder, one, content["files"], mmap) for one in content["segments"])
    except (OSError, ValueError, KeyError, TypeError, EOFError) as error:
        raise NotReadable(f"The index in {folder} cannot be read: {error}. {_DO}") from error


def _header(folder: Path) -> dict[str, Any]:
    try:
        content = json.loads((folder / HEADER).read_bytes())
    except FileNotFoundError as error:
        raise NotReadable(
            f"There is no index in {folder}: {HEADER} is missing. Give the folder that an index was saved to."
        ) from error
    except (OSError, ValueError) as error:
        raise NotReadable(f"{folder / HEADER} cannot be read: {error}. {_DO}") from error
    if not isinstance(content, dict) or content.pop("checksum", None) != _checksum(content):
        raise NotReadable(f"{folder / HEADER} is damaged: its checksum does not fit. {_DO}")
    if content.get("version") != VERSION:
        raise NotReadable(
            f"The index in {folder} has version {content.get('version')}, this Tarazu reads {VERSION}. "
            "Build the index again from its hashes, or use the Tarazu that wrote it."
        )
    return content


def _segment(folder: Path, about: dict[str, Any], files: dict[str, dict[str, int]], mmap: bool) -> Segment:
    name, rows = about["name"], about["rows"]
    if not 0 < rows <= MOST_ROWS:
        raise ValueError(f"segment {name} has {rows} rows")
    buckets = 1 << bucket_bits(rows)
    shapes = {
        "hashes": (rows, 4),
        "ids": (rows,),
        "offsets": (CHUNKS, buckets + 1),
        "postings": (CHUNKS * rows + PADDING,),
    }
    columns = {
        column: _read_array(folder, f"{name}.{column}.bin", kind, shapes[column], files, mmap)
        for column, kind in _LASTING.items()
    }
    dead = _read_array(folder, about["dead"], "|u1", (rows,), files, False)
    # Compiled code follows these without looking.
    for chunk, bounds in enumerate(columns["offsets"]):
        if bounds[0] != chunk * rows or bounds[-1] != (chunk + 1) * rows or (bounds[1:] < bounds[:-1]).any():
            raise ValueError(f"the bucket table {chunk + 1} of segment {name} is damaged")
    return Segment(name=name, dead=dead, **columns)


def _read_array(
    folder: Path, file: str, kind: str, shape: tuple[int, ...], files: dict[str, dict[str, int]], mmap: bool
) -> NDArray[Any]:
    """Return one column, writable in memory only (compiled code is made for writable arrays)."""
    path = folder / file
    size = np.dtype(kind).itemsize * prod(shape)
    if path.name != file or path.stat().st_size != size:
        raise ValueError(f"{file} has {path.stat().st_size:,} bytes and should have {size:,}")
    if not mmap and _crc(path) != files[file]["crc32"]:
        raise ValueError(f"{file} is damaged: its checksum does not fit")
    if mmap:
        return np.memmap(path, dtype=kind, mode="c", shape=shape).view(np.ndarray)
    return np.fromfile(path, dtype=kind).reshape(shape)


def _write_array(path: Path, array: NDArray[Any]) -> dict[str, int]:
    with path.open("wb") as file:
        array.astype(array.dtype.newbyteorder("<"), copy=False).tofile(file)
        file.flush()
        os.fsync(file.fileno())
    return {"bytes": path.stat().st_size, "crc32": _crc(path)}


def _write_bytes(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _crc(path: Path) -> int:
    value = 0
    with path.open("rb") as file:
        while part := file.read(1 << 20):
            value = zlib.crc32(part, value)
    return value


def _checksum(content: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _files_of(folder: Path) -> dict[str, dict[str, int]]:
    """Return what the index in a folder is made of, as far as it is whole; nothing if there is none."""
    try:
        files = dict(_header(folder)["files"])
    except NotReadable:
        return {}
    return {file: about for file, about in files.items() if _size(folder / file) == about["bytes"]}


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return -1


def _keep_only(folder: Path, files: dict[str, dict[str, int]]) -> None:
    """Delete what an earlier save left, or one that failed."""
    with contextlib.suppress(OSError):
        for path in folder.iterdir():
            if _OURS.fullmatch(path.name) and path.name not in files:
                with contextlib.suppress(
                    OSError
                ):  # still mapped by somebody on Windows: it stays, and harms nobody
                    path.unlink()


def _sync(folder: Path) -> None:
    if hasattr(os, "O_DIRECTORY"):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
