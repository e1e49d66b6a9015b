"""Reports of a case: closed when it is decided, counted when they come as a flood."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from tarazu.cases import clean
from tarazu.cases.draft import Draft
from tarazu.cases.report import ReportState
from tarazu.store.tables.cases import cases, reports
from tarazu.store.times import moment_or_none, ms
from tarazu.store.transaction import Transaction
from tarazu.store.view import View

HOUR = timedelta(hours=1)


def close_reports(tx: Transaction, case_id: str, answer: str | None = None) -> list[str]:
    """Close the open reports of a case that was decided; gives their ids. For whoever decides; it logs them."""
    open_ = (reports.c.case_id == case_id) & (reports.c.state == str(ReportState.OPEN))
    ids = [row.id for row in tx.rows(select(reports.c.id).where(open_))]
    if ids:
        values = {"state": "closed", "answer": clean.text_or_none(answer), "answered_at": ms(tx.at)}
        tx.run(update(reports).where(open_).values(values))
        for report_id in ids:
            tx.log("report.answered", f"report:{report_id}", {"state": "closed"})
        settle(tx, case_id)
    return ids


def settle(tx: Transaction, case_id: str) -> None:
    """Compute the clock and the place of a case anew, from its open orders."""
    due = select(func.min(reports.c.due_at)).where(
        reports.c.case_id == case_id, reports.c.state == "open", reports.c.kind == "government_order"
    )
    row = tx.one(select(cases).where(cases.c.id == case_id))
    if row is None:
        return
    until = moment_or_none(tx.value(due))
    draft = Draft.of(row, order=until is not None)
    draft.due_at = until
    values = {"due_at": None if until is None else ms(until), "priority": draft.weight.priority}
    tx.run(update(cases).where(cases.c.id == case_id).values(**values, updated_at=ms(tx.at)))


def reporters(view: View, item_id: str, since: datetime) -> int:
    """How many distinct reporters an item had since; every anonymous report counts as one."""
    who = func.coalesce(reports.c.reporter, reports.c.id)
    asked = select(func.count(who.distinct())).where(
        reports.c.item_id == item_id, reports.c.received_at > ms(since)
    )
    return int(view.value(asked) or 0)


def token_hash(token: str) -> str:
    """What is kept of a token: enough to know it again, not to make it."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
