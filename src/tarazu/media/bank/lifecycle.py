"""How an entry changes its state, and the log of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tarazu.errors import InputError, OptionError
from tarazu.media.bank import counting, rows
from tarazu.media.bank.database import Database
from tarazu.media.bank.state import TRANSITIONS, State, What


@dataclass(frozen=True, kw_only=True)
class Change:
    """A line of the change log."""

    at: datetime
    what: What
    id: str | None  # None: the bank itself
    by: str
    reason: str


def unknown(path: Path, id: str) -> InputError:
    """The error for an id that a bank does not have."""
    return InputError(f"{path} has no entry {id!r}. `tarazu media bank list {path}` shows the ids.")


def change(
    database: Database, id: str, what: What, by: str, reason: str, clock: Callable[[], datetime]
) -> None:
    """Change the state of an entry as `TRANSITIONS` says, and log it, in one transaction."""
    _check(what, by, reason)
    allowed, after = TRANSITIONS[what]
    with database.writing() as writer:
        key, state = _find(database, writer, id)
        if state not in allowed:
            words = " or ".join(sorted(allowed))
            raise InputError(f"The entry {id} is {state}; only one that is {words} can be {what}.")
        writer.execute("UPDATE entry SET state = ? WHERE key = ?", (after, key))
        if what is What.CONFIRMED and state is State.HELD:
            counting.settle(writer, key)
        writer.execute(rows.INSERT_CHANGE, (rows.ms(clock()), what, key, id, by, reason))


def purge(database: Database, id: str, by: str, reason: str, clock: Callable[[], datetime]) -> None:
    """Erase an entry and overwrite where it stood; the log keeps its id, who purged it and why."""
    _check(What.PURGED, by, reason)
    with database.reading() as reader:
        reader.execute("PRAGMA secure_delete = ON")  # of this connection, for what it deletes from now on
    with database.writing() as writer:
        key, _ = _find(database, writer, id)
        for table in ("frame", "feedback", "busy"):
            writer.execute(f"DELETE FROM {table} WHERE entry = ?", (key,))
        writer.execute("DELETE FROM entry WHERE key = ?", (key,))
        writer.execute("UPDATE bank SET purged = purged + 1")
        writer.execute(rows.INSERT_CHANGE, (rows.ms(clock()), What.PURGED, key, id, by, reason))
    database.erase_traces()


def changes(database: Database, id: str | None) -> list[Change]:
    """The log, the oldest line first."""
    asked = "SELECT at, what, id, by, reason FROM change WHERE ? IS NULL OR id = ? ORDER BY revision"
    with database.reading() as reader:
        found = reader.execute(asked, (id, id)).fetchall()
    return [
        Change(at=rows.moment(at), what=What(what), id=one, by=by, reason=reason)
        for at, what, one, by, reason in found
    ]


def _check(what: What, by: str, reason: str) -> None:
    if not by.strip():
        raise OptionError(f"Say who it is {what} by: a bank keeps that with every change.")
    if not reason.strip() and what is not What.CONFIRMED:
        raise OptionError(f"Say why it is {what}: whoever looks for it later will ask.")


def _find(database: Database, reader: sqlite3.Connection, id: str) -> tuple[int, State]:
    found = reader.execute("SELECT key, state FROM entry WHERE id = ?", (id,)).fetchone()
    if found is None:
        raise unknown(database.path, id)
    return found[0], State(found[1])
