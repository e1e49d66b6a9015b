"""A batch as its file has it -> rows of one of our tables; what does not fit is rejected with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from tarazu.records import REQUIRED, SCHEMAS, STRINGS, TIME
from tarazu.sources import ids, lists, marks, times
from tarazu.sources.batch import Batch
from tarazu.sources.rejects import SAMPLE, Rejects

POSITION = "__position"
IDS = frozenset(
    {"post_id", "account_id", "repost_of", "repost_of_account", "reply_to", "quote_of"}
    | {"report_id", "reporter_id", "subject"}
)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How the batches of one file become rows of `table`."""

    table: str
    source: Mapping[str, str]  # ours -> theirs
    clock: times.Clock
    platform: str | None = None
    from_text: bool = False  # take from the text what has no column
    lenient: bool = False  # values that do not fit become null; only a row without its id is dropped


def shape(batch: Batch, plan: Plan, rejects: Rejects | None) -> pl.DataFrame:
    """Give the rows of `batch` that fit, in those of our columns that the file has, and with `POSITION`.

    The other rows go to `rejects`.
    """
    schema = SCHEMAS[plan.table]
    frame = batch.frame
    count = frame.height
    columns: dict[str, pl.Series] = {}
    reasons: list[pl.Series] = []
    for name, dtype in schema.items():
        theirs = plan.source.get(name)
        if theirs is None or theirs not in frame.columns:
            continue
        column = frame[theirs]
        reason: pl.Series | None = None
        if dtype == TIME:
            value, reason = times.parse(column, plan.clock)
            if name not in REQUIRED[plan.table]:
                reason = pl.select(pl.when(reason != times.MISSING).then(reason)).to_series()
        elif name in IDS:
            value, reason = ids.parse(column, name, required=name in REQUIRED[plan.table])
        elif dtype == STRINGS:
            value = lists.parse(column, name)
        elif dtype == pl.Int64:
            value = column.cast(pl.Float64, strict=False).cast(pl.Int64, strict=False)
        else:
            value = _text(column)
        columns[name] = value
        if reason is not None and reason.null_count() < count:
            reasons.append(reason)
    if plan.lenient:
        required = REQUIRED[plan.table][0]
        keep = columns[required].is_not_null()
    elif reasons:
        why = pl.select(pl.coalesce(reasons)).to_series()
        keep = why.is_null()
        if rejects is not None:
            bad = ~keep
            rejects.add_many(batch.position.filter(bad), why.filter(bad), _samples(frame.filter(bad)))
    else:
        keep = pl.Series([True]).new_from_index(0, count)
    good = pl.DataFrame([column.rename(name) for name, column in columns.items()])
    good = good.with_columns(batch.position.alias(POSITION))
    if not keep.all():
        good = good.filter(keep)
    if plan.from_text and "text" in good.columns:
        good = _with_marks(good)
    if plan.platform is not None and "platform" not in good.columns:
        good = good.with_columns(pl.lit(plan.platform, dtype=pl.String).alias("platform"))
    return good.select(
        *(pl.col(name).cast(dtype) for name, dtype in schema.items() if name in good.columns), POSITION
    )


def complete(frame: pl.DataFrame, table: str) -> pl.DataFrame:
    """Give `frame` all columns of `table`; those that no file had are null, and take no memory until used."""
    schema = SCHEMAS[table]
    absent = [
        pl.lit(None, dtype=dtype).alias(name) for name, dtype in schema.items() if name not in frame.columns
    ]
    return frame.with_columns(absent).select(schema.keys())


def _with_marks(frame: pl.DataFrame) -> pl.DataFrame:
    text = pl.col("text")
    added = [
        made.alias(name)
        for name, made in (
            ("urls", marks.urls(text)),
            ("hashtags", marks.hashtags(text)),
            ("mentions", marks.mentions(text)),
        )
        if name not in frame.columns
    ]
    if "repost_of" not in frame.columns:
        if "repost_of_account" not in frame.columns:
            added.append(marks.repost_author(text).alias("repost_of_account"))
        frame = frame.with_columns(marks.repost_key(frame["text"]).alias("repost_of"))
    return frame.with_columns(added)


def _text(column: pl.Series) -> pl.Series:
    """Text as written; an empty cell is null."""
    if column.dtype.is_nested():
        column = pl.Series(
            column.name, [None if v is None else str(v) for v in column.to_list()], dtype=pl.String
        )
    elif column.dtype != pl.String:
        column = column.cast(pl.String, strict=False)
    return column.to_frame("v").select(pl.when(pl.col("v") != "").then("v")).to_series()


def _samples(frame: pl.DataFrame) -> pl.Series:
    """The beginnings of rows, for a person to recognise them."""
    parts = [
        (
            pl.col(name).cast(pl.List(pl.String)).list.join(" ")
            if frame.schema[name].is_nested()
            else pl.col(name)
        )
        .cast(pl.String, strict=False)
        .str.slice(0, SAMPLE)
        .fill_null("")
        for name in frame.columns
        if not isinstance(frame.schema[name], (pl.Struct, pl.Object, pl.Binary))
    ]
    if not parts:
        return pl.Series([""], dtype=pl.String).new_from_index(0, frame.height)
    return frame.select(pl.concat_str(parts, separator=",").str.slice(0, SAMPLE)).to_series()
