"""The search index of a file, kept in a folder beside it so that it opens at once: `NAME.bank.index/`.

A cache and no more: deleted or damaged it is made anew from the file. Every copy is whole (its note is written
last) and names the file and the revision it was made of, so that one of another file or another past is not used.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from tarazu.errors import OutputError

if TYPE_CHECKING:
    from tarazu.media.index import HammingIndex

NOTE = "made-of.json"
WORTH = 20_000  # hashes below which making an index anew is as quick as opening one


class KeptIndex:
    """The folder of one file."""

    def __init__(self, file: Path) -> None:
        self.folder = file.with_name(f"{file.name}.index")

    def newest(self) -> tuple[Path, dict[str, object]] | None:
        """Return the newest whole copy and its note."""
        found: list[tuple[int, Path, dict[str, object]]] = []
        for one in self.folder.glob("*/") if self.folder.is_dir() else ():
            with suppress(OSError, ValueError, TypeError, AttributeError):
                note = json.loads((one / NOTE).read_text(encoding="utf-8"))
                found.append((int(note["revision"]), one, dict(note)))
        return max(found, key=lambda one: one[0])[1:] if found else None

    def open(self, place: Path) -> HammingIndex | None:
        """Open a copy; None if it cannot be."""
        from tarazu.media.index import HammingIndex

        try:
            return HammingIndex.open(place / "index", mmap=True)
        except Exception:  # whatever is wrong with a cache, the file itself has everything
            return None

    def keep(self, index: HammingIndex, note: dict[str, object]) -> None:
        """Write a copy and drop older ones; does nothing where it may not write."""
        with suppress(OSError, OutputError):
            self.folder.mkdir(exist_ok=True)
            draft = Path(tempfile.mkdtemp(prefix="draft-", dir=self.folder))
            try:
                index.save(draft / "index")
                with (draft / "note").open("w", encoding="utf-8") as stream:
                    json.dump(note, stream)
                    stream.flush()
                    os.fsync(stream.fileno())
                (draft / "note").rename(draft / NOTE)
                place = self.folder / f"{note['revision']}-{draft.name.removeprefix('draft-')}"
                draft.rename(place)
            except BaseException:
                shutil.rmtree(draft, ignore_errors=True)
                raise
            for other in self.folder.iterdir():
                # What a reader has mapped stays readable to it; drafts of others are left to them.
                if other != place and not other.name.startswith("draft-"):
                    shutil.rmtree(other, ignore_errors=True)

    def drop(self) -> None:
        """Delete the folder with all copies."""
        shutil.rmtree(self.folder, ignore_errors=True)
