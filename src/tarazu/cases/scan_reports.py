"""The reports of a scan: each becomes a report on its case, beside what the judge and the network search found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from tarazu.cases import clean
from tarazu.cases.flagging import Flagging
from tarazu.cases.item import Item, ItemKind
from tarazu.cases.report import Report, ReportKind
from tarazu.cases.report_file import Imported
from tarazu.cases.shelf import parts
from tarazu.cases.verdict_found import item_of
from tarazu.progress import SILENT, Progress
from tarazu.store.tables.cases import items

if TYPE_CHECKING:
    import polars as pl

    from tarazu.cases.intake import Intake
    from tarazu.sources import Reading

UNSAID = "–"  # where a platform's table has neither a reason nor a comment


def reported(intake: Intake, reading: Reading, progress: Progress = SILENT) -> Imported:
    """Take in the table of reports. A report whose id was taken in before changes nothing."""
    came = Imported()
    if reading.reports is None:
        return came
    subjects = _subjects(intake, reading)
    flagging = Flagging(intake.store, intake.clock)
    with progress.stage("Taking in reports", reading.reports.height) as stage:
        for position, row in enumerate(reading.reports.iter_rows(named=True), 1):
            came.read += 1
            stage.advance(1)
            if not row["subject"].strip() or not row["reporter_id"].strip():
                came.rejected.append((position, "a report must name its subject and its reporter"))
                continue
            reason, comment = (row["reason"] or "").strip(), (row["comment"] or "").strip()
            receipt = intake.report(
                Report(
                    item=subjects.get(row["subject"]) or Item(kind=ItemKind.POST, external_id=row["subject"]),
                    kind=ReportKind.USER,
                    reason=reason or comment or UNSAID,
                    comment=(comment if reason else "") or None,
                    reporter=row["reporter_id"],
                    external_id=row["report_id"],
                    received_at=row["created_at"],
                )
            )
            if not receipt.repeat:
                flagging.after(receipt.case_id, receipt.reporters_last_hour)
            came.accepted += 1
            came.repeated += receipt.repeat
            came.opened += receipt.opened
    return came


def _subjects(intake: Intake, reading: Reading) -> dict[str, Item]:
    """What is reported, by id: as it was kept when it was judged, or else as the table of posts has it."""
    assert reading.reports is not None
    wanted = set(reading.reports["subject"].to_list())
    authors = _rows(reading.accounts, "account_id", wanted)
    found: dict[str, Item] = {}
    for name, row in authors.items():
        found[name] = Item(
            kind=ItemKind.ACCOUNT,
            external_id=name,
            platform=row["platform"] or "",
            author_id=name,
            author_name=row["display_name"] or row["handle"],
            text=row["description"],
            created_at=row["created_at"],
        )
    for name, row in _rows(reading.posts, "post_id", wanted).items():  # an id of both is the post's
        found[name] = item_of(row, (), {})
    with intake.store.read() as view:
        for part in parts({clean.key(name) for name in found}):
            asked = select(items.c.external_id, items.c.kind, items.c.platform).where(
                items.c.external_id.in_(part)
            )
            for kept_as in view.rows(asked):
                there = found.get(kept_as.external_id)
                if there is not None and (there.kind, there.platform) == (kept_as.kind, kept_as.platform):
                    found[there.external_id] = Item(
                        kind=there.kind, external_id=there.external_id, platform=there.platform
                    )
    return found


def _rows(table: pl.DataFrame | None, key: str, wanted: set[str]) -> dict[str, dict[str, Any]]:
    if table is None:
        return {}
    import polars as pl

    return {row[key]: row for row in table.filter(pl.col(key).is_in(list(wanted))).iter_rows(named=True)}
