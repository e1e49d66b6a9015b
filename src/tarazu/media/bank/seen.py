"""What has been looked at: hashes with where they were and when, so that a new entry can be held against the past.

No pictures. A reference is whatever leads back to the upload: a path, a post id. Rows are deleted by `forget`, and
overwritten on the disk.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from tarazu.errors import InputError, OptionError
from tarazu.media.bank import rows
from tarazu.media.bank.database import Database, Kind
from tarazu.media.bank.entry import LEAST_QUALITY
from tarazu.media.bank.kept_index import KeptIndex
from tarazu.media.bank.live_index import Hashes, LiveIndex
from tarazu.media.bank.matching import TURNS
from tarazu.media.pdq import SAME, WORDS, distance
from tarazu.sightings import PictureHash, Transform

_SEEN = Kind(
    "file of seen uploads",
    """
CREATE TABLE about (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  mark TEXT NOT NULL,
  forgotten INTEGER NOT NULL     -- how often something was; an index from before is not used
);
CREATE TABLE seen (
  key INTEGER PRIMARY KEY AUTOINCREMENT,
  pdq BLOB NOT NULL CHECK (length(pdq) = 32),
  reference TEXT NOT NULL,
  at INTEGER NOT NULL,           -- ms since 1970, UTC
  UNIQUE (pdq, reference)
);
CREATE INDEX seen_at ON seen (at);
""",
    application=0x545A534E,  # "TZSN"
    version=1,
)


@dataclass(frozen=True)
class Past:
    """An upload of the past that a known picture matches."""

    reference: str
    distance: int
    transform: Transform  # how the known picture was turned to give it
    at: datetime


class _SeenTables:
    """What the search index reads."""

    def revision(self, reader: sqlite3.Connection) -> int:
        """The last key given; rows never change."""
        found = reader.execute("SELECT seq FROM sqlite_sequence WHERE name = 'seen'").fetchone()
        return int(found[0]) if found else 0

    def era(self, reader: sqlite3.Connection) -> int:
        """How often something was forgotten."""
        return int(reader.execute("SELECT forgotten FROM about").fetchone()[0])

    def past(self, reader: sqlite3.Connection, revision: int) -> str:
        """The file's mark, how often something was forgotten, and the row at `revision`."""
        mark, forgotten = reader.execute("SELECT mark, forgotten FROM about").fetchone()
        row = reader.execute("SELECT at FROM seen WHERE key = ?", (revision,)).fetchone()
        return f"{mark} {forgotten} {row}"

    def everything(self, reader: sqlite3.Connection) -> Hashes:
        """All rows."""
        return self.come(reader, 0)

    def gone(self, reader: sqlite3.Connection, revision: int) -> NDArray[np.int64]:
        """Nothing: what was forgotten is not found in the file, so not found at all."""
        return np.empty(0, dtype=np.int64)

    def come(self, reader: sqlite3.Connection, revision: int) -> Hashes:
        """Rows after `revision`."""
        return Hashes.of(reader.execute("SELECT key, pdq FROM seen WHERE key > ?", (revision,)).fetchall())


class Seen:
    """One such file, open; several processes may use it at once."""

    def __init__(self, path: str | Path) -> None:
        """Open the file, or make it if it is not there."""
        self.path = Path(path)
        if not self.path.exists():
            first = ("INSERT INTO about VALUES (1, ?, 0)", (secrets.token_hex(16),))
            Database.create(self.path, _SEEN, [first])
        self._database = Database(self.path, _SEEN)
        self._index = LiveIndex(_SeenTables(), KeptIndex(self.path))

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def __enter__(self) -> Seen:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    def __len__(self) -> int:
        with self._database.reading() as reader:
            return int(reader.execute("SELECT count(*) FROM seen").fetchone()[0])

    def remember(self, frames: Iterable[PictureHash], reference: str, at: datetime) -> None:
        """Remember what an upload shows; see `remember_many`."""
        self.remember_many([(frames, reference, at)])

    def remember_many(self, uploads: Iterable[tuple[Iterable[PictureHash], str, datetime]]) -> None:
        """Remember uploads in one transaction. Hashes of quality below 50 are left out; the first time stays.

        What was remembered survives a kill; a power cut may lose the last moments, so that no upload waits for a disk.
        """
        made = [
            (bytes.fromhex(frame.pdq), reference, rows.ms(at))
            for frames, reference, at in uploads
            for frame in frames
            if frame.quality >= LEAST_QUALITY
        ]
        if any(not reference or "\x00" in reference for _, reference, _ in made):
            raise InputError("An upload needs a reference that leads back to it: a path or a post id.")
        with self._database.writing(durable=False) as writer:
            # Not left to the table: a row that is refused would still use up a key.
            writer.executemany(
                "INSERT INTO seen (pdq, reference, at) SELECT ?1, ?2, ?3 "
                "WHERE NOT EXISTS (SELECT 1 FROM seen WHERE pdq = ?1 AND reference = ?2)",
                made,
            )

    def matching(self, hashes: NDArray[np.uint64], within: int = SAME) -> list[Past]:
        """Return which uploads of the past a known picture matches, the nearest first, each reference once.

        `hashes`: as `Bank.match` takes them, t x 4 words of a picture, or n x t x 4 of the frames of a video; t is
        8, the turned variants in the order of `Transform`, or 1.
        """
        if not 0 <= within <= SAME:
            raise OptionError(f"A distance of {within} bits is outside 0 to {SAME}.")
        turns = hashes.shape[-2]
        if turns not in (1, len(TURNS)) or hashes.shape[-1] != WORDS:
            raise InputError(f"Hashes of shape {hashes.shape} cannot be matched. Give 1 x 4 or 8 x 4 words.")
        words = np.asarray(hashes, dtype=np.uint64).reshape(-1, WORDS)
        best: dict[str, Past] = {}
        with self._database.reading() as reader:
            hits = self._index.at(reader).search(words, within)
            found = _rows(reader, np.unique(hits.id))
        for query, key in zip(hits.query.tolist(), hits.id.tolist(), strict=True):
            if key not in found:
                continue
            pdq, reference, at = found[key]
            apart = int(distance(words[query], pdq))
            turn = TURNS[query % turns]
            if apart <= within and (reference not in best or apart < best[reference].distance):
                best[reference] = Past(reference, apart, turn, rows.moment(at))
        return sorted(best.values(), key=lambda one: (one.distance, one.reference))

    def forget(self, before: datetime) -> int:
        """Delete what was seen before a time, on the disk too; returns how many rows."""
        with self._database.reading() as reader:
            reader.execute("PRAGMA secure_delete = ON")
        with self._database.writing() as writer:
            gone = writer.execute("DELETE FROM seen WHERE at < ?", (rows.ms(before),)).rowcount
            writer.execute("UPDATE about SET forgotten = forgotten + 1")
        self._database.erase_traces()
        self._index.forget()
        return gone


def _rows(
    reader: sqlite3.Connection, keys: NDArray[np.int64]
) -> dict[int, tuple[NDArray[np.uint64], str, int]]:
    import json

    asked = (
        "SELECT key, pdq, reference, at FROM seen WHERE key IN (SELECT value FROM json_each(?))",
        (json.dumps(keys.tolist()),),
    )
    return {
        key: (np.frombuffer(pdq, dtype=">u8").astype(np.uint64), reference, at)
        for key, pdq, reference, at in reader.execute(*asked)
    }
