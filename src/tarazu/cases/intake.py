"""What comes in: findings, reports, networks. Each finds its case, or opens one; nothing comes in twice."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice

from sqlalchemy import insert, select, update

from tarazu.cases import clean, networks, report_status, rows, shelf
from tarazu.cases.filing import Became, Filing
from tarazu.cases.finding import FindingKind, Found, Opened
from tarazu.cases.item import Item
from tarazu.cases.pictures import Pictures
from tarazu.cases.refusal import CaseError
from tarazu.cases.report import (
    TEXT,
    Report,
    ReportKind,
    ReportReceipt,
    ReportState,
    ReportStatus,
)
from tarazu.cases.reporting import HOUR, close_reports, reporters, settle, token_hash
from tarazu.findings import Network
from tarazu.store import SYSTEM, Actor, Store
from tarazu.store.ids import new_id
from tarazu.store.tables.cases import items, reports
from tarazu.store.times import ms
from tarazu.store.transaction import Transaction

CHUNK = 500  # findings of one transaction: others get their turn in between


__all__ = ["Intake", "close_reports", "reporters", "settle", "token_hash"]


class Intake:
    """The door of the cases. May be used by many threads."""

    def __init__(self, store: Store, clock: Callable[[], datetime] | None = None) -> None:
        """Take the time from `clock`; default the store's."""
        self.store, self.clock = store, clock or store.clock
        self.pictures = Pictures()

    def findings(self, found: Iterable[Found], actor: Actor = SYSTEM) -> Opened:
        """Take in what was found, a few hundred in one transaction. What was found before changes nothing."""
        rest, whole = iter(found), Opened()
        while chunk := list(islice(rest, CHUNK)):
            whole += self._chunk(chunk, actor)
        return whole

    def _chunk(self, chunk: Sequence[Found], actor: Actor) -> Opened:
        with self.store.write(actor) as tx:
            filing = Filing(tx, self.pictures, self.clock())
            made = filing.load(chunk)
            filed = [filing.file(one, key) for one, key in zip(chunk, made, strict=True)]
            filing.flush()
            changed = [one for one in filing.drafts.values() if one.changed and not one.new and not one.added]
            for draft in changed:  # a further finding about the same item
                tx.log("case.joined", f"case:{draft.id}", {"items": [], "sources": draft.sources})
        became = [one.became for one in filed]
        return Opened(
            found=len(chunk),
            opened=became.count(Became.OPENED),
            joined=became.count(Became.JOINED),
            known=became.count(Became.KNOWN),
            case_ids=tuple(one.case_id for one in filed if one.became == Became.OPENED),
        )

    def network(
        self,
        network: Network,
        members: Sequence[Item],
        evidence: Mapping[str, object],
        *,
        platform: str = "",
        versions: Mapping[str, str] | None = None,
        reach: float = 0.0,
        actor: Actor = SYSTEM,
    ) -> str:
        """Open one case for a whole network, all its accounts as members; gives the case.

        A network that shares half of its accounts with that of an open case is the same one, grown or seen again.
        """
        return self.network_filed(
            network, members, evidence, platform=platform, versions=versions, reach=reach, actor=actor
        )[0]

    def network_filed(
        self,
        network: Network,
        members: Sequence[Item],
        evidence: Mapping[str, object],
        *,
        platform: str = "",
        versions: Mapping[str, str] | None = None,
        reach: float = 0.0,
        actor: Actor = SYSTEM,
    ) -> tuple[str, Became]:
        """The same, and whether the case was opened, joined or known."""
        found = networks.found(network, evidence, platform=platform, versions=versions or {}, reach=reach)
        accounts = [networks.member(found, one) for one in members]
        with self.store.write(actor) as tx:
            filing = Filing(tx, self.pictures, self.clock())
            made = filing.load([found, *accounts])
            into = networks.same(tx, [one.item for one in accounts])
            shelf.drafts(filing, [into] if into else [])
            main = filing.file(found, made[0], into=into)
            if main.became != Became.KNOWN:
                for one, key in zip(accounts, made[1:], strict=True):
                    filing.file(one, key, into=main.case_id)
                filing.flush()
                draft = filing.drafts[main.case_id]
                if not draft.new and not draft.added:
                    tx.log("case.joined", f"case:{draft.id}", {"items": []})
        return main.case_id, main.became

    def report(self, report: Report, actor: Actor = SYSTEM) -> ReportReceipt:
        """Take in a report; a repeat joins the case. Raises ReportRefused where something is missing."""
        report.check()
        with self.store.write(actor) as tx:
            if (
                report.external_id is not None
                and (before := self._before(tx, report.external_id)) is not None
            ):
                return before
            return self._report(tx, report)

    def _report(self, tx: Transaction, report: Report) -> ReportReceipt:
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
        filing = Filing(tx, self.pictures, self.clock())
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

    def _before(self, tx: Transaction, external_id: str) -> ReportReceipt | None:
        row = tx.one(select(reports).where(reports.c.external_id == _cut(external_id, 200)))
        if row is None:
            return None
        return ReportReceipt(
            case_id=row.case_id,
            token=None,
            report_id=row.id,
            opened=False,
            repeat=True,
            reporters_last_hour=reporters(tx, row.item_id, self.clock() - HOUR),
        )

    def refuse(self, report_id: str, actor: Actor, reason: str) -> None:
        """Refuse an order or report, with the reason; its clock stops, its case goes on like any other."""
        if not reason.strip():
            raise CaseError("A refusal needs its reason: the sender and the public are told.")
        with self.store.write(actor) as tx:
            row = tx.one(select(reports).where(reports.c.id == report_id))
            if row is None or row.state != ReportState.OPEN:
                raise CaseError(f"There is no open report {report_id!r}. Look at its case again.")
            values = {
                "state": "refused",
                "answer": clean.text(reason)[:TEXT],
                "answered_at": ms(self.clock()),
            }
            tx.run(update(reports).where(reports.c.id == report_id).values(values))
            settle(tx, row.case_id)
            tx.log("report.answered", f"report:{report_id}", {"state": "refused", "kind": row.kind})

    def status(self, token: str) -> ReportStatus | None:
        """What the sender of a report may read; None for a token that was never given."""
        with self.store.read() as view:
            return report_status.status(view, token)


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
