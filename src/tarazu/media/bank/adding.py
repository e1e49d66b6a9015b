"""How entries come into a bank."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from tarazu.errors import InputError, OptionError
from tarazu.media.bank import rows
from tarazu.media.bank.database import Database
from tarazu.media.bank.entry import Entry
from tarazu.media.bank.state import State, What

BATCH = 10_000  # entries a transaction


@dataclass(frozen=True)
class Added:
    """What came of adding."""

    ids: list[str]
    refused: list[tuple[int, str]]  # position in what was given, from 0, and why


def add_many(
    database: Database,
    entries: Iterable[Entry],
    by: str,
    reason: str,
    *,
    trusted: bool,
    clock: Callable[[], datetime],
) -> Added:
    """Add entries batch by batch; each batch is on the disk before the next is read."""
    if not by.strip():
        raise OptionError("Say who adds them: a bank keeps with every entry who added it.")
    added = Added([], [])
    stream = enumerate(entries)
    while batch := list(islice(stream, BATCH)):
        sound = list(_sound(batch, added))
        with database.writing() as writer:
            _add(writer, sound, added, by, reason, trusted, rows.ms(clock()))
    added.refused.sort()
    return added


def _sound(batch: list[tuple[int, Entry]], added: Added) -> Iterator[tuple[int, Entry, str]]:
    for position, entry in batch:
        try:
            entry.check()
        except InputError as fault:
            added.refused.append((position, str(fault)))
        else:
            yield position, entry, entry.id or entry.made_id()


def _add(
    writer: sqlite3.Connection,
    batch: list[tuple[int, Entry, str]],
    added: Added,
    by: str,
    reason: str,
    trusted: bool,
    at: int,
) -> None:
    taken = _taken(writer, [id for _, _, id in batch])
    key = _last_key(writer)
    made, frames, changes, ids = [], [], [], []
    for position, entry, id in batch:
        if id in taken:
            state = taken[id]
            advice = "Restore it instead." if state == State.REMOVED else "One picture is in a bank once."
            added.refused.append((position, f"The bank has the entry {id!r} already ({state}). {advice}"))
            continue
        key += 1
        state = entry.state or State.ACTIVE if trusted else _waiting(entry.state)
        taken[id] = state
        told_by = entry.added_by if trusted and entry.added_by else by
        told_at = rows.ms(entry.added_at) if trusted and entry.added_at else at
        made.append(rows.row(key, entry, id, state, told_by, told_at))
        frames += rows.frame_rows(key, entry)
        changes.append((at, What.ADDED, key, id, by, reason or entry.reason))
        ids.append(id)
    writer.executemany(rows.INSERT, made)
    writer.executemany(rows.INSERT_FRAME, frames)
    writer.executemany(rows.INSERT_CHANGE, changes)
    added.ids.extend(ids)


def _waiting(state: State | None) -> State:
    """The state of an entry that a stranger sends: it cannot say of itself that it decides."""
    return State.QUARANTINED if state in (None, State.ACTIVE) else state


def _taken(writer: sqlite3.Connection, ids: list[str]) -> dict[str, State]:
    found: dict[str, State] = {}
    for start in range(0, len(ids), 500):
        some = ids[start : start + 500]
        asked = f"SELECT id, state FROM entry WHERE id IN ({', '.join('?' * len(some))})"
        found |= {id: State(state) for id, state in writer.execute(asked, some)}
    return found


def _last_key(writer: sqlite3.Connection) -> int:
    # Not max(key): a purged key must not come again.
    found = writer.execute("SELECT seq FROM sqlite_sequence WHERE name = 'entry'").fetchone()
    return int(found[0]) if found else 0
