"""Files of posts -> the tables that the rest of Tarazu works on, and an account of every row that was not
used.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from tarazu.errors import NothingToRead, OptionError
from tarazu.progress import SILENT, Progress, Stage
from tarazu.records import SCHEMAS
from tarazu.sources import duplicates, layouts, lists, times
from tarazu.sources.batch import Batch
from tarazu.sources.bytestream import ByteStream
from tarazu.sources.csvtable import CsvTable
from tarazu.sources.jsonlines import JsonLines
from tarazu.sources.layouts import Assignment, Layout, NotAPost
from tarazu.sources.objects import frame_of
from tarazu.sources.parquetfile import ParquetFile
from tarazu.sources.rejects import Rejects
from tarazu.sources.shape import POSITION, Plan, shape

AnyPath = str | Path
_KEYS: dict[str, tuple[str, tuple[str, ...]]] = {
    "posts": ("post_id", ("account_id", "created_at")),
    "accounts": ("account_id", ()),
    "reports": ("report_id", ("reporter_id", "subject", "created_at")),
}


@dataclass(frozen=True, kw_only=True)
class FileCount:
    """What became of the rows of one file; read == accepted + rejected, always."""

    path: str
    layout: str
    read: int  # rows, without the header and blank lines
    accepted: int
    rejected: int
    merged: int  # accepted rows that repeat an earlier post in exploded form


@dataclass(frozen=True, kw_only=True, eq=False)
class Reading:
    """Everything that was read, and what was not used."""

    posts: pl.DataFrame  # POSTS
    accounts: pl.DataFrame | None  # ACCOUNTS
    reports: pl.DataFrame | None  # REPORTS
    rejected: pl.DataFrame  # file, position, reason, sample
    files: tuple[FileCount, ...]


@dataclass(kw_only=True, eq=False)
class _File:
    """One file while it is being read."""

    path: Path
    table: str
    rejects: Rejects
    layout: str = "unknown"
    read: int = 0
    merged: int = 0
    frames: list[pl.DataFrame] = field(default_factory=list)
    accounts: list[pl.DataFrame] = field(default_factory=list)

    def count(self) -> FileCount:
        return FileCount(
            path=str(self.path),
            layout=self.layout,
            read=self.read,
            accepted=self.read - self.rejects.count,
            rejected=self.rejects.count,
            merged=self.merged,
        )


def read(
    *paths: AnyPath,
    accounts: AnyPath | Sequence[AnyPath] | None = None,
    reports: AnyPath | Sequence[AnyPath] | None = None,
    map: Mapping[str, str] | None = None,
    layout: str | None = None,
    assume_utc: bool = False,
    progress: Progress | None = None,
) -> Reading:
    """Read posts from CSV, JSON lines or arrays, or Parquet, each also packed with gzip, zstd, bzip2 or xz.

    The layout is recognised by the column names (ours, X archive, CNT, CooRTweet, Mastodon, Jetstream) unless
    `layout` names it; `map` ({"theirs": "ours"}) completes or overrides it, for `accounts` and `reports` too.
    `assume_utc` takes times without a zone as UTC. Where a file has no column for addresses, hashtags or
    mentions, they are taken from the text; where it has none for reposts, a text that begins "RT @name: " is
    a repost of a post known by `tarazu.sources.marks.repost_key`.

    Rows that cannot be used are in `rejected` with a reason; they never raise. Raises NotReadable for a file
    that is no table at all, UnknownLayout where required columns are not found, NothingToRead where no row is
    left, OptionError for a mapping that makes no sense.
    """
    if not paths:
        raise OptionError("Name at least one file of posts.")
    mapping = dict(map or {})
    layouts.check_mapping(mapping)
    progress = progress or SILENT
    used: set[str] = set()
    files: list[_File] = []
    wanted: list[tuple[str, Path]] = [("posts", Path(path)) for path in paths]
    wanted += [("accounts", path) for path in _several(accounts)]
    wanted += [("reports", path) for path in _several(reports)]
    for table, path in wanted:
        one = _File(path=path, table=table, rejects=Rejects(str(path)))
        files.append(one)
        with_others = len({table for table, _ in wanted}) > 1
        _read_file(
            one, mapping, used, layout if table == "posts" else None, assume_utc, with_others, progress
        )
    unused = [theirs for theirs in mapping if theirs not in used]
    if unused:
        raise OptionError(f"--map {unused[0]}={mapping[unused[0]]}: no file has a column {unused[0]!r}.")
    tables = {table: _table(files, table) for table in ("posts", "accounts", "reports")}
    posts = tables["posts"]
    rejected = pl.concat([one.rejects.frame() for one in files])
    if posts is None or not posts.height:
        raise NothingToRead(_nothing([one for one in files if one.table == "posts"]))
    return Reading(
        posts=posts,
        accounts=tables["accounts"],
        reports=tables["reports"],
        rejected=rejected,
        files=tuple(one.count() for one in files),
    )


def read_actions(
    *paths: AnyPath,
    object: str,
    map: Mapping[str, str] | None = None,
    assume_utc: bool = False,
    progress: Progress | None = None,
) -> tuple[pl.DataFrame, pl.DataFrame, tuple[FileCount, ...]]:
    """Read who acted on which value of the column `object`, and when.

    Gives the actions (post_id, account_id, created_at, object), one a value and without repetition, the
    rejected rows, and the counts. Any column of the file may be the object; one of our list columns is taken
    apart. A row without an object is accepted and is no action. Raises as `read` does.
    """
    mapping = dict(map or {})
    layouts.check_mapping(mapping)
    progress = progress or SILENT
    files: list[_File] = []
    used: set[str] = set()
    for path in paths:
        one = _File(path=Path(path), table="posts", rejects=Rejects(str(path)))
        files.append(one)
        _read_file(one, mapping, used, None, assume_utc, False, progress, object_column=object)
    frames = [frame for one in files for frame in one.frames]
    if not frames or not sum(frame.height for frame in frames):
        raise NothingToRead(_nothing(files))
    actions = (
        pl.concat(frames).drop(POSITION).filter(pl.col("object").is_not_null() & (pl.col("object") != ""))
    )
    actions = actions.unique(["post_id", "account_id", "object"], keep="first", maintain_order=True)
    return actions, pl.concat([one.rejects.frame() for one in files]), tuple(one.count() for one in files)


def _several(paths: AnyPath | Sequence[AnyPath] | None) -> list[Path]:
    if paths is None:
        return []
    if isinstance(paths, (str, Path)):
        return [Path(paths)]
    return [Path(path) for path in paths]


def _read_file(
    one: _File,
    mapping: Mapping[str, str],
    used: set[str],
    layout: str | None,
    assume_utc: bool,
    with_others: bool,
    progress: Progress,
    object_column: str | None = None,
) -> None:
    stream = ByteStream(one.path)
    try:
        with progress.stage(f"Reading {one.path.name}", stream.size) as stage:
            job = _Job(one, mapping, used, layout, assume_utc, with_others, object_column)
            for _ in _feed(job, stream, stage):
                pass
    finally:
        stream.close()


class _Job:
    """How one file is taken in; settled once its columns are known."""

    def __init__(
        self,
        file: _File,
        mapping: Mapping[str, str],
        used: set[str],
        layout: str | None,
        assume_utc: bool,
        with_others: bool,
        object_column: str | None,
    ) -> None:
        self.file = file
        self.mapping = mapping
        self.used = used
        self.layout = layout
        self.assume_utc = assume_utc
        self.with_others = with_others
        self.object_column = object_column
        self.plan: Plan | None = None
        self.account_plan: Plan | None = None
        self.found: Layout = layouts.MAPPED
        self.object_source: str | None = None

    def settle(self, columns: list[str], nested: bool = False) -> list[str]:
        """Choose the layout; give the columns of the file that are needed."""
        file = self.file
        missing = [theirs for theirs in self.mapping if theirs not in columns]
        if missing and not self.with_others and not nested:
            option = f"--map {missing[0]}={self.mapping[missing[0]]}"
            raise OptionError(f"{option}: {file.path} has no such column. It has: {', '.join(columns[:30])}.")
        assignment: Assignment = layouts.assign(
            file.path, columns, self.mapping, table=file.table, layout=self.layout, nested=nested
        )
        self.used.update(theirs for theirs in self.mapping if theirs in columns)
        self.found = found = assignment.layout
        file.layout = found.name
        source = dict(assignment.source)
        naive = self.assume_utc or found.naive_is_utc
        if self.object_column is not None:
            self.object_source = self._object(source, columns, found)
            source = {name: source[name] for name in ("post_id", "account_id", "created_at")}
        self.plan = Plan(
            table=file.table,
            source=source,
            clock=times.Clock(naive_is_utc=naive, dates=file.table == "accounts"),
            platform=found.platform,
            from_text=file.table == "posts" and found.flatten is None and self.object_column is None,
        )
        wanted = set(source.values())
        if file.table == "posts" and self.object_column is None:
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
        name = self.object_column or ""
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
            file.accounts.append(about.drop(POSITION).unique("account_id", keep="last"))
        file.frames.append(rows)

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


def _feed(job: _Job, stream: ByteStream, stage: Stage) -> Iterator[None]:
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
            yield
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
            yield
        file.read = reader.read
        return
    csv = CsvTable(stream, file.rejects)
    if csv.columns:
        for batch in csv.batches(job.settle(csv.columns)):
            job.take(batch)
            advance()
            yield
        file.read = csv.read


def _take_objects(job: _Job, found: Iterable[tuple[int, dict[str, Any]]]) -> None:
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
        file.accounts.append(_latest(about))


def _latest(about: pl.DataFrame) -> pl.DataFrame:
    """One row an account: of each field the last value that is known."""
    if about["account_id"].n_unique() == about.height:
        return about
    return (
        about.group_by("account_id", maintain_order=True)
        .agg(pl.exclude("account_id").drop_nulls().last())
        .select(SCHEMAS["accounts"].keys())
    )


def _table(files: list[_File], table: str) -> pl.DataFrame | None:
    """All rows of one table; repeated keys are settled, and the counts of their files with them."""
    schema = SCHEMAS[table]
    mine = [(index, one) for index, one in enumerate(files) if one.table == table]
    frames = [
        frame.with_columns(pl.lit(index, dtype=pl.Int32).alias(duplicates.FILE))
        for index, one in mine
        for frame in one.frames
    ]
    for _, one in mine:
        one.frames = []
    whole: pl.DataFrame | None = None
    if frames:
        key, same = _KEYS[table]
        settled = duplicates.settle(pl.concat(frames, rechunk=False), key, same)
        for index, one in mine:
            again = settled.refused.filter(pl.col(duplicates.FILE) == index)
            if again.height:
                one.rejects.add_many(
                    again[POSITION],
                    pl.Series(
                        [f"duplicate {key}: an earlier row has it with another {' or '.join(same)}"]
                    ).new_from_index(0, again.height),
                    again[key],
                )
            one.merged += int(settled.merged.filter(pl.col(duplicates.FILE) == index)["len"].sum())
        whole = settled.frame.select(schema.keys())
    if table == "accounts":
        seen = [frame for one in files for frame in one.accounts]
        if seen:  # a table of its own knows better than the rows of posts
            whole = _latest(pl.concat([*seen, *([whole] if whole is not None else [])]))
    return whole


def _nothing(files: list[_File]) -> str:
    names = ", ".join(str(one.path) for one in files[:3]) + (" ..." if len(files) > 3 else "")
    total = sum(one.read for one in files)
    if not total:
        if all(one.path.stat().st_size == 0 for one in files):
            return f"{names} is empty. Check that the export or the download finished."
        return f"{names} has no rows, only a header or blank lines. Check that the export finished."
    rejected = pl.concat([one.rejects.frame() for one in files])
    if not rejected.height:
        return f"{names} has {total} rows, but none that can be used."
    top = rejected.group_by("reason").agg(pl.len(), pl.col("position").first()).sort("len", descending=True)
    reason, count, position = top.row(0)
    return (
        f"None of the {total} rows of {names} can be used. "
        f"Most often ({count} rows, first at {position}): {reason}."
    )
