"""The tables: made in an empty place, upgraded where they are older, refused where they are newer."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sqlalchemy import Connection, Engine, Inspector, insert, inspect, select, table, text
from sqlalchemy.sql import column

from tarazu.errors import StoreDamaged, StoreVersion
from tarazu.store import engine as engines
from tarazu.store import tables  # fills METADATA
from tarazu.store.ids import new_id
from tarazu.store.metadata import METADATA
from tarazu.store.migrations import HEAD, KNOWN
from tarazu.store.tables.meta import meta

__all__ = ["prepare", "revision", "tables"]

_LOCK = 0x7461_7261_7A75  # an advisory lock of PostgreSQL: one process at a time makes or upgrades tables
_VERSION = table("alembic_version", column("version_num"))


def prepare(engine: Engine) -> None:
    """Leave the tables as this Tarazu knows them."""
    if engines.is_sqlite(engine.url):
        engines.file_of(engine.url).absolute().parent.mkdir(parents=True, exist_ok=True)
    with engine.connect() as connection, connection.begin():
        found = revision(connection)
    if found == HEAD:
        return
    if found is not None and found not in KNOWN:
        raise StoreVersion(
            f"The store was written by a newer Tarazu (tables {found}; this one knows {HEAD}). "
            "Update Tarazu; nothing was changed."
        )
    if found is not None and engines.is_sqlite(engine.url):
        keep(engines.file_of(engine.url), found)
    with engine.connect() as connection:
        connection.execution_options(**{engines.WRITES: True})
        with connection.begin():
            alone(connection)
            found = revision(connection)  # another process may have been quicker
            if found is None:
                create(connection)
            elif found != HEAD:
                upgrade(connection)


def alone(connection: Connection) -> None:
    """Let no other process make or upgrade tables until this transaction ends."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


def revision(connection: Connection) -> str | None:
    """The version of the tables; None where there are none at all."""
    found = inspect(connection)
    if not found.has_table("alembic_version"):
        _refuse_strangers(found)
        return None
    version: str | None = connection.execute(select(_VERSION.c.version_num)).scalar()
    if version is None:
        raise StoreDamaged("The store does not say of which version its tables are. Restore its last backup.")
    return version


def _refuse_strangers(found: Inspector) -> None:
    others = found.get_table_names()
    if others:
        raise StoreDamaged(
            f"There are other tables already ({', '.join(sorted(others)[:3])}). "
            "Give the address of an empty database, or the name of a new file."
        )


def create(connection: Connection) -> None:
    """All tables of today, in an empty place. A test holds them equal to what the migrations make."""
    METADATA.create_all(connection)
    connection.execute(
        text(
            "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
            "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
        )
    )
    connection.execute(insert(_VERSION), {"version_num": HEAD})
    # The name of this ledger for ever; its row is also what writers on PostgreSQL queue for.
    connection.execute(insert(meta), {"name": "ledger", "value": new_id()})


def upgrade(connection: Connection, to: str = "head") -> None:
    """Run the migrations that are missing, inside the transaction of the caller."""
    from alembic import command

    from tarazu.store.migrations import config

    command.upgrade(config(connection), to)


def keep(file: Path, version: str) -> Path:
    """Copy an SQLite store, with what is in its log, before it is upgraded."""
    copy = file.with_name(f"{file.name}.before-{version}")
    number = 1
    while copy.exists():
        number += 1
        copy = file.with_name(f"{file.name}.before-{version}.{number}")
    copy.touch(mode=0o600)
    source, target = sqlite3.connect(file), sqlite3.connect(copy)
    try:
        source.backup(target)
    finally:
        target.close()
        source.close()
    return copy
