"""A zip archive: its list is read with `zipfile`, its files here, after a check of which bytes belong to which file.

Not with `zipfile` to the end: it stops at the size a file is said to have, whatever comes after, and raises whatever
damage leads to.
"""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from tarazu.safe.refused import Refused
from tarazu.safe.unpacking import unpacked

_ENTRY = 512  # bytes of the list at the end, for one file: 46, its name and what systems add
_OWN = struct.Struct(
    "<4s4xH16xHH"
)  # a file's own header: its mark, how it is packed, lengths of name and additions
_PACKINGS = {zipfile.ZIP_STORED: "", zipfile.ZIP_DEFLATED: "deflate alone"}


class _Careful(io.BufferedReader):
    """A file that never reads more at once than asked for at the start: zipfile reads the list of files whole."""

    def __init__(self, path: Path, most: int) -> None:
        super().__init__(io.FileIO(path))
        self._most = most

    def read(self, size: int | None = -1) -> bytes:
        rest = size is None or size < 0
        data = super().read(self._most + 1 if rest else min(size or 0, self._most + 1))
        if len(data) > self._most:
            raise Refused("The archive's list of files is larger than its files need.")
        return data


def zip_entries(path: Path, most: int) -> Iterator[tuple[str, int, str | None, Iterator[bytes]]]:
    """Give (name, size, why it is refused, content) of each file, folders left out.

    Raises Refused for more than `most` entries, for files that share bytes, and for a damaged archive.
    """
    try:
        with _Careful(path, 2**17 + most * _ENTRY) as file, zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            if len(entries) > most:
                raise Refused(f"The archive has {len(entries):,} entries; the limit is {most:,}.")
            for entry, at in _places(file, entries, archive.start_dir):
                if not entry.orig_filename.endswith("/"):
                    yield _name(entry), entry.file_size, _why(entry), _content(file, entry, at)
    except Refused:
        raise
    except Exception as error:  # zipfile raises whatever the damage leads to
        raise Refused(f"The archive is damaged ({error}).") from error


def _places(
    file: io.BufferedReader, entries: list[zipfile.ZipInfo], end: int
) -> list[tuple[zipfile.ZipInfo, int]]:
    """Return where the content of each file begins.

    Raises Refused when two files share bytes, so that a few kilobytes are unpacked a million times, or when a file's
    own header says something else than the list.
    """
    entries = sorted(entries, key=lambda entry: entry.header_offset)
    places = []
    for entry, after in zip(entries, [*(one.header_offset for one in entries[1:]), end], strict=True):
        file.seek(entry.header_offset)
        mark, method, name, more = _OWN.unpack(file.read(_OWN.size))
        own = file.read(name).decode("utf-8" if entry.flag_bits & 0x800 else "cp437")
        if (mark, method, own) != (b"PK\3\4", entry.compress_type, entry.orig_filename):
            raise Refused("The archive is damaged: a file in it is not what its list says.")
        at = entry.header_offset + _OWN.size + name + more
        if at + entry.compress_size > after:
            raise Refused("The archive has files that share their bytes, as bombs do.")
        places.append((entry, at))
    return places


def _name(entry: zipfile.ZipInfo) -> str:
    if entry.flag_bits & 0x800:
        return entry.orig_filename
    try:
        # Many programs write UTF-8 and do not say so; zipfile then reads it as the letters of an old PC.
        return entry.orig_filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return entry.orig_filename


def _why(entry: zipfile.ZipInfo) -> str | None:
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind == stat.S_IFLNK:
        return "It is a link."
    if kind not in (0, stat.S_IFREG):
        return "It is a device, a pipe or the like."
    if entry.flag_bits & 0x41:
        return "It is encrypted."
    if entry.compress_type not in _PACKINGS:
        return "It is packed in a way that is not read; pack it with deflate."
    return None


def _content(file: io.BufferedReader, entry: zipfile.ZipInfo, at: int) -> Iterator[bytes]:
    left = entry.compress_size

    def read(size: int) -> bytes:
        nonlocal left
        piece = file.read(min(size, left))
        left -= len(piece)
        return piece

    file.seek(at)
    size = check = 0
    for piece in unpacked(read, _PACKINGS[entry.compress_type]):
        size, check = size + len(piece), zlib.crc32(piece, check)
        if size > entry.file_size:
            break
        yield piece
    if (size, check) != (entry.file_size, entry.CRC):
        raise Refused(
            "The archive is damaged: a file in it does not have the size or the sum that its list says."
        )
