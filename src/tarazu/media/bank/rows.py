"""Entries as rows of a bank, and back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime

from tarazu.media.bank.entry import Entry
from tarazu.media.bank.state import State
from tarazu.sightings import PictureHash

_COLUMNS = (
    "key", "id", "sha256", "md5", "label", "entity_id", "shows", "reason", "source",
    "added_by", "added_at", "expires_at", "state", "features", "frames",
)  # fmt: skip
SELECT = f"SELECT {', '.join(_COLUMNS)} FROM entry"
INSERT = f"INSERT INTO entry ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"
INSERT_FRAME = "INSERT INTO frame (entry, pdq, quality, at) VALUES (?, ?, ?, ?)"
INSERT_CHANGE = "INSERT INTO change (at, what, entry, id, by, reason) VALUES (?, ?, ?, ?, ?, ?)"


def ms(at: datetime) -> int:
    """Milliseconds since 1970 (UTC) of a time with its zone."""
    return round(at.timestamp() * 1000)


def moment(at: int) -> datetime:
    """The inverse of `ms`."""
    return datetime.fromtimestamp(at / 1000, UTC)


def row(key: int, entry: Entry, id: str, state: State, added_by: str, added_at: int) -> tuple[object, ...]:
    """The row of an entry, in the order of `INSERT`."""
    expires = entry.expires_at.isoformat() if entry.expires_at else None
    return (
        key, id, entry.sha256, entry.md5, entry.label, entry.entity_id, entry.shows, entry.reason, entry.source,
        added_by, added_at, expires, str(state), entry.features, len(entry.frames),
    )  # fmt: skip


def frame_rows(key: int, entry: Entry) -> list[tuple[int, bytes, int, float]]:
    """The rows of the frames of an entry, in the order of `INSERT_FRAME`."""
    return [(key, bytes.fromhex(one.pdq), one.quality, one.at) for one in entry.frames]


def entries(reader: sqlite3.Connection, rows: Sequence[Sequence[object]]) -> Iterator[Entry]:
    """The entries of rows in the order of `SELECT`, ascending by key."""
    if not rows:
        return
    frames: dict[int, list[PictureHash]] = {}
    asked = "SELECT entry, pdq, quality, at FROM frame WHERE entry BETWEEN ? AND ? ORDER BY key"
    for key, pdq, quality, at in reader.execute(asked, (rows[0][0], rows[-1][0])):
        frames.setdefault(key, []).append(PictureHash(pdq=pdq.hex(), quality=quality, at=at))
    for one in rows:
        told = dict(zip(_COLUMNS, one, strict=True))
        key = told.pop("key")
        told["frames"] = tuple(frames.get(key, ()))  # type: ignore[call-overload]
        told["state"] = State(str(told["state"]))
        told["added_at"] = moment(told["added_at"])  # type: ignore[arg-type]
        if told["expires_at"] is not None:
            told["expires_at"] = date.fromisoformat(str(told["expires_at"]))
        yield Entry(**told)  # type: ignore[arg-type]
