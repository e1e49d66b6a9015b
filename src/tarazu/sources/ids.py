"""Ids as sources write them -> strings, exactly as written; an id that lost digits on its way is refused."""

from __future__ import annotations

import polars as pl

LONGEST = 1000  # characters; no platform's id comes near
NOTHING = ("nan", "NaN", "None", "none", "null", "NULL", "NA", "<NA>", "undefined")

# "1.0E+18" or "1e+18": a spreadsheet or a float has eaten digits. "12e45" may be a hash and stays.
_DAMAGED = r"^[+-]?(?:[0-9]+\.[0-9]+[eE][+-]?|[0-9]+[eE]\+)[0-9]+$"
_EXACT = 2.0**53


def parse(column: pl.Series, name: str, *, required: bool) -> tuple[pl.Series, pl.Series | None]:
    """Give `column` as strings, and why a value was refused (None: nothing was).

    Empty values and the words that stand for them ("nan", "null", ...) are null; they are refused where the
    id is `required`.
    """
    dtype = column.dtype
    damaged: pl.Series | None = None
    if dtype.is_float():
        damaged = (column.abs() > _EXACT) | (column != column.round())
        damaged = damaged.fill_null(False) & column.is_not_nan().fill_null(False)
        whole = column.fill_nan(None).to_frame("v").select(pl.when(~damaged).then("v")).to_series()
        text = whole.cast(pl.Int64, strict=False).cast(pl.String)
    elif dtype == pl.String:
        text = column
    elif dtype == pl.Binary:
        text = column.cast(pl.String, strict=False)
        damaged = text.is_null() & column.is_not_null()
    elif dtype.is_nested():
        text = pl.Series([None], dtype=pl.String).new_from_index(0, len(column))
        damaged = column.is_not_null()
    else:
        text = column.cast(pl.String)
    frame = pl.DataFrame({"text": text, "damaged": damaged if damaged is not None else False})
    value = pl.col("text")
    if dtype == pl.String:
        blank = value.str.strip_chars().is_in(["", *NOTHING])
        frame = frame.with_columns(text=pl.when(~blank).then("text"))
        # Regular expressions are the dear part: only values with an 'e' after a sign of a number can match.
        frame = frame.with_columns(
            damaged=value.str.contains(r"^[+-]?[0-9]+[.eE]") & value.str.contains(_DAMAGED)
        )
    frame = frame.with_columns(
        control=value.str.contains(r"[\x00-\x1f\x7f]") if dtype == pl.String else pl.lit(False),
        long=value.str.len_bytes() > LONGEST,
    )
    bad = frame.select(
        bad=pl.col("damaged").fill_null(False)
        | pl.col("control").fill_null(False)
        | pl.col("long").fill_null(False)
    ).to_series()
    nulls = frame["text"].is_null() & ~bad
    if not bad.any() and not (required and nulls.any()):
        return frame["text"].rename(name), None
    reason = (
        pl.when(pl.col("damaged").fill_null(False))
        .then(pl.lit(f"damaged id in {name}: a number in scientific or broken form has lost digits"))
        .when(pl.col("control").fill_null(False))
        .then(pl.lit(f"control character in {name}"))
        .when(pl.col("long").fill_null(False))
        .then(pl.lit(f"{name} is longer than {LONGEST} characters"))
    )
    if required:
        reason = reason.when(value.is_null()).then(pl.lit(f"no {name}"))
    return frame["text"].rename(name), frame.select(reason.alias("reason")).to_series()
