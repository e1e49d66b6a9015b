"""A zip archive read with `zipfile`, of which its forms are checked first: which bytes belong to which file."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path

from tarazu.safe.refused import Refused

PIECE = 2**16  # bytes
_ENTRY = 512  # bytes of the list at the end, for one file: 46, its name and what systems add
_LOCAL = struct.Struct("<4s22xHH")  # of a file's own header: its mark, and how long name and additions are
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # the others are unpacked without a limit by zipfile


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
            _no_overlap(file, entries, archive.start_dir)
            for entry in entries:
                if not entry.is_dir():
                    yield _name(entry), entry.file_size, _why(entry), _content(archive, entry)
    except Refused:
        raise
    except Exception as error:  # zipfile raises whatever the damage leads to
        raise Refused(f"The archive is damaged ({error}).") from error


def _no_overlap(file: io.BufferedReader, entries: list[zipfile.ZipInfo], end: int) -> None:
    """Raise Refused when two files share bytes: so a few kilobytes are unpacked a million times."""
    entries = sorted(entries, key=lambda entry: entry.header_offset)
    for entry, after in zip(entries, [*(one.header_offset for one in entries[1:]), end], strict=True):
        file.seek(entry.header_offset)
        mark, name, more = _LOCAL.unpack(file.read(_LOCAL.size))
        if mark != b"PK\3\4":
            raise Refused("The archive is damaged: a file in it is not where its list says.")
        if entry.header_offset + _LOCAL.size + name + more + entry.compress_size > after:
            raise Refused("The archive has files that share their bytes, as only bombs have.")


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
    if entry.compress_type not in _METHODS:
        return "It is packed in a way that is not read; pack it with deflate."
    return None


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    size = 0
    with archive.open(entry) as stream:
        while piece := stream.read(PIECE):
            size += len(piece)
            yield piece
    if size != entry.file_size:
        raise Refused("The archive is damaged: a file in it is shorter than its list says.")
