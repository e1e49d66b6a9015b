"""CSV that a spreadsheet cannot be made to run, and that still says the truth.

A spreadsheet runs a cell that begins with = + - @, a tab or a carriage return (CVE-2021-41270), and with
another separator than ours it may start a new cell in the middle of a string. So wherever a cell could begin
inside a *string* (at its start, and after , ; | tab or a line end), an apostrophe is put in front of:

* = + - @ and their full-width forms, with any blanks, controls or quotation marks before them;
* a tab, a carriage return, a line feed, likewise;
* an apostrophe, which makes the rule reversible.

Reading back removes one apostrophe at each such place; `read` does, and `unescape` for a single string.
Numbers are written as numbers, -0.5 included, because a number is not a formula; not-a-number and infinities
become empty cells. Strings are always quoted, empty (null) cells never.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import IO

import polars as pl

from tarazu.safe.cells import escape, unescape

__all__ = ["escape", "read", "unescape", "write"]

_MAYBE = r"[=+\-@＝＋－＠'\t\r\n]"


def _map(column: pl.Series, how: str) -> pl.Series:
    touched = column.filter(column.str.contains(_MAYBE).fill_null(False)).unique()
    if touched.is_empty():
        return column
    change = escape if how == "escape" else unescape
    table = {text: new for text in touched.to_list() if (new := change(text)) != text}
    if not table:
        return column
    return column.replace(list(table), list(table.values()))


def write(frame: pl.DataFrame, file: str | Path | IO[bytes]) -> None:
    """Write `frame` as UTF-8 CSV with a header, escaped as this module says."""
    columns = []
    for column in frame.get_columns():
        if column.dtype == pl.String:
            columns.append(_map(column, "escape"))
        elif column.dtype.is_float():
            columns.append(pl.select(pl.when(column.is_finite()).then(column)).to_series().alias(column.name))
        else:
            columns.append(column)
    text = pl.DataFrame(columns).write_csv(quote_style="non_numeric", line_terminator="\n")
    if isinstance(file, str | Path):
        Path(file).write_bytes(text.encode())
    else:
        file.write(text.encode())


def read(file: str | Path | IO[bytes], schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """Read a CSV that `write` made, with the columns and types of `schema`; strings come back exactly."""
    source: Path | IO[bytes] = Path(file) if isinstance(file, str | Path) else file
    frame = pl.read_csv(source, schema=dict(schema))
    return frame.with_columns(
        [_map(frame[name], "unescape") for name, kind in schema.items() if kind == pl.String]
    )
