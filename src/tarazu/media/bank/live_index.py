"""The search index of a file that others write to: made once, then brought up to date by what changed since."""

from __future__ import annotations

import sqlite3
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from tarazu.media.bank.kept_index import WORTH, KeptIndex
from tarazu.media.pdq import WORDS

if TYPE_CHECKING:
    from tarazu.media.index import HammingIndex


@dataclass(frozen=True)
class Hashes:
    """Hashes (n x 4 words) and the keys of their rows (n)."""

    keys: NDArray[np.int64]
    words: NDArray[np.uint64]

    @classmethod
    def of(cls, rows: list[tuple[int, bytes]]) -> Hashes:
        """Take rows of key and 32 bytes."""
        words = np.frombuffer(b"".join(one for _, one in rows), dtype=">u8").astype(np.uint64)
        keys = np.fromiter((key for key, _ in rows), dtype=np.int64, count=len(rows))
        return cls(keys, words.reshape(len(rows), WORDS))


class Tables(Protocol):
    """What a file has to say to be searched."""

    def revision(self, reader: sqlite3.Connection) -> int:
        """A number that grows with every change of what is found."""

    def era(self, reader: sqlite3.Connection) -> int:
        """A number that grows when something is erased for good: an index from before must not be kept."""

    def past(self, reader: sqlite3.Connection, revision: int) -> str:
        """What stands at a revision: tells two pasts of one file apart, after a backup was put back."""

    def everything(self, reader: sqlite3.Connection) -> Hashes:
        """All hashes that can be found."""

    def gone(self, reader: sqlite3.Connection, revision: int) -> NDArray[np.int64]:
        """Keys to drop of what was there at a revision."""

    def come(self, reader: sqlite3.Connection, revision: int) -> Hashes:
        """Hashes to add to what was there at a revision, after `gone` was dropped."""


class LiveIndex:
    """An index that is never older than the view it is asked for; safe to use from threads.

    It may be newer, and may hold rows that were erased since: what it finds is looked up in the file.
    """

    def __init__(self, tables: Tables, kept: KeptIndex) -> None:
        self._tables, self._kept = tables, kept
        self._lock = threading.Lock()
        self._index: HammingIndex | None = None
        self._revision = self._era = -1
        self._unkept = 0  # changes that the copy on disk lacks

    def at(self, reader: sqlite3.Connection) -> HammingIndex:
        """Return the index, as new as the reader's view at least."""
        revision = self._tables.revision(reader)
        index = self._index
        if index is not None and revision <= self._revision:
            return index
        with self._lock:
            if self._index is None or self._era != self._tables.era(reader):
                self._era = self._tables.era(reader)
                self._index = self._first(reader)
            if revision > self._revision:
                self._follow(self._index, reader, revision)
            if self._unkept >= max(
                WORTH, len(self._index) // 8
            ):  # else a reopened one follows quickly enough
                note = {"revision": self._revision, "past": self._tables.past(reader, self._revision)}
                self._kept.keep(self._index, note)
                self._unkept = 0
            return self._index

    def forget(self) -> None:
        """Drop the index, here and on the disk; the next use makes it anew."""
        with self._lock:
            self._index, self._revision, self._unkept = None, -1, 0
            self._kept.drop()

    def _first(self, reader: sqlite3.Connection) -> HammingIndex:
        from tarazu.media.index import HammingIndex

        copy = self._kept.newest()
        if copy is not None:
            place, note = copy
            revision = int(str(note["revision"]))
            known = revision <= self._tables.revision(reader)
            if known and note.get("past") == self._tables.past(reader, revision):
                index = self._kept.open(place)
                if index is not None:
                    self._revision, self._unkept = revision, 0
                    return index
        every = self._tables.everything(reader)
        self._revision = self._tables.revision(reader)
        self._unkept = len(every.keys)
        return HammingIndex(every.words, every.keys)

    def _follow(self, index: HammingIndex, reader: sqlite3.Connection, revision: int) -> None:
        gone = self._tables.gone(reader, self._revision)
        come = self._tables.come(reader, self._revision)
        if len(gone):
            index.remove(gone)
        if len(come.keys):
            index.add(come.words, come.keys)
        self._unkept += len(gone) + len(come.keys)
        self._revision = revision
