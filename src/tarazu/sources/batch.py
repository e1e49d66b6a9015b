"""What the readers of file formats hand on: some rows as the file has them, with their positions."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True, kw_only=True, eq=False)
class Batch:
    """Rows of one file under the file's own column names."""

    frame: pl.DataFrame
    position: pl.Series  # Int64, 1-based, one a row
