"""Which entries of a bank a picture or a video shows.

A picture is found within the distance of its bank. For a video each sampled frame of quality 50 or more is
looked up, equal frames once, and an entry is found when 80 % of the frames of either are found in the other:
the upload is made of the known video, or the known one lies in the upload, whatever is around it. The first is
vPDQ's own default. A known still picture has one frame, so it is found where one frame of a video shows it; `share`
says how much of the video does.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tarazu.errors import InputError, OptionError
from tarazu.media.bank.entry import LEAST_QUALITY
from tarazu.media.bank.state import State
from tarazu.media.pdq import SAME, WORDS, distance
from tarazu.sightings import MediaMatch, Transform

if TYPE_CHECKING:
    from tarazu.media.index import HammingIndex

MOSTLY = 0.8  # share of the frames of one that must be found in the other
TURNS = tuple(Transform)[:8]


@dataclass(frozen=True)
class Query:
    """The frames to look for: n frames, each in t turned variants (t = 1 or 8), four words a hash."""

    words: NDArray[np.uint64]  # n x t x 4

    @classmethod
    def of(cls, hashes: NDArray[np.uint64], quality: Sequence[int] | NDArray[np.int64] | int) -> Query:
        """Take n x 4 or n x t x 4 hashes; low quality and repetitions are left out."""
        words = np.asarray(hashes, dtype=np.uint64)
        if words.ndim == 2:
            words = words[:, None, :]
        if words.ndim != 3 or words.shape[1] not in (1, len(TURNS)) or words.shape[2] != WORDS:
            raise InputError(
                f"Hashes of shape {words.shape} cannot be matched. Give n x 4 or n x 8 x 4 words."
            )
        good = np.broadcast_to(np.asarray(quality), len(words)) >= LEAST_QUALITY
        _, first = np.unique(words[good][:, 0], axis=0, return_index=True)
        return cls(words[good][np.sort(first)])


@dataclass(frozen=True)
class _Found:
    id: str
    distance: int
    transform: Transform
    share: float


_ENTRY = "e.id, e.state, e.expires_at, e.entity_id, e.shows, e.frames"


@dataclass(frozen=True)
class Matcher:
    """Looks in one view of one bank."""

    bank: str
    negative: bool
    today: str  # YYYY-MM-DD

    def by_hash(
        self, reader: sqlite3.Connection, index: HammingIndex, query: Query, within: int
    ) -> dict[str, MediaMatch]:
        """Return the entries found by what they show, at most `within` bits away."""
        if not 0 <= within <= SAME:
            raise OptionError(f"A distance of {within} bits is outside 0 to {SAME}.")
        frames, turns, _ = query.words.shape
        if not frames:
            return {}
        flat = query.words.reshape(-1, WORDS)
        hits = index.search(flat, within)
        by_entry: dict[int, list[tuple[int, int, int, int]]] = {}
        about: dict[int, tuple[str, str, str | None, str | None, str | None, int]] = {}
        rows = dict(_rows(reader, np.unique(hits.id)))
        for asked, key in zip(hits.query.tolist(), hits.id.tolist(), strict=True):
            row = rows.get(key)
            if row is None or not self._live(row[2][1], row[2][2]):
                continue
            pdq, entry, about[entry] = row[0], row[1], row[2]
            # The file, not the index, has the last word on what is how near.
            apart = int(distance(flat[asked], pdq))
            if apart <= within:
                by_entry.setdefault(entry, []).append((asked % turns, apart, asked // turns, key))
        found = {}
        for entry, its in by_entry.items():
            one = _best(its, frames, about[entry])
            if one is not None:
                found[one.id] = self._match(about[entry], one.distance, one.transform, one.share)
        return found

    def by_bytes(
        self, reader: sqlite3.Connection, sha256: str | None, md5: str | None
    ) -> dict[str, MediaMatch]:
        """Return the entries that are the very same file."""
        rows: list[tuple[str, str, str | None, str | None, str | None, int]] = []
        for column, digest in (("sha256", sha256), ("md5", md5)):
            if digest is not None:
                asked = f"SELECT {_ENTRY} FROM entry e WHERE {column} = ?"
                rows += reader.execute(asked, (digest.lower(),)).fetchall()
        live = (row for row in rows if self._live(row[1], row[2]))
        return {row[0]: self._match(row, 0, Transform.UPRIGHT, 1.0) for row in live}

    def by_key(
        self, reader: sqlite3.Connection, key: int, apart: int, transform: Transform
    ) -> MediaMatch | None:
        """Return the match of an entry that something else than its hash has found."""
        row = reader.execute(f"SELECT {_ENTRY} FROM entry e WHERE key = ?", (key,)).fetchone()
        return self._match(row, apart, transform, 1.0) if row and self._live(row[1], row[2]) else None

    def _live(self, state: str, expires_at: str | None) -> bool:
        return State(state).matches and (expires_at is None or self.today < expires_at)

    def _match(
        self,
        row: tuple[str, str, str | None, str | None, str | None, int],
        apart: int,
        transform: Transform,
        share: float,
    ) -> MediaMatch:
        return MediaMatch(
            bank=self.bank,
            entry=row[0],
            distance=apart,
            transform=transform,
            entity_id=row[3],
            shows=row[4],
            negative=self.negative,
            decides=State(row[1]).decides,
            share=share,
        )


def _best(
    its: list[tuple[int, int, int, int]],
    frames: int,
    about: tuple[str, str, str | None, str | None, str | None, int],
) -> _Found | None:
    """The turn in which most frames are found, the nearest of equal ones; None if too few are."""
    best: tuple[int, int, int] | None = None
    for turn in sorted({one[0] for one in its}):
        of_turn = [one for one in its if one[0] == turn]
        asked, known = {one[2] for one in of_turn}, {one[3] for one in of_turn}
        if max(len(asked) / frames, len(known) / about[5]) >= MOSTLY:
            rank = (-len(asked), min(one[1] for one in of_turn), turn)
            best = rank if best is None else min(best, rank)
    if best is None:
        return None
    # The query turned like this is the known picture, so the known one turned back is the query.
    return _Found(about[0], best[1], TURNS[best[2]].inverse, -best[0] / frames)


_Row = tuple[NDArray[np.uint64], int, tuple[str, str, str | None, str | None, str | None, int]]


def _rows(reader: sqlite3.Connection, keys: NDArray[np.int64]) -> Iterator[tuple[int, _Row]]:
    asked = (
        f"SELECT f.key, f.pdq, f.entry, {_ENTRY} FROM frame f JOIN entry e ON e.key = f.entry "
        "WHERE f.key IN (SELECT value FROM json_each(?))"
    )
    for row in reader.execute(asked, (json.dumps(keys.tolist()),)):
        yield row[0], (np.frombuffer(row[1], dtype=">u8").astype(np.uint64), row[2], row[3:])
