"""Connections: how SQLite and PostgreSQL are set up so that both mean the same."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from tarazu.errors import OptionError

PATIENCE = 20.0  # seconds to wait for another writer
WRITES = "tarazu_writes"  # execution option of a connection that is going to write
_DRIVERS = ("sqlite", "postgresql")


def parse(url: str) -> URL:
    """The address of a store; raises OptionError unless it is one."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise OptionError(f"{_hidden(url)} is no address of a store. {_FORMS}") from None
    if parsed.get_backend_name() not in _DRIVERS:
        raise OptionError(f"A store cannot be in {parsed.get_backend_name()}. {_FORMS}")
    if parsed.get_backend_name() == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    if not parsed.database or parsed.database == ":memory:" or parsed.query:
        raise OptionError(f"A store in SQLite is a file. {_FORMS}")
    return parsed.set(drivername="sqlite+pysqlite")


_FORMS = "Give sqlite:///path/to/tarazu.db or postgresql://user:password@host/name."


def is_sqlite(url: URL) -> bool:
    """Whether the store is a file."""
    return url.get_backend_name() == "sqlite"


def file_of(url: URL) -> Path:
    """The file of an SQLite store."""
    return Path(url.database or "")


def connect(url: URL, *, patience: float = PATIENCE) -> Engine:
    """An engine that keeps every promise about durability and isolation; nothing is opened yet."""
    return _sqlite(url, patience) if is_sqlite(url) else _postgresql(url, patience)


def _sqlite(url: URL, patience: float) -> Engine:
    # The pool must not be what writers wait for: they wait for the lock, readers for nothing.
    engine = create_engine(
        url, hide_parameters=True, pool_size=16, max_overflow=64, connect_args={"timeout": patience}
    )

    @event.listens_for(engine, "connect")
    def _set_up(opened: Any, _record: object) -> None:
        opened.isolation_level = None  # transactions begin where we say, below
        for pragma in (
            "journal_mode = WAL",  # readers never wait for the writer
            "synchronous = FULL",  # what was acknowledged is on the disk
            "foreign_keys = ON",
            "trusted_schema = OFF",
            "cell_size_check = ON",
        ):
            opened.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    _never_across_forks(engine)
    return engine


def _postgresql(url: URL, patience: float) -> Engine:
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_size=16,
        max_overflow=16,
        pool_pre_ping=True,
        connect_args={"connect_timeout": 10},
    )

    @event.listens_for(engine, "connect")
    def _set_up(opened: Any, _record: object) -> None:
        opened.autocommit = True
        opened.execute(f"SET lock_timeout = '{int(patience * 1000)}ms'")
        opened.execute("SET TIME ZONE 'UTC'")
        opened.execute("SET synchronous_commit = on")  # a server may be set to forget what it acknowledged
        opened.autocommit = False

    _never_across_forks(engine)
    return engine


def _never_across_forks(engine: Engine) -> None:
    """A connection that a child inherited must not be used by it."""
    os.register_at_fork(after_in_child=lambda: engine.dispose(close=False))


def _hidden(url: str) -> str:
    """An address that may be shown: without what could be a password."""
    return url.split("@", 1)[-1] if "@" in url else url
