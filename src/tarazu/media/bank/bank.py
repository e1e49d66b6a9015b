"""A bank: a named list of known pictures in one file."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from tarazu.errors import InputError, OptionError
from tarazu.media.bank import adding, counting, lifecycle, rows
from tarazu.media.bank.about import About
from tarazu.media.bank.database import Database
from tarazu.media.bank.entry import Entry
from tarazu.media.bank.kept_index import KeptIndex
from tarazu.media.bank.live_index import LiveIndex
from tarazu.media.bank.matching import Matcher, Query
from tarazu.media.bank.schema import BANK
from tarazu.media.bank.state import State, What
from tarazu.media.bank.tables import BankTables
from tarazu.media.pdq import SAME
from tarazu.sightings import MediaMatch, Transform

Clock = Callable[[], datetime]
PAGE = 1000  # entries read at once


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


class Bank:
    """One bank, open. Several threads and processes may use it at once: any number read while one writes.

    What a call returned is on the disk. Reading needs the right to write in the file's folder, for SQLite's log.
    """

    def __init__(self, path: Path, database: Database, clock: Clock) -> None:
        """Use `open` or `create`."""
        self.path, self._database, self._clock = path, database, clock
        with database.reading() as reader:
            self.about = About.of(reader)
        self._index = LiveIndex(BankTables(), KeptIndex(path))

    @classmethod
    def create(
        cls,
        path: str | Path,
        *,
        owner: str,
        reason: str,
        name: str | None = None,
        source: str = "",
        distance: int = SAME,
        negative: bool = False,
        clock: Clock = now,
    ) -> Bank:
        """Make an empty bank; its name is that of the file if none is given. Never replaces a file."""
        path = Path(path)
        if not 0 <= distance <= SAME:
            raise OptionError(
                f"A distance of {distance} bits is outside 0 to {SAME}. Leave it out for {SAME}."
            )
        name = name or path.name.removesuffix(".bank")
        for what, text in (("name", name), ("owner", owner), ("reason", reason)):
            if not text.strip():
                raise OptionError(f"A bank needs a {what}: whoever meets a match of it will ask.")
        Entry(id=name[:200], label=owner, reason=reason, source=source, md5="0" * 32).check()
        mark, at = secrets.token_hex(16), rows.ms(clock())
        about = (mark, name, owner, reason, source, distance, negative, at)
        Database.create(
            path,
            BANK,
            [
                ("INSERT INTO bank VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, 0)", about),
                ("INSERT INTO uploads VALUES (1, 0)", ()),
                (rows.INSERT_CHANGE, (at, What.CREATED, None, None, owner, reason)),
            ],
        )
        return cls.open(path, clock=clock)

    @classmethod
    def open(cls, path: str | Path, *, clock: Clock = now) -> Bank:
        """Open a bank; raises NotReadable unless it is one. Its index is made or opened at the first match."""
        return cls(Path(path), Database(Path(path), BANK), clock)

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def __enter__(self) -> Bank:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    # Entries

    def add(self, entry: Entry, *, by: str, trusted: bool = False, reason: str = "") -> str:
        """Add one entry and return its id; raises InputError, with why, if it cannot be taken.

        A new entry is quarantined: it informs and does not decide. It is active at once in a negative bank, and
        where it is `trusted`; then a state that it brings stands.
        """
        added = self.add_many([entry], by=by, trusted=trusted, reason=reason)
        if added.refused:
            raise InputError(added.refused[0][1])
        return added.ids[0]

    def add_many(
        self, entries: Iterable[Entry], *, by: str, trusted: bool = False, reason: str = ""
    ) -> adding.Added:
        """Add entries, in transactions of 10,000; those that cannot be taken are told, by position and reason."""
        whole = trusted or self.about.negative
        return adding.add_many(self._database, entries, by, reason, trusted=whole, clock=self._clock)

    def remove(self, id: str, *, by: str, reason: str) -> None:
        """Let an entry match no more. It is kept, with who removed it and why."""
        lifecycle.change(self._database, id, What.REMOVED, by, reason, self._clock)

    def restore(self, id: str, *, by: str, reason: str) -> None:
        """Bring a removed entry back, into quarantine."""
        lifecycle.change(self._database, id, What.RESTORED, by, reason, self._clock)

    def confirm(self, id: str, *, by: str, reason: str = "") -> None:
        """Let an entry decide that was quarantined or held."""
        lifecycle.change(self._database, id, What.CONFIRMED, by, reason, self._clock)

    def purge(self, id: str, *, by: str, reason: str) -> None:
        """Erase an entry for good, hashes, texts and feedback, as a law may ask; that it was purged stays known."""
        lifecycle.purge(self._database, id, by, reason, self._clock)
        self._index.forget()

    def entry(self, id: str) -> Entry:
        """Return an entry, removed ones too; raises InputError if there is none of this id."""
        with self._database.reading() as reader:
            found = reader.execute(f"{rows.SELECT} WHERE id = ?", (id,)).fetchall()
            if not found:
                raise lifecycle.unknown(self.path, id)
            return next(rows.entries(reader, found))

    def entries(self, state: State | None = None) -> Iterator[Entry]:
        """All entries, or those of one state, in the order of adding; changes are welcome meanwhile."""
        last = 0
        while True:
            with self._database.reading() as reader:
                asked = f"{rows.SELECT} WHERE key > ? AND (? IS NULL OR state = ?) ORDER BY key LIMIT {PAGE}"
                found = reader.execute(asked, (last, state, state)).fetchall()
                page = list(rows.entries(reader, found))
            if not found:
                return
            last = found[-1][0]
            yield from page

    def counts(self) -> dict[State, int]:
        """How many entries are in each state."""
        with self._database.reading() as reader:
            found = dict(reader.execute("SELECT state, count(*) FROM entry GROUP BY state").fetchall())
        return {state: found.get(state, 0) for state in State}

    def changes(self, id: str | None = None) -> list[lifecycle.Change]:
        """The change log, of all or of one entry, the oldest first."""
        return lifecycle.changes(self._database, id)

    @property
    def version(self) -> str:
        """The bank's mark and its last change: two equal versions match alike, but for dates of expiry."""
        with self._database.reading() as reader:
            mark, revision = reader.execute(
                "SELECT mark, (SELECT max(revision) FROM change) FROM bank"
            ).fetchone()
        return f"{mark[:8]}.{revision}"

    # Matching

    def match(
        self,
        hashes: NDArray[np.uint64] | None = None,
        *,
        quality: int = 100,
        sha256: str | None = None,
        md5: str | None = None,
        distance: int | None = None,
    ) -> list[MediaMatch]:
        """Look a picture up, by its hash, its digests, or both; the nearest first, one match an entry.

        `hashes`: t x 4 words, one a turned variant in the order of `Transform` (t = 8), or upright only (t = 1).
        A hash of quality below 50 is not looked up. `distance`: bits, 0 to 31; the bank's own if none is given.
        """
        frames = None if hashes is None else np.asarray(hashes, dtype=np.uint64)[None]
        return self.match_frames(frames, quality, sha256=sha256, md5=md5, distance=distance)

    def match_frames(
        self,
        hashes: NDArray[np.uint64] | None = None,
        quality: Sequence[int] | NDArray[np.int64] | int = 100,
        *,
        sha256: str | None = None,
        md5: str | None = None,
        distance: int | None = None,
    ) -> list[MediaMatch]:
        """Look a video up: n x 4 or n x t x 4 words, a quality a frame. When it matches: `matching`."""
        matcher = self._matcher()
        within = self.about.distance if distance is None else distance
        with self._database.reading() as reader:
            found: dict[str, MediaMatch] = {}
            if hashes is not None and len(hashes):
                found = matcher.by_hash(reader, self._index.at(reader), Query.of(hashes, quality), within)
            found |= matcher.by_bytes(reader, sha256, md5)
        return sorted(found.values(), key=lambda one: (one.distance, one.entry))

    def features(self) -> Iterator[tuple[int, bytes]]:
        """Keys and local features of the entries that have some and match."""
        with self._database.reading() as reader:
            asked = "SELECT key, features FROM entry WHERE features IS NOT NULL AND state <> 'removed'"
            found = reader.execute(asked).fetchall()
        yield from found

    def match_of(self, key: int, distance: int, transform: Transform = Transform.PART) -> MediaMatch | None:
        """Return the match of an entry that local features have found; None if it matches no more."""
        with self._database.reading() as reader:
            return self._matcher().by_key(reader, key, distance, transform)

    def _matcher(self) -> Matcher:
        return Matcher(self.about.name, self.about.negative, self._clock().date().isoformat())

    # What came of matches

    def count_upload(self, matches: Iterable[MediaMatch]) -> list[str]:
        """Count one upload and what it matched; returns the entries that the flood guard holds from now on."""
        return self.count_uploads([matches])

    def count_uploads(self, uploads: Iterable[Iterable[MediaMatch]]) -> list[str]:
        """Count uploads, each with what it matched (mostly nothing), in one transaction: see `guard`."""
        ids = [{one.entry for one in matches if one.bank == self.about.name} for matches in uploads]
        return counting.count(self._database, ids, self._clock)

    def feedback(self, id: str, *, correct: bool, by: str, reference: str = "") -> None:
        """Keep what a person found a match of this entry to be, true or false; `reference`: the upload or post."""
        counting.feedback(self._database, id, correct, by, reference, self._clock)

    def record(self, id: str) -> counting.Record:
        """How often an entry matched, and what people said of it."""
        return counting.record(self._database, id)
