"""Reports counted as what they are worth: those of one group of false reporters are one report together."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, not_, select, update

from tarazu.cases.draft import Draft
from tarazu.cases.shelf import open_orders, parts
from tarazu.store.tables.automation import flag_groups, flag_members
from tarazu.store.tables.cases import cases, reports
from tarazu.store.times import ms
from tarazu.store.transaction import Transaction
from tarazu.store.view import View


def worth(view: View, case_id: str) -> int:
    """How many reports a case has, every group and every flood counted as one. Orders and trusted flaggers count."""
    floods = _floods(view, case_id)
    here = reports.c.case_id == case_id
    inside: list[ColumnElement[bool]] = [
        and_(reports.c.item_id == item, reports.c.received_at >= begins, reports.c.received_at <= until)
        for item, begins, until in floods
    ]
    outside = [not_(and_(one, _of_anybody())) for one in inside]
    rows = view.rows(select(reports.c.id, reports.c.reporter).where(here, *outside))
    groups = members(view, {row.reporter for row in rows if row.reporter is not None})
    alone = {row.reporter or row.id for row in rows if row.reporter not in groups}
    return len(alone) + len({groups[row.reporter] for row in rows if row.reporter in groups}) + len(floods)


def members(view: View, reporters: set[str]) -> dict[str, str]:
    """Reporters who are known to report together -> their group."""
    found: dict[str, str] = {}
    for some in parts(sorted(reporters)):
        asked = (
            select(flag_members.c.reporter, flag_members.c.group_id)
            .join(flag_groups, flag_groups.c.id == flag_members.c.group_id)
            .where(flag_members.c.reporter.in_(some))
            .where(flag_groups.c.kind == "together", flag_groups.c.lifted_at.is_(None))
        )
        found.update((row.reporter, row.group_id) for row in view.rows(asked.order_by(flag_groups.c.id)))
    return found


def recount(tx: Transaction, case_id: str, now: datetime) -> bool:
    """Give a case the place that its reports are worth; False where it has it already."""
    row = tx.one(select(cases).where(cases.c.id == case_id))
    if row is None:
        return False
    draft = Draft.of(row, order=case_id in set(open_orders(tx, [case_id])))
    draft.reports = worth(tx, case_id)
    if (draft.reports, draft.weight.priority) == (row.reports, row.priority):
        return False
    values = {"reports": draft.reports, "priority": draft.weight.priority, "updated_at": ms(now)}
    tx.run(update(cases).where(cases.c.id == case_id).values(**values))
    tx.log("case.recounted", f"case:{case_id}", {"reports": draft.reports})
    return True


def _floods(view: View, case_id: str) -> list[tuple[str, int, int]]:
    items = select(reports.c.item_id).where(reports.c.case_id == case_id)
    asked = select(flag_groups).where(
        flag_groups.c.kind == "flood", flag_groups.c.lifted_at.is_(None), flag_groups.c.item_id.in_(items)
    )
    return [(row.item_id, row.at, row.until) for row in view.rows(asked)]


def _of_anybody() -> ColumnElement[bool]:
    """Reports that anybody can make, under any name."""
    return reports.c.kind.in_(("user", "anonymous"))
