"""JSON objects -> a frame: text columns stay text, lists stay lists, anything nested becomes its JSON."""

from __future__ import annotations

import json
from typing import Any

import polars as pl

from tarazu.records import STRINGS
from tarazu.sources import lists

Object = dict[str, Any]


def frame_of(objects: list[Object], names: dict[str, str]) -> pl.DataFrame:
    """The columns `names` (ours -> theirs) of `objects`, under their names."""
    columns: dict[str, pl.Series] = {}
    for ours, theirs in names.items():
        values = [one.get(theirs) for one in objects]
        columns[theirs] = _list_column(values, ours) if ours in lists.KINDS else _text_column(values)
    return pl.DataFrame(columns)


def _text_column(values: list[Any]) -> pl.Series:
    try:
        return pl.Series(values, dtype=pl.String, strict=True)
    except (TypeError, pl.exceptions.PolarsError):
        return pl.Series([_text(value) for value in values], dtype=pl.String)


def _list_column(values: list[Any], kind: str) -> pl.Series:
    real = any(isinstance(value, list) for value in values)
    if not real:
        return _text_column(values)
    rows: list[list[str | None] | None] = [
        [_text(item) for item in value] if isinstance(value, list) else None for value in values
    ]
    words = [index for index, value in enumerate(values) if value is not None and not isinstance(value, list)]
    if words:
        parsed = lists.parse(_text_column([values[index] for index in words]), kind).to_list()
        for index, items in zip(words, parsed, strict=True):
            rows[index] = items
    return pl.Series(rows, dtype=STRINGS)


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False)
