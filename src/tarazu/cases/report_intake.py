"""Reports on their way in: each finds its case, or opens one; none is taken in twice."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime

from sqlalchemy import insert, select, update

from tarazu.cases import clean, rows
from tarazu.cases.filing import Became, Filing
from tarazu.cases.finding import FindingKind, Found
from tarazu.cases.item import Item
from tarazu.cases.pictures import Pictures
from tarazu.cases.refusal import CaseError
from tarazu.cases.report import TEXT, Report, ReportKind, ReportReceipt, ReportState
from tarazu.cases.reporting import HOUR, reporters, settle, token_hash
from tarazu.store.ids import new_id
from tarazu.store.tables.cases import items, reports
from tarazu.store.times import ms
from tarazu.store.transaction import Transaction


def take(tx: Transaction, pictures: Pictures, at: datetime, report: Report) -> ReportReceipt:
    """File a checked report; the same report of the same sender is taken in once."""
    if report.external_id is not None and (before := _before(tx, report.external_id, at)) is not None:
        return before
    found = Found(
        item=_snapshot(tx, report.item),
        kind=FindingKind.REPORTS,
        body={},
        versions={},
        certainty=0.0,
        signature="",
        clause_id=report.clause_id,
        jurisdiction=report.jurisdiction,
        source=str(report.kind),
        skills=("order",) if report.kind == ReportKind.GOVERNMENT_ORDER else (),
    )
    filing = Filing(tx, pictures, at)
    (key,) = filing.load([found])
    # What was decided is not opened again because somebody else reports it too; an order, or a flagger who is
    # answerable for the flag, is always judged anew.
    again = report.kind in (ReportKind.USER, ReportKind.ANONYMOUS)
    filed = filing.file(found, key, again=again)
    draft = filing.drafts[filed.case_id]
    received = report.received_at or filing.at
    due = report.due(received)
    decided = draft.state not in ("open", "waiting_second")
    draft.reports += 1
    draft.changed = True
    if due is not None:
        draft.order = True
        draft.due_at = due if draft.due_at is None else min(draft.due_at, due)
    filing.flush()
    token = secrets.token_urlsafe(24)
    report_id = new_id(filing.at_ms)
    row = {
        "id": report_id,
        "external_id": _cut(report.external_id, 200),
        "case_id": draft.id,
        "item_id": filed.item_id,
        "kind": str(report.kind),
        "reporter": None if report.kind == ReportKind.ANONYMOUS else _key(report.reporter),
        "contact": clean.text_or_none(report.contact),
        "reason": clean.text(report.reason)[:TEXT],
        "clause_id": _cut(report.clause_id, 200),
        "comment": _cut(report.comment, TEXT),
        "authority": clean.text_or_none(report.authority),
        "legal_basis": clean.text_or_none(report.legal_basis),
        "jurisdiction": _cut(report.jurisdiction, 200),
        "due_at": None if due is None else ms(due),
        "received_at": ms(received),
        "state": str(ReportState.CLOSED if decided else ReportState.OPEN),
        "answer": None,
        "answered_at": None,
        "token_hash": token_hash(token),
    }
    tx.run(insert(reports), [row])
    facts = {"case": draft.id, "item": filed.item_id, "kind": str(report.kind), "repeat": not draft.new}
    tx.log("report.received", f"report:{report_id}", facts)
    return ReportReceipt(
        case_id=draft.id,
        token=token,
        report_id=report_id,
        opened=filed.became == Became.OPENED,
        repeat=False,
        reporters_last_hour=reporters(tx, filed.item_id, filing.at - HOUR),
    )


def refuse(tx: Transaction, report_id: str, at: datetime, reason: str) -> None:
    """Refuse an open report, with the reason; raises CaseError where there is none."""
    if not reason.strip():
        raise CaseError("A refusal needs its reason: the sender and the public are told.")
    row = tx.one(select(reports).where(reports.c.id == report_id))
    if row is None or row.state != ReportState.OPEN:
        raise CaseError(f"There is no open report {report_id!r}. Look at its case again.")
    values = {
        "state": "refused",
        "answer": clean.text(reason)[:TEXT],
        "answered_at": ms(at),
    }
    tx.run(update(reports).where(reports.c.id == report_id).values(values))
    settle(tx, row.case_id)
    tx.log("report.answered", f"report:{report_id}", {"state": "refused", "kind": row.kind})


def _before(tx: Transaction, external_id: str, at: datetime) -> ReportReceipt | None:
    row = tx.one(select(reports).where(reports.c.external_id == _cut(external_id, 200)))
    if row is None:
        return None
    return ReportReceipt(
        case_id=row.case_id,
        token=None,
        report_id=row.id,
        opened=False,
        repeat=True,
        reporters_last_hour=reporters(tx, row.item_id, at - HOUR),
    )


def _snapshot(tx: Transaction, item: Item) -> Item:
    """The latest snapshot that is kept of what was reported, if the reporter gives no text."""
    if item.text is not None:
        return item
    wanted = (items.c.external_id == clean.key(item.external_id)) & (items.c.kind == str(item.kind))
    if item.platform:
        wanted &= items.c.platform == item.platform
    row = tx.one(select(items).where(wanted).order_by(items.c.text.is_(None), items.c.id.desc()).limit(1))
    return item if row is None else replace(rows.item(row), id="")


def _cut(value: str | None, longest: int) -> str | None:
    return None if value is None else clean.text(value)[:longest]


def _key(value: str | None) -> str | None:
    return None if value is None else clean.key(value)
