"""What is kept about the matches of a bank: how many, and whether people found them true."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime

from tarazu.errors import InputError
from tarazu.media.bank import rows
from tarazu.media.bank.database import Database
from tarazu.media.bank.guard import Business
from tarazu.media.bank.state import TRANSITIONS, State, What

GUARD = "flood guard"  # who holds an entry


@dataclass(frozen=True)
class Record:
    """How an entry has done."""

    matched: int  # uploads, since counting began
    uploads: int  # looked up in the bank, all of them
    true: int  # matches that a person found right
    false: int


def count(database: Database, uploads: Sequence[set[str]], clock: Callable[[], datetime]) -> list[str]:
    """Count uploads by the ids that each matched; returns those that are held by this."""
    with database.writing(durable=False) as writer:
        (total,) = writer.execute("SELECT total FROM uploads").fetchone()
        ids = sorted(set().union(*uploads))
        asked = "SELECT id, key, state FROM entry WHERE id IN (SELECT value FROM json_each(?))"
        known = {id: (key, State(state)) for id, key, state in writer.execute(asked, (json.dumps(ids),))}
        busy = {id: _business(writer, key) for id, (key, _) in known.items()}
        for number, matched in enumerate(uploads, total + 1):
            for id in matched & busy.keys():
                busy[id] = busy[id].after_match(number)
        writer.execute("UPDATE uploads SET total = ?", (total + len(uploads),))
        for id, one in busy.items():
            _keep(writer, known[id][0], one)
    # Held in a transaction of its own, on the disk before it returns. Stopped in between, the next match holds it.
    flooding = [id for id, one in busy.items() if one.flooding and known[id][1] in TRANSITIONS[What.HELD][0]]
    return _hold(database, flooding, clock) if flooding else []


def _hold(database: Database, ids: list[str], clock: Callable[[], datetime]) -> list[str]:
    held = []
    with database.writing() as writer:
        for id in ids:
            found = writer.execute("SELECT key, state FROM entry WHERE id = ?", (id,)).fetchone()
            if found is None or State(found[1]) not in TRANSITIONS[What.HELD][0]:
                continue  # another process was quicker
            one = _business(writer, found[0])
            if not one.flooding:
                continue  # confirmed meanwhile
            reason = f"matched {one.run:,} of the last {one.seen - one.since:,} uploads"
            writer.execute("UPDATE entry SET state = ? WHERE key = ?", (State.HELD, found[0]))
            writer.execute(rows.INSERT_CHANGE, (rows.ms(clock()), What.HELD, found[0], id, GUARD, reason))
            held.append(id)
    return held


def settle(writer: sqlite3.Connection, key: int) -> None:
    """Take the rate of a held entry as its usual one, because a person has let it go on."""
    (total,) = writer.execute("SELECT total FROM uploads").fetchone()
    _keep(writer, key, _business(writer, key).confirmed(total))


def feedback(
    database: Database, id: str, correct: bool, by: str, reference: str, clock: Callable[[], datetime]
) -> None:
    """Keep one opinion."""
    with database.writing() as writer:
        row = (_key(database, writer, id), correct, by, reference, rows.ms(clock()))
        writer.execute("INSERT INTO feedback (entry, correct, by, reference, at) VALUES (?, ?, ?, ?, ?)", row)


def record(database: Database, id: str) -> Record:
    """Return what is kept about an entry."""
    with database.reading() as reader:
        key = _key(database, reader, id)
        (total,) = reader.execute("SELECT total FROM uploads").fetchone()
        asked = "SELECT coalesce(sum(correct), 0), count(*) FROM feedback WHERE entry = ?"
        true, opinions = reader.execute(asked, (key,)).fetchone()
        return Record(_business(reader, key).matched, total, true, opinions - true)


def _key(database: Database, reader: sqlite3.Connection, id: str) -> int:
    found = reader.execute("SELECT key FROM entry WHERE id = ?", (id,)).fetchone()
    if found is None:
        raise InputError(
            f"{database.path} has no entry {id!r}. Look the ids up with `tarazu media bank list`."
        )
    return int(found[0])


def _business(reader: sqlite3.Connection, key: int) -> Business:
    asked = "SELECT matched, score, seen, since, run, usual FROM busy WHERE entry = ?"
    found = reader.execute(asked, (key,)).fetchone()
    if found is None:
        return Business()
    return Business(
        matched=found[0], score=found[1], seen=found[2], since=found[3], run=found[4], usual=found[5]
    )


def _keep(writer: sqlite3.Connection, key: int, one: Business) -> None:
    writer.execute("INSERT OR REPLACE INTO busy VALUES (?, ?, ?, ?, ?, ?, ?)", (key, *astuple(one)))
