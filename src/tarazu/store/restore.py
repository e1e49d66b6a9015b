"""A backup back into an empty place: all of it, checked, or nothing."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from sqlalchemy import Connection, MetaData, Table, delete, func, insert, select, text

from tarazu.errors import LedgerBroken, NotReadable, OutputError, StoreVersion
from tarazu.ledger.check import Report
from tarazu.store import engine as engines
from tarazu.store import schema
from tarazu.store.archive import Archive
from tarazu.store.failures import Told
from tarazu.store.ledger import verify
from tarazu.store.metadata import METADATA
from tarazu.store.migrations import HEAD, KNOWN
from tarazu.store.tables.meta import meta
from tarazu.store.view import View

_MANY = 500  # rows a statement


def restore(path: Path, url: str) -> Report:
    """Fill the empty store at `url` from a backup, older ones too, and check its ledger.

    Raises NotReadable for a damaged file, OutputError where the place is not empty, LedgerBroken where the backup's
    own ledger is; nothing is changed then. Checkpoints need a key to be checked: `tarazu verify` afterwards.
    """
    import zstandard

    parsed = engines.parse(url)
    engine = engines.connect(parsed)
    place = parsed.render_as_string(hide_password=True)
    try:
        raw = path.open("rb")
    except OSError as error:
        raise NotReadable(f"{path} cannot be read: {error.strerror}. Give the file of a backup.") from None
    with raw, Told(place):
        archive = Archive(path, io.BufferedReader(zstandard.ZstdDecompressor().stream_reader(raw)))
        version = str(archive.header.get("schema"))
        if version not in KNOWN:
            raise StoreVersion(
                f"{path} is of a newer Tarazu (tables {version}; this one knows {HEAD}). Update it."
            )
        if engines.is_sqlite(parsed):
            engines.file_of(parsed).absolute().parent.mkdir(parents=True, exist_ok=True)
        try:
            with engine.connect() as connection:
                connection.execution_options(**{engines.WRITES: True})
                with connection.begin():
                    return _fill(connection, archive, version, place)
        finally:
            engine.dispose()


def _fill(connection: Connection, archive: Archive, version: str, place: str) -> Report:
    schema.alone(connection)
    found = schema.revision(connection)
    if found is None and version == HEAD:
        schema.create(connection)
    elif found is None:
        schema.upgrade(connection, version)
    elif found != version:
        raise OutputError(f"{place} holds tables of another version. Give an empty place.")
    tables = _tables(connection, version)
    connection.execute(
        delete(meta).where(meta.c.name == "ledger")
    )  # made with the tables; the backup has its own
    for table in tables.sorted_tables:
        if table.name != "alembic_version" and connection.scalar(select(func.count()).select_from(table)):
            raise OutputError(f"{place} is not empty. Give an empty database, or the name of a new file.")
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))
    filled = set()
    for name, columns, rows in archive.tables():
        into = tables.tables.get(name)
        if into is None or set(columns) != set(into.c.keys()) or name in filled:
            raise archive.damaged()
        _insert(connection, into, columns, rows)
        filled.add(name)
    if filled != set(tables.tables) - {"alembic_version"}:
        raise archive.damaged()
    if version != HEAD:
        schema.upgrade(connection)
    report = verify(View(connection), (), ())
    if report.fault is not None:
        raise LedgerBroken(f"The ledger in {archive.path} was altered: {report.fault} Nothing was restored.")
    return report


def _tables(connection: Connection, version: str) -> MetaData:
    if version == HEAD:
        return METADATA
    old = MetaData()  # tables of a version that this code no longer describes
    old.reflect(connection)
    return old


def _insert(connection: Connection, table: Table, columns: list[str], rows: Iterator[list[object]]) -> None:
    while some := list(islice(rows, _MANY)):
        connection.execute(insert(table), [dict(zip(columns, row, strict=True)) for row in some])
