"""The form of a backup: lines of JSON packed with zstandard, the same for every database.

The first line says what it is, then for every table its columns, a line a row, and how many rows with which digest;
the last line counts the tables. Everything is in the order of `metadata.sorted_tables`: parents before children.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from tarazu.errors import NotReadable
from tarazu.ledger import canonical

MAGIC = "tarazu backup"
VERSION = 1
_LINE_LIMIT = 64 << 20  # a row of a damaged or hostile file must not fill the memory


def write_line(file: BinaryIO, value: object) -> bytes:
    """Write one line; gives what was written."""
    raw = canonical.dumps(value).encode("utf-8", "surrogatepass") + b"\n"
    file.write(raw)
    return raw


def stored(value: Any) -> object:
    """A cell as JSON."""
    return {"bytes": base64.b64encode(value).decode()} if isinstance(value, bytes) else value


def cell(value: object) -> object:
    """JSON as a cell."""
    if isinstance(value, dict):
        return base64.b64decode(value["bytes"], validate=True)
    return value


class Archive:
    """A backup being read, line by line; raises NotReadable where it is damaged or cut."""

    def __init__(self, path: Path, file: BinaryIO) -> None:
        self.path = path
        self._lines = _lines(file)
        self.header = self._next()
        if self.header.get("what") != MAGIC:
            raise self.damaged()
        if self.header.get("version") != VERSION:
            raise NotReadable(f"{path} is a backup of a newer Tarazu. Update Tarazu, then restore it.")

    def tables(self) -> Iterator[tuple[str, list[str], Iterator[list[object]]]]:
        """Name, columns and rows of each table; read the rows before you go on. Digests are checked at each end."""
        seen = 0
        while True:
            line = self._next()
            if "tables" in line:
                # Nothing may follow; reading on also makes zstandard hold all of it to its checksum.
                if line["tables"] != seen or self._next_raw() is not None:
                    raise self.damaged()
                return
            try:
                name, columns = str(line["table"]), [str(one) for one in line["columns"]]
            except (KeyError, TypeError):
                raise self.damaged() from None
            yield name, columns, self._rows(len(columns))
            seen += 1

    def _rows(self, width: int) -> Iterator[list[object]]:
        taken, count = hashlib.sha256(), 0
        while True:
            raw = self._raw()
            line = self._parsed(raw)
            if isinstance(line, dict):
                if line != {"rows": count, "sha256": taken.hexdigest()}:
                    raise self.damaged()
                return
            if not isinstance(line, list) or len(line) != width:
                raise self.damaged()
            taken.update(raw)
            count += 1
            try:
                yield [cell(one) for one in line]
            except (KeyError, TypeError, ValueError):
                raise self.damaged() from None

    def damaged(self) -> NotReadable:
        """What to say of a file that is not whole."""
        return NotReadable(
            f"{self.path} is no whole backup of Tarazu: it is damaged or cut. Use another one."
        )

    def _next(self) -> dict[str, Any]:
        line = self._parsed(self._raw())
        if not isinstance(line, dict):
            raise self.damaged()
        return line

    def _raw(self) -> bytes:
        raw = self._next_raw()
        if raw is None:
            raise self.damaged()
        return raw

    def _next_raw(self) -> bytes | None:
        import zstandard

        try:
            return next(self._lines, None)
        except zstandard.ZstdError:
            raise self.damaged() from None

    def _parsed(self, raw: bytes) -> object:
        try:
            return json.loads(raw.decode("utf-8", "surrogatepass"))
        except (ValueError, RecursionError):
            raise self.damaged() from None


def _lines(file: BinaryIO) -> Iterator[bytes]:
    while raw := file.readline(_LINE_LIMIT):
        if not raw.endswith(b"\n"):
            return  # cut, or longer than any row
        yield raw
