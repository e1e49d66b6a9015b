"""Packed bytes, unpacked piece by piece: no piece is larger than asked, however much is packed into a few bytes."""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections.abc import Callable, Iterator
from typing import Any

from tarazu.safe.refused import Refused

PIECE = 2**16  # bytes
_TAKEN = 2**14  # bytes read at once; small, since each of many tiny packed pieces copies what is left of it
_MEMORY = 128 * 2**20  # for one decoder; `xz -9` needs 65 MiB, `zstd --long` 128 MiB

Read = Callable[[int], bytes]

MAGIC: dict[str, bytes] = {
    "gzip": b"\x1f\x8b\x08",
    "bzip2": b"BZh",
    "xz": b"\xfd7zXZ\x00",
    "zstd": b"\x28\xb5\x2f\xfd",
}


class _Zlib:
    """zlib's decoder with the interface of the others: what it did not get to is kept here."""

    def __init__(self, bits: int) -> None:
        self._decoder = zlib.decompressobj(bits)

    @property
    def eof(self) -> bool:
        return self._decoder.eof

    @property
    def unused_data(self) -> bytes:
        return self._decoder.unused_data

    @property
    def needs_input(self) -> bool:
        return not self._decoder.unconsumed_tail

    def decompress(self, data: bytes, most: int) -> bytes:
        return self._decoder.decompress(self._decoder.unconsumed_tail + data, most)


_DECODERS: dict[str, Callable[[], Any]] = {
    "gzip": lambda: _Zlib(31),
    "x-gzip": lambda: _Zlib(31),
    "deflate": lambda: _Zlib(47),  # as HTTP has it: with zlib's frame
    "deflate alone": lambda: _Zlib(-15),  # as zip has it: without
    "bzip2": bz2.BZ2Decompressor,
    "xz": lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_MEMORY),
}


def unpacked(read: Read, packing: str) -> Iterator[bytes]:
    """Give what `read` reads, unpacked, in pieces of at most `PIECE` bytes.

    `packing` is gzip, deflate, deflate alone, bzip2, xz, zstd, or nothing. Several packed pieces one after the other
    are one file. Raises Refused when the bytes are damaged, stop too early, or are packed in another way.
    """
    if packing in ("", "identity"):
        while piece := read(PIECE):
            yield piece
    elif packing == "zstd":
        yield from _zstd(read)
    elif packing in _DECODERS:
        yield from _decoded(read, _DECODERS[packing])
    else:
        raise Refused(f"It is packed as {packing[:20]!r}, which is not read.")


def _decoded(read: Read, new: Callable[[], Any]) -> Iterator[bytes]:
    decoder, fresh, data = new(), True, b""
    while True:
        if not data and decoder.needs_input and not (data := read(_TAKEN)):
            if not fresh:
                raise Refused("It is cut short: the packed data stop too early.")
            return
        try:
            piece = decoder.decompress(data, PIECE)
        except (OSError, EOFError, zlib.error, lzma.LZMAError, ValueError) as error:
            raise Refused(f"It is damaged: it cannot be unpacked ({error}).") from error
        data, fresh = b"", False
        if piece:
            yield piece
        if decoder.eof:
            # Zeros may fill the last block of a tape; anything else begins another packed piece.
            data = decoder.unused_data.lstrip(b"\0")
            decoder, fresh = new(), True


class _Source:
    """A function that reads, as the file that zstandard wants."""

    def __init__(self, read: Read) -> None:
        self.read = read


def _zstd(read: Read) -> Iterator[bytes]:
    import zstandard

    source: Any = _Source(read)
    decoder = zstandard.ZstdDecompressor(max_window_size=_MEMORY)
    try:
        with decoder.stream_reader(source, read_size=PIECE, read_across_frames=True) as stream:
            while piece := stream.read(PIECE):
                yield piece
    except zstandard.ZstdError as error:
        raise Refused(f"It is damaged: it cannot be unpacked ({error}).") from error
