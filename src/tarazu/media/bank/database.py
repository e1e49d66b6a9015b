"""One SQLite file as several threads and processes use it: a connection a thread, whole transactions, clear errors."""

from __future__ import annotations

import os
import sqlite3
import tempfile
import threading
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tarazu.errors import NotReadable, OutputError, TarazuError

PATIENCE = 30.0  # seconds to wait for another writer


@dataclass(frozen=True)
class Kind:
    """A kind of file: what it is called, its tables, and the marks by which it is known."""

    noun: str
    tables: str
    application: int
    version: int


class _Connection(sqlite3.Connection):
    """One that can be referred to weakly, so that a thread that ends takes its own with it."""


class Database:
    """A file that `create` made, opened and checked.

    The journal is a write-ahead log: readers never wait, one writer at a time does. A transaction is on the disk
    when it returns (`synchronous = FULL`), so what was acknowledged survives a kill and a power cut.
    """

    def __init__(self, path: Path, kind: Kind) -> None:
        """Open the file; raises NotReadable unless it is a whole one of this kind and version."""
        self.path, self.kind = path, kind
        self._local = threading.local()
        self._open: weakref.WeakSet[_Connection] = weakref.WeakSet()
        self._lock = threading.Lock()
        if not path.is_file():
            raise NotReadable(f"{path} is not there. Give the path of a {kind.noun} that was made before.")
        with self._told():
            self._check(self._connection)

    @staticmethod
    def create(path: Path, kind: Kind, first: Sequence[tuple[str, tuple[object, ...]]] = ()) -> None:
        """Make the file with its tables and first rows; it appears whole. Never replaces anything."""
        if path.exists():
            raise OutputError(f"{path} is there already. Choose another name.")
        path.absolute().parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.absolute().parent)
        os.close(handle)
        draft = Path(name)
        try:
            with _Told(path, kind.noun):
                made = sqlite3.connect(draft, isolation_level=None)
                try:
                    made.executescript(f"PRAGMA application_id = {kind.application}")
                    made.executescript(f"PRAGMA user_version = {kind.version}; BEGIN; {kind.tables} COMMIT;")
                    for statement, values in first:
                        made.execute(statement, values)
                    made.execute("PRAGMA journal_mode = WAL")
                finally:
                    made.close()
            mask = os.umask(0)
            os.umask(mask)
            draft.chmod(0o666 & ~mask)
            try:
                os.link(draft, path)  # fails where another was quicker; a rename would replace it
            except FileExistsError:
                raise OutputError(f"{path} is there already. Choose another name.") from None
            except OSError:  # a file system without links
                draft.rename(path)
            _sync_folder(path.absolute().parent)
        finally:
            for suffix in ("", "-wal", "-shm", "-journal"):
                Path(f"{draft}{suffix}").unlink(missing_ok=True)

    @property
    def _connection(self) -> _Connection:
        kept: tuple[int, _Connection] | None = getattr(self._local, "kept", None)
        if kept is not None and kept[0] == os.getpid():  # a connection must not be used across a fork
            return kept[1]
        made = sqlite3.connect(
            f"{self.path.absolute().as_uri()}?mode=rw",
            uri=True,
            timeout=PATIENCE,
            isolation_level=None,
            check_same_thread=False,  # used by one thread, closed by `close`
            factory=_Connection,
            cached_statements=64,
        )
        # The file may come from a stranger: nothing in its schema may call what we have not written.
        for pragma in (
            "trusted_schema = OFF",
            "cell_size_check = ON",
            "synchronous = FULL",
            "foreign_keys = ON",
        ):
            made.execute(f"PRAGMA {pragma}")
        self._local.kept = (os.getpid(), made)
        with self._lock:
            self._open.add(made)
        return made

    def _check(self, opened: _Connection) -> None:
        kind = self.kind
        (found,) = opened.execute("PRAGMA application_id").fetchone()
        if found != kind.application:
            raise NotReadable(f"{self.path} is no {kind.noun} of Tarazu. Give the path of one.")
        (found,) = opened.execute("PRAGMA user_version").fetchone()
        if found != kind.version:
            raise NotReadable(
                f"{self.path} is a {kind.noun} of version {found}; this Tarazu reads version {kind.version}. "
                "Update Tarazu, and keep a copy of the file."
            )
        schema = "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY name"
        with sqlite3.connect(":memory:") as model:
            model.executescript(kind.tables)
            wanted = model.execute(schema).fetchall()
        model.close()
        if opened.execute(schema).fetchall() != wanted:
            raise NotReadable(f"The tables of {self.path} were altered. Use a copy from before that.")

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """One view of the file, unmoved by what others write meanwhile."""
        with self._told():
            connection = self._connection
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                connection.rollback()

    @contextmanager
    def writing(self, *, durable: bool = True) -> Iterator[sqlite3.Connection]:
        """One change, whole or not at all. Without `durable` a power cut, but no kill, may undo it."""
        with self._told():
            connection = self._connection
            connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.commit()
            except BaseException:
                with suppress(sqlite3.Error):
                    connection.rollback()
                raise

    def erase_traces(self) -> None:
        """Write the log back into the file and cut it, so that what was deleted is in neither."""
        with self._told():
            busy, _, _ = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise OutputError(
                f"It is erased, but {self.path}-wal may still hold it, because another process was reading. "
                "Stop that process: the last to close the file cuts the log."
            )

    def close(self) -> None:
        """Close the connections of all threads; a later use opens new ones."""
        with self._lock:
            for one in list(self._open):
                one.close()
            self._open = weakref.WeakSet()
        self._local = threading.local()

    def _told(self) -> _Told:
        return _Told(self.path, self.kind.noun)


class _Told:
    """Turns errors of SQLite into ours, each with what to do."""

    def __init__(self, path: Path, noun: str) -> None:
        self.path, self.noun = path, noun

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, sqlite3.Error):
            told = self._words(getattr(error, "sqlite_errorcode", 0) & 0xFF)
            if told is not None:
                raise told from error

    def _words(self, code: int) -> TarazuError | None:
        match code:
            case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
                return OutputError(
                    f"{self.path} was being written by another process for {PATIENCE:.0f} s. Try again."
                )
            case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
                return OutputError(
                    f"{self.path} cannot be opened for writing. Check the permissions of it and of its folder."
                )
            case sqlite3.SQLITE_FULL | sqlite3.SQLITE_IOERR:
                return OutputError(f"{self.path} could not be written. Check the space on its disk.")
            case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
                return NotReadable(
                    f"{self.path} is no {self.noun} of Tarazu, or is damaged. Give one, or its last copy."
                )
        return None


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
