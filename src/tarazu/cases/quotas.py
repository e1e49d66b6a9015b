"""Quotas: so much a day and no more, however many workers ask at once."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import insert, select, update

from tarazu.store.tables.automation import quotas
from tarazu.store.transaction import Transaction
from tarazu.store.view import View


def day_of(at: datetime) -> str:
    """The day in UTC that a moment is counted to."""
    return at.astimezone(UTC).date().isoformat()


def take(tx: Transaction, name: str, at: datetime, most: int) -> bool:
    """Use one of `most` a day; False where none is left. It is used only if the transaction commits.

    The check and the count are one statement, so it would hold even if writers did not queue.
    """
    here = (quotas.c.name == name) & (quotas.c.day == day_of(at))
    if tx.run(update(quotas).where(here, quotas.c.used < most).values(used=quotas.c.used + 1)):
        return True
    if most < 1 or tx.value(select(quotas.c.used).where(here)) is not None:
        return False
    tx.run(insert(quotas).values(name=name, day=day_of(at), used=1))
    return True


def used(view: View, name: str, at: datetime) -> int:
    """How many were used on the day of `at`."""
    here = (quotas.c.name == name) & (quotas.c.day == day_of(at))
    return int(view.value(select(quotas.c.used).where(here)) or 0)
