"""The ledger as rows of the store -> entries."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Select, select

from tarazu.ledger.entry import Entry
from tarazu.store.tables.ledger import ledger
from tarazu.store.view import View


def entries(
    view: View,
    *,
    after: int = 0,
    until: int | None = None,
    kind: str | None = None,
    subject: str | None = None,
) -> Iterator[Entry]:
    """Entries in order, a thousand in memory at a time."""
    wanted: Select[tuple[object, ...]] = select(ledger).where(ledger.c.seq > after).order_by(ledger.c.seq)
    if until is not None:
        wanted = wanted.where(ledger.c.seq <= until)
    if kind is not None:
        wanted = wanted.where(ledger.c.kind == kind)
    if subject is not None:
        wanted = wanted.where(ledger.c.subject == subject)
    for row in view.each(wanted):
        yield Entry(**row._mapping)
