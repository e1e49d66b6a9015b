"""Rows that tell of the same thing: exploded forms of one post are put together, contradictions are
refused.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from tarazu.records import STRINGS

FILE = "__file"
ORDER = "__order"


@dataclass(frozen=True, kw_only=True, eq=False)
class Settled:
    """A table without repeated keys."""

    frame: pl.DataFrame
    refused: pl.DataFrame  # the rows that contradict an earlier one, as they came
    merged: pl.DataFrame  # FILE, len: rows of each file that went into an earlier row


def settle(frame: pl.DataFrame, key: str, same: tuple[str, ...]) -> Settled:
    """Make `key` unique.

    A row that repeats the key and the `same` columns of the key's first row is united with it: lists are
    joined without repetition, in order, other empty values are filled from later rows. A row that repeats
    the key with other `same` values is refused.
    """
    nobody = pl.DataFrame(schema={FILE: pl.Int32(), "len": pl.UInt32()})
    if frame[key].n_unique() == frame.height:
        return Settled(frame=frame, refused=frame.clear(), merged=nobody)
    frame = frame.with_row_index(ORDER)
    repeated = pl.col(key).is_duplicated()
    single, multiple = frame.filter(~repeated), frame.filter(repeated)
    agrees = pl.lit(True)
    for name in same:
        agrees = agrees & pl.col(name).eq_missing(pl.col(name).first().over(key))
    multiple = multiple.with_columns(agrees=agrees)
    refused = multiple.filter(~pl.col("agrees")).drop("agrees", ORDER)
    multiple = multiple.filter("agrees").drop("agrees")
    later = multiple.filter(~pl.col(key).is_first_distinct())
    merged = later.group_by(FILE).len()
    fills = [
        pl.col(name).explode(keep_nulls=False, empty_as_null=False).drop_nulls().unique(maintain_order=True)
        if dtype == STRINGS
        else pl.col(name).drop_nulls().first()
        for name, dtype in frame.schema.items()
        if name not in (key, ORDER)
    ]
    had = [
        pl.col(name).is_not_null().any().alias(f"__had_{name}")
        for name, dtype in frame.schema.items()
        if dtype == STRINGS
    ]
    united = multiple.group_by(key, maintain_order=True).agg(pl.col(ORDER).first(), *fills, *had)
    united = united.with_columns(
        pl.when(f"__had_{name}").then(name).alias(name)
        for name, dtype in frame.schema.items()
        if dtype == STRINGS
    ).select(frame.columns)
    whole = pl.concat([single, united.cast(single.schema)]).sort(ORDER).drop(ORDER)
    return Settled(frame=whole, refused=refused, merged=merged)
