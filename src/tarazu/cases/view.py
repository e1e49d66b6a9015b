"""One case, whole: everything that a page about it needs, in a bounded number of queries."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import Table, case, func, select

from tarazu.cases import rows, similar
from tarazu.cases.case import Case, CaseItem, ItemRole
from tarazu.cases.pictures import Pictures
from tarazu.cases.queue import Queue
from tarazu.cases.refusal import CaseNotFound
from tarazu.store import Store
from tarazu.store.tables.cases import case_items, cases, findings, items, reports
from tarazu.store.tables.decisions import appeals, decisions, notices
from tarazu.store.view import View

ITEMS = 200  # items of a case on its page; `Cases.items` pages through all
FINDINGS = 50
REPORTS = 100


class Cases:
    """Reads cases. It changes nothing."""

    def __init__(self, store: Store, clock: Callable[[], datetime] | None = None) -> None:
        """Take the time from `clock`; default the store's."""
        self.store, self.clock = store, clock or store.clock
        self.pictures = Pictures()

    def case(self, case_id: str, *, similar_cases: int = 8) -> Case:
        """Everything about one case: at most 14 queries, whatever its size. Raises CaseNotFound."""
        with self.store.read() as view:
            return self.within(view, case_id, similar_cases=similar_cases)

    def within(self, view: View, case_id: str, *, similar_cases: int = 8) -> Case:
        """The same, inside a view or transaction of the caller: what a decision freezes."""
        found = Queue(self.store, self.clock).rows(view, select(cases).where(cases.c.id == case_id))
        if not found:
            raise CaseNotFound(case_id)
        (row,) = found
        members = self._items(view, case_id, ITEMS, 0)
        first = case((reports.c.kind == "government_order", 0), else_=1)
        reported = select(reports).where(reports.c.case_id == case_id)
        said = select(findings).where(findings.c.case_id == case_id).order_by(findings.c.id.desc())
        made = _mappings(view, decisions, decisions.c.case_id == case_id)
        ids = [one["id"] for one in made]
        return Case(
            row=row,
            items=tuple(members),
            findings=tuple(rows.finding(one) for one in view.rows(said.limit(FINDINGS))),
            reports=tuple(
                rows.report(one)
                for one in view.rows(reported.order_by(first, reports.c.id.desc()).limit(REPORTS))
            ),
            decisions=made,
            notices=_mappings(view, notices, notices.c.decision_id.in_(ids)) if ids else (),
            appeals=_mappings(view, appeals, appeals.c.decision_id.in_(ids)) if ids else (),
            similar=similar.decided(view, row, members[0].item, self.pictures, similar_cases),
        )

    def items(self, case_id: str, limit: int = ITEMS, offset: int = 0) -> list[CaseItem]:
        """The items of a case, the main one first."""
        with self.store.read() as view:
            return self._items(view, case_id, limit, offset)

    def of_item(self, kind: str, external_id: str, platform: str | None = None) -> list[str]:
        """The cases that something of a platform is in, the latest first."""
        asked = (
            select(case_items.c.case_id, func.max(items.c.seen_at))
            .join(items, items.c.id == case_items.c.item_id)
            .where(items.c.external_id == external_id, items.c.kind == kind)
            .group_by(case_items.c.case_id)
            .order_by(case_items.c.case_id.desc())
        )
        if platform is not None:
            asked = asked.where(items.c.platform == platform)
        with self.store.read() as view:
            return [row.case_id for row in view.rows(asked)]

    @staticmethod
    def _items(view: View, case_id: str, limit: int, offset: int) -> list[CaseItem]:
        main = case((case_items.c.role == str(ItemRole.MAIN), 0), else_=1)
        asked = (
            select(items, case_items.c.role)
            .join(case_items, case_items.c.item_id == items.c.id)
            .where(case_items.c.case_id == case_id)
            .order_by(main, items.c.id)
        )
        found = view.rows(asked.limit(limit).offset(offset))
        return [CaseItem(item=rows.item(row), role=ItemRole(row.role)) for row in found]


def _mappings(view: View, table: Table, where: object) -> tuple[Mapping[str, object], ...]:
    asked = select(table).where(where).order_by(table.c.id.desc())  # type: ignore[arg-type]
    return tuple(dict(row._mapping) for row in view.rows(asked))
