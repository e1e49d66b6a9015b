"""List columns as sources write them -> real lists, a column at a time.

Read are real lists, JSON arrays, bracketed strings with or without quotes ("[a, b]", as X writes them) and
values separated by spaces, commas, semicolons or pipes. A separator inside an address is not one: "," and ";"
part addresses only where a new scheme follows.
"""

from __future__ import annotations

import polars as pl

from tarazu.records import STRINGS

KINDS = ("urls", "hashtags", "mentions", "media")
NOTHING = ("", "nan", "NaN", "None", "none", "null", "NULL", "[]", "NA", "<NA>")

_QUOTED = r"""u?"(?:[^"\\]|\\.)*"|u?'(?:[^'\\]|\\.)*'"""


def parse(column: pl.Series, kind: str) -> pl.Series:
    """Give `column` as lists of strings; null where the source has no value, never a list with empty
    items.
    """
    if isinstance(column.dtype, (pl.List, pl.Array)):
        inner = column.cast(STRINGS)
        return _clean(inner, kind)
    if column.dtype != pl.String:
        column = column.cast(pl.String)
    column = column.str.strip_chars()
    filled = ~column.is_in(NOTHING) & column.is_not_null()
    frame = pl.DataFrame({"value": column}).with_row_index("row")
    some = frame.filter(filled)
    if not some.height:
        return pl.Series(column.name, [None], dtype=STRINGS).new_from_index(0, len(column))
    bracketed = pl.col("value").str.starts_with("[") & pl.col("value").str.ends_with("]")
    quoted = bracketed & pl.col("value").str.contains(r"""^\[\s*u?["']""")
    some = some.with_columns(quoted=quoted, bracketed=bracketed)
    parts = [
        some.filter("quoted").select("row", items=_unquote(pl.col("value"))),
        some.filter(~pl.col("quoted")).select(
            "row",
            items=_split(
                pl.when("bracketed").then(pl.col("value").str.slice(1).str.head(-1)).otherwise("value"), kind
            ),
        ),
    ]
    done = pl.concat(parts)
    done = done.with_columns(_clean(done["items"], kind).alias("items"))
    out = frame.select("row").join(done, on="row", how="left", maintain_order="left")["items"]
    return out.rename(column.name)


def _unquote(value: pl.Expr) -> pl.Expr:
    element = pl.element().str.strip_prefix("u").str.slice(1).str.head(-1)
    for escaped, plain in ((r"\/", "/"), (r"\"", '"'), (r"\'", "'"), (r"\\", "\\")):
        element = element.str.replace_all(escaped, plain, literal=True)
    return value.str.extract_all(_QUOTED).list.eval(element)


def _split(value: pl.Expr, kind: str) -> pl.Expr:
    if kind in ("urls", "media"):
        address = value.str.contains("://", literal=True)
        parted = value.str.replace_all(r"[,;|\s]+([A-Za-z][A-Za-z0-9+.\-]*://)", "\n$1").str.replace_all(
            r"[,;|]?\s+|\|", "\n"
        )
        plain = value.str.replace_all(r"[,;|\s]+", "\n")
        return pl.when(address).then(parted).otherwise(plain).str.split("\n")
    return value.str.replace_all(r"[,;|\s]+", "\n").str.split("\n")


def _clean(lists: pl.Series, kind: str) -> pl.Series:
    """Drop empty items and the marks that belong to writing, not to the name ('#', '@')."""
    element = pl.element().str.strip_chars()
    if kind == "hashtags":
        element = element.str.strip_chars_start("#＃")
    elif kind == "mentions":
        element = element.str.strip_chars_start("@＠")
    frame = pl.DataFrame({"items": lists})
    frame = frame.with_columns(pl.col("items").list.eval(element))
    frame = frame.with_columns(
        pl.col("items").list.eval(pl.element().filter(pl.element().is_not_null() & (pl.element() != "")))
    )
    return frame["items"]
