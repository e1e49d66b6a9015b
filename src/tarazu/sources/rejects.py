"""Rows that were not used: which, and why."""

from __future__ import annotations

import polars as pl

SAMPLE = 200  # characters of a rejected row that are kept
SCHEMA: dict[str, pl.DataType] = {
    "file": pl.String(),
    "position": pl.Int64(),  # 1-based: the line of a JSON lines file, the row below the header of a table
    "reason": pl.String(),
    "sample": pl.String(),
}


class Rejects:
    """The rejected rows of one file, as they are found."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.count = 0
        self._frames: list[pl.DataFrame] = []
        self._rows: list[tuple[str, int, str, str]] = []

    def add(self, position: int, reason: str, sample: str = "") -> None:
        """Reject the row at `position`."""
        self.count += 1
        sample = (
            sample[:SAMPLE].encode("utf-8", errors="replace").decode("utf-8")
        )  # damaged text may hold surrogates
        self._rows.append((self.file, position, reason, sample))
        if len(self._rows) >= 65536:
            self._pack()

    def add_many(self, positions: pl.Series, reasons: pl.Series, samples: pl.Series) -> None:
        """Reject the rows at `positions`."""
        self.count += len(positions)
        self._frames.append(
            pl.DataFrame(
                {
                    "position": positions,
                    "reason": reasons,
                    "sample": samples.fill_null("").str.slice(0, SAMPLE),
                }
            ).select(pl.lit(self.file).alias("file"), pl.col("position").cast(pl.Int64), "reason", "sample")
        )

    def frame(self) -> pl.DataFrame:
        """All rejected rows in order of position."""
        self._pack()
        if not self._frames:
            return pl.DataFrame(schema=SCHEMA)
        return pl.concat(self._frames).sort("position", maintain_order=True)

    def _pack(self) -> None:
        if self._rows:
            self._frames.append(pl.DataFrame(self._rows, schema=SCHEMA, orient="row"))
            self._rows = []
