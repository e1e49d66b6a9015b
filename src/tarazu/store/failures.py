"""Errors of the database -> ours, each with what to do."""

from __future__ import annotations

import sqlite3
from types import TracebackType

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from tarazu.errors import StoreBusy, StoreDamaged, StoreError, StoreUnavailable

_BUSY = "Somebody else was writing for too long. Nothing was changed; try again."
_SPACE = "The store could not be written. Nothing was changed; check the space on its disk."
_BUSY_STATES = {"40001", "40P01", "55P03", "57014"}  # serialization, deadlock, lock not available, cancelled
_SPACE_STATES = {"53100", "53200", "53300"}


class Told:
    """`with Told(place):` turns what the database says into an error that says what to do."""

    def __init__(self, place: str) -> None:
        self.place = place

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if isinstance(error, SQLAlchemyError | sqlite3.Error):
            told = translated(error, self.place)
            if told is not None:
                raise told from error


def translated(error: SQLAlchemyError | sqlite3.Error, place: str) -> StoreError | None:
    """What to tell, or None where the fault is ours."""
    if isinstance(error, PoolTimeout):
        return StoreBusy(
            f"{place}: all connections were in use for too long. Nothing was changed; try again."
        )
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        return _of_sqlite(cause, place)
    state = getattr(cause, "sqlstate", None)
    if state in _BUSY_STATES:
        return StoreBusy(f"{place}: {_BUSY}")
    if state in _SPACE_STATES:
        return StoreUnavailable(f"{place}: {_SPACE}")
    if isinstance(error, DBAPIError) and (
        error.connection_invalidated or (state is None and type(cause).__name__ == "OperationalError")
    ):
        return StoreUnavailable(
            f"{place} cannot be reached. What was not acknowledged was not changed. "
            "Check that the server runs, the address and the password, then try again."
        )
    if state is not None and state[:2] in {"28", "3D", "57", "58"}:
        return StoreUnavailable(f"{place} refused: {str(cause).strip()}. Check its address, user and rights.")
    return None


def _of_sqlite(cause: sqlite3.Error, place: str) -> StoreError | None:
    match getattr(cause, "sqlite_errorcode", 0) & 0xFF:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return StoreBusy(f"{place}: {_BUSY}")
        case sqlite3.SQLITE_FULL | sqlite3.SQLITE_IOERR:
            return StoreUnavailable(f"{place}: {_SPACE}")
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
            return StoreUnavailable(
                f"{place} cannot be opened for writing. Check the permissions of it and of its folder."
            )
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return StoreDamaged(f"{place} is no store of Tarazu, or is damaged. Restore its last backup.")
    return None
