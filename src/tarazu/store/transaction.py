"""What can be changed: state, ledger entries and outbox rows, all at once or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, Table, func, insert, select
from sqlalchemy.sql.dml import UpdateBase

from tarazu.errors import Unlogged
from tarazu.ledger import canonical
from tarazu.ledger.entry import GENESIS, Sealed, seal
from tarazu.store.actor import Actor
from tarazu.store.ids import new_id
from tarazu.store.tables.ledger import ledger, ledger_bodies
from tarazu.store.tables.outbox import outbox
from tarazu.store.times import ms
from tarazu.store.view import View


class Transaction(View):
    """One change. It is the only writer while it lasts, so what it reads stays true until it commits.

    Every change of state needs `log`; tables marked `info=UNLOGGED` do not count.
    """

    def __init__(self, connection: Connection, actor: Actor, at: datetime) -> None:
        super().__init__(connection)
        self.actor = actor
        self.at = at  # one time for all of it
        self._changed: set[str] = set()
        self._sealed: list[Sealed] = []
        self._sent: int | None = None  # the number of the last row of the outbox, once it was looked up

    def run(self, statement: UpdateBase, rows: Sequence[Mapping[str, object]] | None = None) -> int:
        """Insert, update or delete; gives how many rows it touched. `rows` inserts many at once."""
        if not isinstance(statement, UpdateBase):
            raise TypeError(
                "only an insert, update or delete changes something; a select goes through `rows`"
            )
        if rows is not None:
            if not rows:
                return 0
            self.connection.execute(statement, [dict(row) for row in rows])
            touched = len(rows)
        else:
            touched = self.connection.execute(statement).rowcount
        table = statement.table
        if touched and not (isinstance(table, Table) and table.info.get("unlogged")):
            self._changed.add(getattr(table, "name", "?"))
        return touched

    def log(self, kind: str, subject: str, facts: Mapping[str, object] | None = None) -> int:
        """Account for what this transaction does; gives the number of the entry.

        `kind` and `subject` stay for ever and are seen by auditors: ids only, no names, no text of people.
        `facts` go into the body, which can be erased.
        """
        if not self._sealed:
            last = self.one(select(ledger.c.seq, ledger.c.hash).order_by(ledger.c.seq.desc()).limit(1))
            seq, prev = (last.seq, last.hash) if last else (0, GENESIS)
        else:
            seq, prev = self._sealed[-1].entry.seq, self._sealed[-1].entry.hash
        sealed = seal(
            seq=seq + 1,
            at=ms(self.at),
            actor_kind=str(self.actor.kind),
            actor_id=self.actor.id,
            kind=kind,
            subject=subject,
            facts=facts or {},
            prev=prev,
        )
        self._sealed.append(sealed)
        return sealed.entry.seq

    def send(
        self,
        act: str,
        subject_kind: str,
        subject_id: str,
        *,
        target: str,
        decision_id: str | None = None,
        payload: Mapping[str, object] | None = None,
        next_at: datetime | None = None,
    ) -> str:
        """Put an act into the outbox, to be done once this has committed; gives its id."""
        made = new_id(ms(self.at))
        if self._sent is None:  # nobody else writes meanwhile
            self._sent = int(self.value(select(func.max(outbox.c.seq))) or 0)
        self._sent += 1
        row = {
            "id": made,
            "seq": self._sent,
            "at": ms(self.at),
            "decision_id": decision_id,
            "act": act,
            "subject_kind": subject_kind,
            "subject_id": subject_id,
            "target": target,
            "payload": canonical.dumps(payload or {}),
            "state": "pending",
            "attempts": 0,
            "next_at": ms(next_at or self.at),
            "done_at": None,
        }
        self.run(insert(outbox), [row])
        return made

    def close(self) -> None:
        """Write the entries; called by the store, last before the commit."""
        if self._changed and not self._sealed:
            names = ", ".join(sorted(self._changed))
            raise Unlogged(
                f"A change of {names} came without an entry in the ledger and was taken back. Call `tx.log`, "
                "or mark the table with `info=UNLOGGED` if nobody has to account for it."
            )
        if not self._sealed:
            return
        entries = [one.entry for one in self._sealed]
        self.connection.execute(insert(ledger), [asdict(entry) for entry in entries])
        bodies = [{"seq": one.entry.seq, "body": one.body, "key": one.key} for one in self._sealed]
        self.connection.execute(insert(ledger_bodies), bodies)
