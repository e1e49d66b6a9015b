"""From one file to rows of ours: the format by content, the layout by columns, then batch by batch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from tarazu.errors import OptionError
from tarazu.progress import Progress, Stage
from tarazu.records import SCHEMAS
from tarazu.sources import layouts, lists, times
from tarazu.sources.assembly import latest
from tarazu.sources.batch import Batch
from tarazu.sources.bytestream import ByteStream
from tarazu.sources.csvtable import CsvTable
from tarazu.sources.jsonlines import JsonLines
from tarazu.sources.layouts import Assignment, Layout, NotAPost
from tarazu.sources.objects import frame_of
from tarazu.sources.parquetfile import ParquetFile
from tarazu.sources.shape import POSITION, Plan, shape
from tarazu.sources.sourcefile import SourceFile


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What the caller said about the files."""

    mapping: Mapping[str, str]  # theirs -> ours
    layout: str | None = None
    assume_utc: bool = False
    several_tables: bool = False  # a mapped column may belong to another table's file
    object: str | None = None  # read actions on this column instead of whole posts


def take_in(file: SourceFile, wishes: Wishes, progress: Progress) -> None:
    """Read a file of any known format into `file`."""
    stream = ByteStream(file.path)
    try:
        with progress.stage(f"Reading {file.path.name}", stream.size) as stage:
            _feed(Intake(file, wishes), stream, stage)
    finally:
        stream.close()


class Intake:
    """How one file is taken in; settled once its columns are known."""

    def __init__(self, file: SourceFile, wishes: Wishes) -> None:
        self.file = file
        self.wishes = wishes
        self.mapping = wishes.mapping
        self.plan: Plan | None = None
        self.account_plan: Plan | None = None
        self.found: Layout = layouts.MAPPED
        self.object_source: str | None = None

    def settle(self, columns: list[str], nested: bool = False) -> list[str]:
        """Choose the layout; give the columns of the file that are needed."""
        file = self.file
        missing = [theirs for theirs in self.mapping if theirs not in columns]
        if missing and not self.wishes.several_tables and not nested:
            option = f"--map {missing[0]}={self.mapping[missing[0]]}"
            raise OptionError(f"{option}: {file.path} has no such column. It has: {', '.join(columns[:30])}.")
        assignment: Assignment = layouts.assign(
            file.path, columns, self.mapping, table=file.table, layout=self.wishes.layout, nested=nested
        )
        file.mapped.update(theirs for theirs in self.mapping if theirs in columns)
        self.found = found = assignment.layout
        file.layout = found.name
        source = dict(assignment.source)
        naive = self.wishes.assume_utc or found.naive_is_utc
        if self.wishes.object is not None:
            self.object_source = self._object(source, columns, found)
            source = {name: source[name] for name in ("post_id", "account_id", "created_at")}
        self.plan = Plan(
            table=file.table,
            source=source,
            clock=times.Clock(naive_is_utc=naive, dates=file.table == "accounts"),
            platform=found.platform,
            from_text=file.table == "posts" and found.flatten is None and self.wishes.object is None,
        )
        wanted = set(source.values())
        if file.table == "posts" and self.wishes.object is None:
            about = {ours: theirs for ours, theirs in found.accounts.items() if theirs in columns}
            if found.flatten is not None:
                about = {name: name for name in SCHEMAS["accounts"]}
            if len(about) > 1 and "account_id" in about:
                about["account_id"] = source.get("account_id", about["account_id"])
                self.account_plan = Plan(
                    table="accounts",
                    source=about,
                    clock=times.Clock(naive_is_utc=naive, dates=True),
                    platform=found.platform,
                    lenient=True,
                )
                wanted |= set(about.values())
        if self.object_source is not None:
            wanted.add(self.object_source)
        return [name for name in columns if name in wanted]

    def _object(self, source: Mapping[str, str], columns: list[str], found: Layout) -> str:
        name = self.wishes.object or ""
        if name in columns:
            return name
        if name in source:
            return source[name]
        raise OptionError(
            f"--object {name}: {self.file.path} has no such column. It has: {', '.join(columns[:30])}."
        )

    def take(self, batch: Batch) -> None:
        """Add the rows of a batch."""
        assert self.plan is not None
        file = self.file
        rows = shape(batch, self.plan, file.rejects)
        if self.object_source is not None:
            rows = self._actions(rows, batch)
        elif self.account_plan is not None and self.found.flatten is None:
            about = shape(batch, self.account_plan, None)
            if rows.height < about.height:
                about = about.filter(pl.col("account_id").is_in(rows["account_id"].implode()))
            self.meet(about.drop(POSITION).unique("account_id", keep="last", maintain_order=True))
        file.frames.append(rows)

    def meet(self, about: pl.DataFrame) -> None:
        """Add what rows say about accounts; the same ones come again and again, so sum up now and then."""
        seen = self.file.accounts
        seen.append(about)
        if len(seen) >= 16:
            seen[:] = [latest(pl.concat(seen))]

    def _actions(self, rows: pl.DataFrame, batch: Batch) -> pl.DataFrame:
        assert self.object_source is not None and self.plan is not None
        values = batch.frame[self.object_source]
        ours = next(
            (o for o, t in self.mapping.items() if o == self.object_source and t in lists.KINDS), None
        )
        kind = self.mapping.get(ours, "") if ours else self.object_source
        if kind in lists.KINDS or values.dtype.is_nested():
            values = lists.parse(values, kind if kind in lists.KINDS else "media")
        else:
            values = values.cast(pl.String)
        objects = pl.DataFrame({POSITION: batch.position, "object": values})
        rows = rows.select("post_id", "account_id", "created_at", POSITION).join(
            objects, on=POSITION, how="left", maintain_order="left"
        )
        if rows.schema["object"].is_nested():
            rows = rows.explode("object", keep_nulls=True, empty_as_null=True)
        return rows


def _feed(job: Intake, stream: ByteStream, stage: Stage) -> None:
    """Run the right reader over the stream."""
    file = job.file
    head = stream.peek()
    done = 0

    def advance() -> None:
        nonlocal done
        stage.advance(stream.raw_read - done)
        done = stream.raw_read

    if head.startswith(b"PAR1"):
        table = ParquetFile(stream)
        wanted = job.settle(table.columns)
        for batch in table.batches(wanted):
            file.read += batch.frame.height
            job.take(batch)
            stage.advance(int(stream.size * batch.frame.height / max(table.rows, 1)))
        return
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start[:1] in (b"{", b"["):
        reader = JsonLines(stream, file.rejects)
        settled = False
        kept: list[tuple[int, Any]] = []
        for found in reader.objects():
            if not settled:
                kept += found
                if not kept:
                    continue
                found = kept
                columns = list(dict.fromkeys(name for _, one in found[:1000] for name in one))
                job.settle(columns, nested=True)
                settled = True
            _take_objects(job, found)
            advance()
        file.read = reader.read
        return
    csv = CsvTable(stream, file.rejects)
    if csv.columns:
        for batch in csv.batches(job.settle(csv.columns)):
            job.take(batch)
            advance()
        file.read = csv.read


def _take_objects(job: Intake, found: Iterable[tuple[int, dict[str, Any]]]) -> None:
    assert job.plan is not None
    file = job.file
    flatten, account_of = job.found.flatten, job.found.account_of
    positions: list[int] = []
    rows: list[dict[str, Any]] = []
    people: list[dict[str, Any]] = []
    for position, one in found:
        if flatten is not None:
            if account_of is not None and job.account_plan is not None:
                people.extend(account_of(one))
            try:
                rows.append(flatten(one))
            except NotAPost as reason:
                file.rejects.add(position, str(reason))  # a stream has many of these: no sample
                continue
        else:
            rows.append(one)
        positions.append(position)
    if rows:
        names = dict(job.plan.source)
        if job.account_plan is not None and flatten is None:
            names.update({f"accounts.{ours}": theirs for ours, theirs in job.account_plan.source.items()})
        if job.object_source is not None:
            kind = "media" if any(isinstance(one.get(job.object_source), list) for one in rows) else "object"
            names[kind] = job.object_source
        job.take(Batch(frame=frame_of(rows, names), position=pl.Series(positions, dtype=pl.Int64)))
    if people and job.account_plan is not None:
        frame = frame_of(people, {name: name for name in SCHEMAS["accounts"]})
        batch = Batch(frame=frame, position=pl.int_range(frame.height, dtype=pl.Int64, eager=True))
        about = shape(batch, job.account_plan, None).drop(POSITION)
        job.meet(latest(about))
