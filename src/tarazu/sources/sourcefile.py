"""One file while it is being read, and what became of its rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from tarazu.sources.rejects import Rejects


@dataclass(frozen=True, kw_only=True)
class FileCount:
    """What became of the rows of one file; read == accepted + rejected, always."""

    path: str
    layout: str
    read: int  # rows, without the header and blank lines
    accepted: int
    rejected: int
    merged: int  # accepted rows that repeat an earlier post in exploded form


@dataclass(kw_only=True, eq=False)
class SourceFile:
    """What has been taken from one file so far."""

    path: Path
    table: str
    rejects: Rejects
    layout: str = "unknown"
    read: int = 0
    merged: int = 0
    mapped: set[str] = field(default_factory=set)  # columns of the user's mapping that it has
    frames: list[pl.DataFrame] = field(default_factory=list)
    accounts: list[pl.DataFrame] = field(default_factory=list)

    def count(self) -> FileCount:
        """The numbers of this file."""
        return FileCount(
            path=str(self.path),
            layout=self.layout,
            read=self.read,
            accepted=self.read - self.rejects.count,
            rejected=self.rejects.count,
            merged=self.merged,
        )
