"""Files of posts -> the tables that the rest of Tarazu works on, and an account of every row not used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from tarazu.errors import NothingToRead, OptionError
from tarazu.progress import SILENT, Progress
from tarazu.sources import layouts
from tarazu.sources.assembly import nothing_left, table_of
from tarazu.sources.intake import Wishes, take_in
from tarazu.sources.rejects import Rejects
from tarazu.sources.shape import POSITION
from tarazu.sources.sourcefile import FileCount, SourceFile

AnyPath = str | Path


@dataclass(frozen=True, kw_only=True, eq=False)
class Reading:
    """Everything that was read, and what was not used."""

    posts: pl.DataFrame  # POSTS
    accounts: pl.DataFrame | None  # ACCOUNTS
    reports: pl.DataFrame | None  # REPORTS
    rejected: pl.DataFrame  # file, position, reason, sample
    files: tuple[FileCount, ...]


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
    wanted: list[tuple[str, Path]] = [("posts", Path(path)) for path in paths]
    wanted += [("accounts", path) for path in _several(accounts)]
    wanted += [("reports", path) for path in _several(reports)]
    several = len({table for table, _ in wanted}) > 1
    files: list[SourceFile] = []
    for table, path in wanted:
        file = SourceFile(path=path, table=table, rejects=Rejects(str(path)))
        files.append(file)
        wishes = Wishes(
            mapping=mapping,
            layout=layout if table == "posts" else None,
            assume_utc=assume_utc,
            several_tables=several,
        )
        take_in(file, wishes, progress)
    unused = set(mapping).difference(*(file.mapped for file in files))
    for theirs in sorted(unused):
        raise OptionError(f"--map {theirs}={mapping[theirs]}: no file has a column {theirs!r}.")
    tables = {table: table_of(files, table) for table in ("posts", "accounts", "reports")}
    posts = tables["posts"]
    rejected = pl.concat([one.rejects.frame() for one in files])
    if posts is None or not posts.height:
        raise NothingToRead(nothing_left([one for one in files if one.table == "posts"]))
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
    files = [SourceFile(path=Path(path), table="posts", rejects=Rejects(str(path))) for path in paths]
    for file in files:
        take_in(file, Wishes(mapping=mapping, assume_utc=assume_utc, object=object), progress)
    frames = [frame for one in files for frame in one.frames]
    if not frames or not sum(frame.height for frame in frames):
        raise NothingToRead(nothing_left(files))
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
