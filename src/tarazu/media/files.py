"""What people point at: files, folders with files in them, archives of files. All of it becomes a list of files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tarazu.errors import NotReadable
from tarazu.safe.archive import extract, is_archive


@dataclass(frozen=True)
class Named:
    """A file, under the name that results speak of it by."""

    path: Path
    name: str
    refused: str | None = None  # why it cannot be looked at: a member that an archive may not give


@contextmanager
def collected(sources: Iterable[Path]) -> Iterator[list[Named]]:
    """Give the files of some paths: a folder's in order of their names, an archive's unpacked while this is open.

    A file in an archive is named ARCHIVE!MEMBER. Raises NotReadable for a path that is not there.
    """
    found: list[Named] = []
    with TemporaryDirectory(prefix="tarazu-") as room:
        for number, source in enumerate(sources):
            if source.is_dir():
                inside = sorted(
                    path for path in source.rglob("*") if path.is_file() and not hidden(path, source)
                )
                found += [Named(path, str(path)) for path in inside]
            elif not source.exists():
                raise NotReadable(f"{source} is not there. Give files, folders, or archives of pictures.")
            elif source.is_file() and is_archive(source):
                found += unpacked(source, Path(room) / str(number))
            else:
                found.append(Named(source, str(source)))
        yield found


def hidden(path: Path, below: Path) -> bool:
    """Whether a name on the way begins with a dot, as those that systems leave behind do."""
    return any(part.startswith(".") for part in path.relative_to(below).parts)


def unpacked(archive: Path, into: Path) -> Iterator[Named]:
    """Yield the files of an archive, those first that may be taken out."""
    extracted = extract(archive, into)
    for path in extracted.files:
        yield Named(path, f"{archive}!{path.relative_to(into).as_posix()}")
    for member in extracted.refused:
        yield Named(archive, f"{archive}!{member.name}", member.refused)


def within(folder: Path, reference: str) -> Path | None:
    """Return the file below a folder that a reference names, or None. References come out of posts: they may lie."""
    root = folder.resolve()
    try:
        path = (root / reference).resolve()
        return path if path.is_relative_to(root) and path.is_file() else None
    except (OSError, ValueError):
        return None
