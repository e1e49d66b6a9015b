"""The tables every part of Tarazu speaks in: posts, accounts, reports.

The schemas are the contract. A table is checked once, where it enters (`sources`, or `conform` for frames
built by hand), and trusted inside. Ids are strings, always; times are UTC with millisecond resolution.
"""

from __future__ import annotations

import polars as pl

from tarazu.errors import InputError

TIME = pl.Datetime("ms", "UTC")
STRINGS = pl.List(pl.String)

POSTS: dict[str, pl.DataType] = {
    "post_id": pl.String(),  # unique in the table
    "account_id": pl.String(),  # who acted
    "created_at": TIME,  # when
    "text": pl.String(),  # as written; null when the source has no text
    "lang": pl.String(),  # BCP 47, as the source says
    "repost_of": pl.String(),  # the post this one repeats unchanged
    "repost_of_account": pl.String(),  # its author
    "reply_to": pl.String(),  # the post this one answers
    "quote_of": pl.String(),  # the post this one quotes
    "urls": STRINGS,  # as written; canonical form is a signal, not a record
    "hashtags": STRINGS,  # in the order written, without '#'
    "mentions": STRINGS,  # account ids or handles, without '@'
    "media": STRINGS,  # PDQ as 64 hex digits, or any id of the identical file
    "platform": pl.String(),
    "client": pl.String(),  # the program that posted
}
ACCOUNTS: dict[str, pl.DataType] = {
    "account_id": pl.String(),
    "handle": pl.String(),
    "display_name": pl.String(),
    "description": pl.String(),
    "created_at": TIME,
    "followers": pl.Int64(),
    "following": pl.Int64(),
    "avatar": pl.String(),  # hash of the picture, or 'default'
    "kind": pl.String(),  # account | page | group | channel
    "platform": pl.String(),
}
REPORTS: dict[str, pl.DataType] = {
    "report_id": pl.String(),
    "reporter_id": pl.String(),
    "subject": pl.String(),  # the reported post or account
    "reason": pl.String(),
    "comment": pl.String(),
    "created_at": TIME,
}
REQUIRED: dict[str, tuple[str, ...]] = {
    "posts": ("post_id", "account_id", "created_at"),
    "accounts": ("account_id",),
    "reports": ("report_id", "reporter_id", "subject", "created_at"),
}
SCHEMAS = {"posts": POSTS, "accounts": ACCOUNTS, "reports": REPORTS}


def conform(frame: pl.DataFrame, table: str = "posts") -> pl.DataFrame:
    """Give a hand-built frame the schema of `table`: missing optional columns become null, others go.

    A naive `created_at` is taken as UTC. Raises InputError naming the column that is missing or cannot be
    cast, and for nulls in required columns.
    """
    schema = SCHEMAS[table]
    missing = [c for c in REQUIRED[table] if c not in frame.columns]
    if missing:
        raise InputError(
            f"The {table} table has no column {', '.join(missing)}; rename yours, for example "
            f".rename({{'yours': '{missing[0]}'}})."
        )
    columns: list[pl.Expr] = []
    for name, dtype in schema.items():
        if name not in frame.columns:
            columns.append(pl.lit(None, dtype=dtype).alias(name))
            continue
        have = frame.schema[name]
        column = pl.col(name)
        if dtype == TIME and not isinstance(have, pl.Datetime | pl.Null):
            raise InputError(
                f"{name} in the {table} table is {have}, not a time; turn it into one first, for example with "
                f"pl.col('{name}').str.to_datetime(time_zone='UTC') or pl.from_epoch('{name}'), or use tarazu.read."
            )
        if dtype == TIME and isinstance(have, pl.Datetime):
            column = (
                column.dt.replace_time_zone("UTC")
                if have.time_zone is None
                else column.dt.convert_time_zone("UTC")
            )
        columns.append(column.cast(dtype))
    try:
        out = frame.select(columns)
    except pl.exceptions.PolarsError as error:
        raise InputError(f"The {table} table does not fit its schema: {error}") from error
    for name in REQUIRED[table]:
        if out[name].null_count():
            empty = out[name].null_count()
            raise InputError(f"The {table} table has {empty} empty values in {name}; drop those rows first.")
    return out
