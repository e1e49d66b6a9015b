"""A file as a stream of plain bytes: compression is seen in the content, never in the name."""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, Protocol

from tarazu.errors import NotReadable

BLOCK = 1 << 20

_FOREIGN: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "a zip archive or an Excel workbook; unpack it, or save the sheet as CSV"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook; save the sheet as CSV"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive; unpack it first"),
    (b"Rar!", "a RAR archive; unpack it first"),
    (b"ARROW1", "an Arrow IPC file; save it as Parquet"),
    (b"SQLite format 3", "an SQLite database; export the table as CSV"),
    (b"\xff\xfe", "UTF-16 text; save it as UTF-8"),
    (b"\xfe\xff", "UTF-16 text; save it as UTF-8"),
)


class _Decoder(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, /) -> bytes: ...


def _zstd() -> _Decoder:
    import zstandard

    return zstandard.ZstdDecompressor(max_window_size=1 << 31).decompressobj()


_PACKED: tuple[tuple[bytes, Callable[[], _Decoder]], ...] = (
    (b"\x1f\x8b", lambda: zlib.decompressobj(31)),
    (b"BZh", bz2.BZ2Decompressor),
    (b"\x28\xb5\x2f\xfd", _zstd),
    (b"\xfd7zXZ\x00", lzma.LZMADecompressor),
)


class ByteStream:
    """The plain bytes of a file, read once from front to back.

    `cut` is set at the end of the stream if a compressed file stops too early or is damaged: what came before
    is good. `packed` says whether the file is compressed.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.cut = False
        try:
            if path.is_dir():
                raise NotReadable(f"{path} is a folder. Name the files in it, for example {path}/*.csv.")
            self._file: BinaryIO = path.open("rb")
            try:
                self.size = path.stat().st_size
                start = self._file.read(BLOCK)
            except OSError:
                self._file.close()
                raise
        except FileNotFoundError as error:
            raise NotReadable(f"There is no file {path}. Check the name and the folder.") from error
        except OSError as error:
            raise NotReadable(f"{path} cannot be opened: {error.strerror}. Check its permissions.") from error
        self._new = next((make for magic, make in _PACKED if start.startswith(magic)), None)
        self.packed = self._new is not None
        self.raw_read = len(start)
        self._blocks = self._unpack(start) if self._new else self._plain(start)
        self._head = b""
        try:
            for block in self._blocks:
                self._head += block
                if len(self._head) >= 65536:
                    break
            if self.cut and not self._head:
                raise NotReadable(
                    f"{path} is cut short or damaged before its first row. Fetch or pack it again."
                )
            refuse_foreign(path, self._head)
        except BaseException:
            self._file.close()
            raise

    def peek(self) -> bytes:
        """The first bytes, without consuming them (up to about a mebibyte; empty only for an empty file)."""
        return self._head

    def __iter__(self) -> Iterator[bytes]:
        if self._head:
            head, self._head = self._head, b""
            yield head
        yield from self._blocks

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _plain(self, block: bytes) -> Iterator[bytes]:
        while block:
            yield block
            block = self._read()

    def _read(self) -> bytes:
        try:
            block = self._file.read(BLOCK)
        except OSError:
            self.cut = True
            return b""
        self.raw_read += len(block)
        return block

    def _unpack(self, block: bytes) -> Iterator[bytes]:
        assert self._new is not None
        decoder = self._new()
        fresh = False  # between two members of the file
        while block:
            try:
                out = decoder.decompress(block)
            except Exception:  # every library has its own error for damaged data
                self.cut = not fresh  # bytes after the last whole member are padding, not data
                return
            fresh = False
            if out:
                yield out
            if decoder.eof:
                block = decoder.unused_data.lstrip(b"\x00")
                decoder, fresh = self._new(), True
                block = block or self._read()
            else:
                block = self._read()
        self.cut = self.cut or not fresh


def refuse_foreign(path: Path, head: bytes) -> None:
    """Raise NotReadable if the first bytes of a file are plainly not text and not Parquet."""
    for magic, what in _FOREIGN:
        if head.startswith(magic):
            raise NotReadable(f"{path} is {what}.")
    if head.startswith(b"PAR1"):
        return
    sample = head[:8192]
    if not sample:
        return
    odd = sum(1 for byte in sample if byte < 9 or 13 < byte < 32)
    try:
        sample[:-4].decode("utf-8")
        legible = True
    except UnicodeDecodeError:
        legible = len(sample[:-4].decode("utf-8", errors="ignore").encode()) > 0.7 * len(sample)
    if odd > 0.3 * len(sample) or (not legible) or (odd > 0.05 * len(sample) and b"\n" not in sample):
        raise NotReadable(
            f"{path} is a binary file, not a table of posts. "
            "Tarazu reads CSV, JSON lines and Parquet, also packed with gzip, zstd, bzip2 or xz."
        )
