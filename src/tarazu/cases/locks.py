"""Locks: one case, one person, for a while. Expired ones count for nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select

from tarazu.cases.refusal import CaseLocked, CaseNotFound
from tarazu.store.tables.cases import cases, locks
from tarazu.store.times import moment, ms
from tarazu.store.transaction import Transaction
from tarazu.store.view import View

LASTS = timedelta(minutes=15)


def take(tx: Transaction, case_id: str, person_id: str, now: datetime, lasts: timedelta = LASTS) -> datetime:
    """Lock a case, or go on holding it; gives until when. Raises CaseLocked, CaseNotFound."""
    held = holder(tx, case_id, now)
    if held is not None and held[0] != person_id:
        raise CaseLocked(case_id, *held)
    if tx.value(select(cases.c.id).where(cases.c.id == case_id)) is None:
        raise CaseNotFound(case_id)
    until = moment(ms(now + lasts))
    tx.run(delete(locks).where(locks.c.case_id == case_id))
    tx.run(insert(locks).values(case_id=case_id, person_id=person_id, until=ms(until)))
    return until


def holder(view: View, case_id: str, now: datetime) -> tuple[str, datetime] | None:
    """Who holds a case, and until when."""
    row = view.one(select(locks).where(locks.c.case_id == case_id, locks.c.until > ms(now)))
    return None if row is None else (row.person_id, moment(row.until))


def give_back(tx: Transaction, case_id: str, person_id: str) -> bool:
    """Give a case back; False where the person did not hold it."""
    return tx.run(delete(locks).where(locks.c.case_id == case_id, locks.c.person_id == person_id)) > 0


def expire(tx: Transaction, now: datetime) -> int:
    """Clear away what has expired."""
    return tx.run(delete(locks).where(locks.c.until <= ms(now)))


def fits(needed: Sequence[str], skills: Sequence[str]) -> bool:
    """Whether somebody with these skills may take a case; no skills at all means that nobody asked for any."""
    return not skills or set(needed) <= set(skills)
