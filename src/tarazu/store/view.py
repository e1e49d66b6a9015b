"""What can be read: one consistent view of the store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, Row
from sqlalchemy.sql.base import Executable
from sqlalchemy.sql.selectable import SelectBase

Params = Mapping[str, object]


class View:
    """Reads, unmoved by what others write meanwhile. It ends with its block; rows may be kept."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def rows(self, select: Executable, params: Params | None = None) -> list[Row[Any]]:
        """All rows, in the order that `select` asks for."""
        return list(self._ask(select, params))

    def each(self, select: Executable, params: Params | None = None) -> Iterator[Row[Any]]:
        """The same, a thousand in memory at a time."""
        options = {"stream_results": True, "yield_per": 1000}
        yield from self.connection.execute(_asked(select), dict(params or {}), execution_options=options)

    def one(self, select: Executable, params: Params | None = None) -> Row[Any] | None:
        """The first row, or None."""
        found: Row[Any] | None = self._ask(select, params).first()
        return found

    def value(self, select: Executable, params: Params | None = None) -> Any:
        """The first column of the first row, or None."""
        return self._ask(select, params).scalar()

    def _ask(self, select: Executable, params: Params | None) -> Any:
        return self.connection.execute(_asked(select), dict(params or {}))


def _asked(select: Executable) -> Executable:
    if not isinstance(select, SelectBase):
        raise TypeError("only a select can be read; a change goes through `Transaction.run`")
    return select
