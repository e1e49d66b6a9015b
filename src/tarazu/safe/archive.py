"""The only door for archives: zip and tar, also packed with gzip, bzip2, xz or zstd.

Read from front to back and counted while it is unpacked, so that what an archive says about itself decides nothing.
A file in it that may not be taken out (a link, a device, a name that points elsewhere) is given with the reason and
without its content; an archive that is damaged, costs more than its quota or is built as bombs are is refused whole.
An archive within an archive stays closed.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tarazu.errors import NotReadable, OutputError
from tarazu.safe.member_names import safe_name, same_name, shown
from tarazu.safe.refused import Refused
from tarazu.safe.tar import BLOCK, Blocks, is_tar, tar_entries
from tarazu.safe.unpacking import MAGIC, unpacked
from tarazu.safe.zip import zip_entries

_ARCHIVE = re.compile(
    rb"PK\x03\x04|PK\x05\x06|\x1f\x8b\x08|BZh[1-9](?:1AY&SY|\x17rE8)|\xfd7zXZ\x00|\x28\xb5\x2f\xfd|7z\xbc\xaf\x27\x1c|Rar!\x1a\x07"
)


@dataclass(frozen=True, kw_only=True)
class Quota:
    """What may come out of one archive."""

    bytes: int = 2 * 2**30  # all files together, and what is read past between them
    member: int = 512 * 2**20  # bytes of one file
    entries: int = 10_000  # files, folders and whatever else is listed
    ratio: int = 100  # times the archive's own size; pictures hardly shrink when packed
    free: int = 16 * 2**20  # bytes from which on the ratio counts


@dataclass(frozen=True)
class Member:
    """One file of an archive. Its content can be read once, before the next member is asked for."""

    name: str  # relative, with "/", safe as a path; of a refused one, its own name, only to be shown
    size: int  # bytes, as the archive says
    refused: str | None  # why it is not taken out, one sentence; None: it can be read
    _content: Iterator[bytes] = field(repr=False, compare=False)

    def pieces(self) -> Iterator[bytes]:
        """Give the content in small pieces. Raises Refused when it costs too much or is damaged."""
        if self.refused is not None:
            raise Refused(self.refused)
        size = 0
        for piece in self._content:
            size += len(piece)
            yield piece
        if size != self.size:
            raise RuntimeError("a member is read once, before the next one is asked for")

    def read(self) -> bytes:
        """Return the content, no more than `Quota.member` bytes. Raises Refused as `pieces` does."""
        return b"".join(self.pieces())


def is_archive(source: Path) -> bool:
    """Return whether the file begins as an archive does that `members` reads; its name does not matter."""
    with source.open("rb") as file:
        head = file.read(BLOCK)
    return head.startswith(b"PK\3\4") or is_tar(head) or any(head.startswith(one) for one in MAGIC.values())


def members(source: Path, *, quota: Quota | None = None) -> Iterator[Member]:
    """Give the files of an archive, in its order; folders are left out.

    Raises NotReadable when there is no such file, and Refused, with the reason, when it is no archive, is damaged or
    costs more than the quota.
    """
    quota = quota or Quota()
    try:
        size = source.stat().st_size
        with source.open("rb") as file:
            head = file.read(BLOCK)
    except OSError as error:
        raise NotReadable(
            f"{source} cannot be opened: {error.strerror}. Check its name and permissions."
        ) from error
    meter = _Meter(quota, size)
    listed = (
        _of_zip(source, meter) if head.startswith((b"PK\3\4", b"PK\5\6")) else _of_tar(source, head, meter)
    )
    taken = _Names()
    for raw, length, reason, content in listed:
        name, start = shown(raw), b""
        if reason is None and length > quota.member:
            reason = f"It has {length:,} bytes; the limit is {quota.member:,}."
        if reason is None:
            start = _start(content)
            if _ARCHIVE.match(start) or is_tar(start):
                reason = "It is an archive within the archive; unpack it and give it by itself."
        if reason is None:
            try:
                name = taken.add(safe_name(raw))
            except Refused as error:
                reason = error.reason
        yield Member(name, length, reason, itertools.chain((start,), content))


@dataclass(frozen=True)
class Extracted:
    """What came out of an archive."""

    files: tuple[Path, ...]
    refused: tuple[Member, ...]  # what stayed in, each with its reason


def extract(source: Path, into: Path, *, quota: Quota | None = None) -> Extracted:
    """Write the files of an archive into an empty or new folder; nothing outside it.

    Raises as `members` does, and OutputError when the folder cannot be used; then nothing of the archive is left.
    """
    made: list[Path] = []
    refused: list[Member] = []
    try:
        into.mkdir(parents=True, exist_ok=True)
        # An empty folder has no link in it that would lead out.
        if any(into.iterdir()):
            raise OutputError(f"{into} is not empty. Name a new folder.")
        for member in members(source, quota=quota):
            if member.refused is not None:
                refused.append(member)
                continue
            path = into / member.name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as file:
                made.append(path)
                for piece in member.pieces():
                    file.write(piece)
    except OSError as error:
        _undo(into, made)
        raise OutputError(f"{into} cannot be written: {error.strerror}. Choose another folder.") from error
    except BaseException:
        _undo(into, made)
        raise
    return Extracted(tuple(made), tuple(refused))


def _undo(into: Path, made: list[Path]) -> None:
    for path in made:
        path.unlink(missing_ok=True)
        for folder in path.parents:
            if folder == into or any(folder.iterdir()):
                break
            folder.rmdir()


class _Meter:
    """Counts what is unpacked, and what is listed."""

    def __init__(self, quota: Quota, packed: int) -> None:
        self.quota, self.most = quota, min(quota.bytes, max(quota.free, quota.ratio * packed))
        self._read = self._entries = 0

    def counted(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        for piece in pieces:
            self._read += len(piece)
            if self._read > self.most:
                raise Refused(
                    f"The archive unpacks to more than {self.most:,} bytes, the limit for one of its size."
                )
            yield piece

    def entry(self) -> None:
        self._entries += 1
        if self._entries > self.quota.entries:
            raise Refused(f"The archive has more than {self.quota.entries:,} entries, the limit.")


class _Names:
    """The names given so far, as a file system sees them that does not tell capitals apart."""

    def __init__(self) -> None:
        self._files: set[str] = set()
        self._folders: set[str] = set()

    def add(self, name: str) -> str:
        """Return the name. Raises Refused when it, or a folder on its way, is the name of another file."""
        path = same_name(name)
        folders = {path[:at] for at, letter in enumerate(path) if letter == "/"}
        if path in self._files or path in self._folders or folders & self._files:
            raise Refused("Another file of the archive has its name.")
        self._files.add(path)
        self._folders |= folders
        return name


_Listed = Iterator[tuple[str, int, str | None, Iterator[bytes]]]  # name, bytes, why it is refused, content


def _of_zip(source: Path, meter: _Meter) -> _Listed:
    for name, size, reason, content in zip_entries(source, meter.quota.entries):
        yield name, size, reason, meter.counted(content)


def _of_tar(source: Path, head: bytes, meter: _Meter) -> _Listed:
    packing = next((name for name, magic in MAGIC.items() if head.startswith(magic)), "")
    with source.open("rb") as file:
        pieces = meter.counted(unpacked(file.read, packing))
        start = _start(pieces)
        if not is_tar(start):
            raise Refused(
                "It is no archive that is read: zip, or tar, also packed with gzip, bzip2, xz or zstd."
            )
        for entry, content in tar_entries(Blocks(itertools.chain((start,), pieces))):
            meter.entry()
            if not entry.folder:
                yield entry.name.decode("utf-8", "surrogateescape"), entry.size, entry.refused, content


def _start(pieces: Iterator[bytes]) -> bytes:
    """Take pieces until there is enough of them to see what it is."""
    start = b""
    while len(start) < BLOCK and (piece := next(pieces, b"")):
        start += piece
    return start
