"""Lines and table rows of a file that a stranger made: any bytes, any length."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from tarazu.errors import NotReadable

LONGEST = 1 << 20  # characters of one line or cell; a video of 4,096 frames needs 400,000


def lines_of(path: Path) -> Iterator[tuple[int, str]]:
    """Lines with their numbers, from 1; bytes that are no UTF-8 come as U+FFFD, which no hash holds."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="\n") as stream:
        number = 0
        while line := stream.readline(LONGEST):
            number += 1
            if len(line) == LONGEST and not line.endswith("\n"):
                while (rest := stream.readline(LONGEST)) and not rest.endswith("\n"):
                    pass
            yield number, line


def records_of(path: Path) -> Iterator[tuple[int, dict[str, str], str]]:
    """Rows below the header of a CSV file: position from 1, cells by their column, the row as it was."""
    csv.field_size_limit(max(csv.field_size_limit(), LONGEST))
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        table = csv.reader(stream)
        position = 0
        try:
            header = [name.strip().lower() for name in next(table, [])]
            for position, row in enumerate(filter(None, table), 1):
                yield position, dict(zip(header, row, strict=False)), ",".join(row)
        except csv.Error as error:
            raise NotReadable(
                f"{path} is no CSV below row {position}: {error}. Save it anew as CSV, comma-separated, UTF-8."
            ) from None
