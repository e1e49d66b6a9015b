"""Reports from a file: accepted + rejected = read, and a file that comes twice changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from tarazu.cases.flagging import Flagging
from tarazu.cases.intake import Intake
from tarazu.cases.item import Item, ItemKind
from tarazu.cases.refusal import ReportRefused
from tarazu.cases.report import Report, ReportKind
from tarazu.errors import UnknownLayout
from tarazu.progress import SILENT, Progress
from tarazu.store import SYSTEM, Actor

COLUMNS = (
    "report_id",  # the sender's own id: the same one twice is one report
    "kind",  # user (default) | anonymous | trusted_flagger | government_order
    "subject",  # id of the post or account
    "subject_kind",  # post (default) | account
    "platform",
    "reporter_id",
    "contact",
    "reason",
    "clause_id",
    "comment",
    "created_at",  # when it was received; default: now
    "authority",
    "legal_basis",
    "jurisdiction",
    "url",
    "text",
)
REQUIRED = ("subject", "reason")


@dataclass(kw_only=True)
class Imported:
    """What became of the rows of a file."""

    read: int = 0
    accepted: int = 0
    repeated: int = 0  # accepted, and received before
    opened: int = 0  # new cases
    rejected: list[tuple[int, str]] = field(default_factory=list)  # row, reason
    orders: int = 0
    tokens: list[tuple[int, str, str, str]] = field(default_factory=list)  # row, report, case, token


def take_in(
    intake: Intake,
    path: Path,
    *,
    assume_utc: bool = False,
    actor: Actor = SYSTEM,
    progress: Progress = SILENT,
) -> Imported:
    """Take in the reports of a CSV file, packed or not. Raises NotReadable, UnknownLayout."""
    came, flagging = Imported(), Flagging(intake.store, intake.clock)
    with progress.stage(f"Taking in {path.name}") as stage:
        for position, outcome in rows(path, came, assume_utc=assume_utc):
            stage.advance(1)
            if isinstance(outcome, str):
                came.rejected.append((position, outcome))
                continue
            try:
                receipt = intake.report(report_of(*outcome), actor)
            except ReportRefused as error:
                came.rejected.append((position, str(error)))
                continue
            if not receipt.repeat:
                flagging.after(receipt.case_id, receipt.reporters_last_hour)
            came.accepted += 1
            came.repeated += receipt.repeat
            came.opened += receipt.opened
            came.orders += outcome[0].get("kind") == ReportKind.GOVERNMENT_ORDER
            if receipt.token is not None:
                came.tokens.append((position, receipt.report_id, receipt.case_id, receipt.token))
    came.rejected.sort()
    return came


Row = tuple[Mapping[str, Any], datetime | None]


def rows(path: Path, came: Imported, *, assume_utc: bool) -> Iterator[tuple[int, Row | str]]:
    """Each row with its position: its columns and time, or why it cannot be used."""
    from tarazu.sources.bytestream import ByteStream
    from tarazu.sources.csvtable import CsvTable
    from tarazu.sources.rejects import Rejects
    from tarazu.sources.times import Clock, parse

    stream, rejects, clock = ByteStream(path), Rejects(str(path)), Clock(naive_is_utc=assume_utc)
    try:
        table = CsvTable(stream, rejects)
        there = [name for name in COLUMNS if name in table.columns]
        missing = [name for name in REQUIRED if name not in there]
        if missing:
            raise UnknownLayout(
                f"{path} has no column {', '.join(missing)}. A file of reports has the columns {', '.join(COLUMNS)}; "
                f"{' and '.join(REQUIRED)} are needed."
            )
        for batch in table.batches(there):
            times = [None] * batch.frame.height
            reasons = list(times)
            if "created_at" in there:
                given = batch.frame["created_at"].cast(pl.String)
                read, why = parse(given, clock)
                blank = (given.fill_null("").str.strip_chars() == "").to_list()
                times = read.to_list()
                reasons = [None if empty else one for one, empty in zip(why.to_list(), blank, strict=True)]
            for at, line in enumerate(batch.frame.iter_rows(named=True)):
                kept = {name: value.strip() for name, value in line.items() if (value or "").strip()}
                position = int(batch.position[at])
                if reasons[at] is not None:
                    yield position, f"created_at: {reasons[at]}"
                else:
                    yield position, wrong(kept) or (kept, times[at])
        came.read = table.read
        for row in rejects.frame().iter_rows(named=True):
            yield int(row["position"]), str(row["reason"])
    finally:
        stream.close()


def wrong(row: Mapping[str, Any]) -> str | None:
    """Why a row cannot be used, if it cannot."""
    kind, subject = row.get("kind", "user"), row.get("subject_kind", "post")
    if kind not in tuple(ReportKind):
        return f"kind {kind!r} is none of {', '.join(ReportKind)}"
    if subject not in (ItemKind.POST, ItemKind.ACCOUNT):
        return f"subject_kind {subject!r} is neither post nor account"
    if kind == ReportKind.USER and "reporter_id" not in row:
        return "a report of a user has no reporter_id; write anonymous as its kind if nobody is to be named"
    return None


def report_of(row: Mapping[str, Any], at: datetime | None) -> Report:
    """A row as a report."""
    return Report(
        item=Item(
            kind=ItemKind(row.get("subject_kind", "post")),
            external_id=row.get("subject", ""),
            platform=row.get("platform", ""),
            url=row.get("url"),
            text=row.get("text"),
        ),
        kind=ReportKind(row.get("kind", "user")),
        reason=row.get("reason", ""),
        reporter=row.get("reporter_id"),
        contact=row.get("contact"),
        clause_id=row.get("clause_id"),
        comment=row.get("comment"),
        authority=row.get("authority"),
        legal_basis=row.get("legal_basis"),
        jurisdiction=row.get("jurisdiction"),
        external_id=row.get("report_id"),
        received_at=at,
    )
