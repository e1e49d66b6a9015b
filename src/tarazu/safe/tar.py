"""A tar archive read from front to back, one header after the other, nothing kept.

Not with `tarfile`: that reads a header's extension whole, however large it says it is, and reads forms (sparse files,
links with content) on which readers differ. This one takes files with names and refuses the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tarazu.safe.refused import Refused

BLOCK = 512
_EXTENSION = 2**20  # bytes of one extended header
_IN_A_ROW = 8  # extended headers before the header they belong to
_CUT = "The archive is cut short."

_KINDS = {
    b"1": "It is a link.",
    b"2": "It is a link.",
    b"3": "It is a device.",
    b"4": "It is a device.",
    b"6": "It is a pipe.",
    b"S": "It is a file with holes (sparse).",
}


@dataclass(frozen=True)
class TarEntry:
    """What a header says; `refused` when it is no plain file, `folder` when it is a folder."""

    name: bytes
    size: int  # bytes
    folder: bool = False
    refused: str | None = None


class Blocks:
    """Bytes that come in pieces, taken in the sizes that are needed."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._rest = pieces, b""

    def some(self, most: int) -> bytes:
        """Return between 1 and `most` bytes; none at the end."""
        if not self._rest:
            self._rest = next(self._pieces, b"")
        taken, self._rest = self._rest[:most], self._rest[most:]
        return taken

    def exactly(self, size: int) -> bytes:
        """Return this many bytes. Raises Refused when there are fewer."""
        return b"".join(self.pieces(size))

    def pieces(self, size: int) -> Iterator[bytes]:
        """Give this many bytes. Raises Refused when there are fewer."""
        while size:
            piece = self.some(size)
            if not piece:
                raise Refused(_CUT)
            size -= len(piece)
            yield piece


def is_tar(head: bytes) -> bool:
    """Return whether the first 512 bytes are a header of a tar archive; an empty archive has none."""
    return len(head) >= BLOCK and any(head[:148]) and _number(head[148:156]) in _sums(head[:BLOCK])


def tar_entries(blocks: Blocks) -> Iterator[tuple[TarEntry, Iterator[bytes]]]:
    """Give each entry with its content; what is not read of it is passed over. Raises Refused for a damaged archive."""
    long_name, extended, in_a_row = b"", {}, 0
    while True:
        block = blocks.exactly(BLOCK)
        if not any(block):
            return
        if _number(block[148:156]) not in _sums(block):
            raise Refused("The archive is damaged: a header of it does not add up.")
        size, kind = _number(block[124:136]), block[156:157]
        if size < 0:
            raise Refused("The archive is damaged: a size in it is no number.")
        if kind in b"xXgLK":
            in_a_row += 1
            if size > _EXTENSION or in_a_row > _IN_A_ROW:
                raise Refused("The archive has more in its headers than any archive needs.")
            content = blocks.exactly(size + -size % BLOCK)[:size]
            if kind == b"L":
                long_name = content.rstrip(b"\0")
            elif kind in b"xX":
                extended = _records(content)
            elif kind == b"g" and {b"path", b"size"} & _records(content).keys():
                raise Refused("The archive gives all its files one name or one size.")
            continue
        entry = _entry(block, size, kind, long_name, extended)
        long_name, extended, in_a_row = b"", {}, 0
        content_left = _Content(blocks, entry.size)
        yield entry, content_left.pieces()
        content_left.skip()
        blocks.exactly(-entry.size % BLOCK)


class _Content:
    """The content of one entry, of which any part may have been read."""

    def __init__(self, blocks: Blocks, size: int) -> None:
        self._blocks, self._left = blocks, size

    def pieces(self) -> Iterator[bytes]:
        while self._left:
            piece = self._blocks.some(self._left)
            if not piece:
                raise Refused(_CUT)
            self._left -= len(piece)
            yield piece

    def skip(self) -> None:
        for _ in self.pieces():
            pass


def _entry(block: bytes, size: int, kind: bytes, long_name: bytes, extended: dict[bytes, bytes]) -> TarEntry:
    name = _text(block[:100])
    if block[257:263] == b"ustar\0" and (before := _text(block[345:500])):
        name = before + b"/" + name
    name = extended.get(b"path") or long_name or name
    if b"size" in extended:
        size = _decimal(extended[b"size"])
    if kind in (b"0", b"\0", b"7"):
        sparse = any(key.startswith(b"GNU.sparse.") for key in extended)
        # Archives older than the mark for folders end their names in a slash.
        folder = kind == b"\0" and name.endswith(b"/")
        return TarEntry(name, size, folder, _KINDS[b"S"] if sparse else None)
    if kind == b"S":
        return TarEntry(name, size, refused=_KINDS[kind])
    if size:
        raise Refused(
            "The archive gives content to a link, a folder or a device; readers differ on what it is."
        )
    return TarEntry(name, 0, kind == b"5", _KINDS.get(kind, "It is of a kind that is not read."))


def _records(content: bytes) -> dict[bytes, bytes]:
    """Read `LENGTH KEY=VALUE\\n`, one after the other."""
    found, at = {}, 0
    while at < len(content) and content[at]:
        space = content.find(b" ", at, at + 12)
        length = _decimal(content[at:space]) if space > at else 0
        record = content[space + 1 : at + length]
        key, equals, value = record[:-1].partition(b"=")
        if not equals or record[-1:] != b"\n" or at + length > len(content):
            raise Refused("The archive is damaged: an extended header of it cannot be read.")
        found[key] = value
        at += length
    return found


def _decimal(text: bytes) -> int:
    if not text.isdigit() or len(text) > 18:
        raise Refused("The archive is damaged: a number in it is none.")
    return int(text)


def _number(field: bytes) -> int:
    """Read an octal number, or one of base 256 as large files have it; -1 for neither."""
    if field[0] == 0x80:
        return int.from_bytes(field[1:], "big")
    text = field.split(b"\0", 1)[0].strip(b" ")
    return int(text, 8) if text and all(48 <= one <= 55 for one in text) else 0 if not text else -1


def _sums(block: bytes) -> tuple[int, int]:
    """Both sums in use: of unsigned and, by some old programs, of signed bytes; the field itself counts as spaces."""
    block = block[:148] + b" " * 8 + block[156:]
    unsigned = sum(block)
    return unsigned, unsigned - 256 * sum(one > 127 for one in block)


def _text(field: bytes) -> bytes:
    return field.split(b"\0", 1)[0]
