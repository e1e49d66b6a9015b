"""A backup: every table of one moment, in a file that any Tarazu store can be restored from, on any database."""

from __future__ import annotations

import hashlib
import io
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

from sqlalchemy import Table, select

from tarazu.errors import OutputError
from tarazu.store.archive import MAGIC, VERSION, stored, write_line
from tarazu.store.ledger import origin
from tarazu.store.metadata import METADATA
from tarazu.store.migrations import HEAD
from tarazu.store.store import Store
from tarazu.store.times import ms
from tarazu.store.view import View


@dataclass(frozen=True, slots=True)
class Made:
    """What a backup holds."""

    tables: int
    rows: int
    entries: int  # of the ledger
    size: int  # bytes of the file


def backup(store: Store, to: Path) -> Made:
    """Write all that the store holds now to a new file, for its owner only; others go on working meanwhile.

    The file appears whole or not at all. The signing key is not in it. Raises OutputError where it cannot be written.
    """
    import zstandard

    if to.exists():
        raise OutputError(f"{to} is there already. Choose another name.")
    folder = to.absolute().parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{to.name}-", dir=folder)  # mode 0600
    except OSError as error:
        raise OutputError(f"{to} cannot be written: {error.strerror}. Choose another place.") from None
    draft = Path(name)
    rows: dict[str, int] = {}
    try:
        with os.fdopen(handle, "wb") as raw:
            packed = zstandard.ZstdCompressor(level=6, write_checksum=True).stream_writer(raw, closefd=False)
            with io.BufferedWriter(cast(Any, packed), 1 << 20) as file, store.read() as view:
                header = {"what": MAGIC, "version": VERSION, "schema": HEAD, "at": ms(store.clock())}
                write_line(cast(BinaryIO, file), {**header, "ledger": origin(view)})
                for table in METADATA.sorted_tables:
                    rows[table.name] = _table(cast(BinaryIO, file), view, table)
                write_line(cast(BinaryIO, file), {"tables": len(rows)})
            raw.flush()
            os.fsync(raw.fileno())
        os.link(draft, to)  # never replaces a file that came meanwhile
        _sync(folder)
    except FileExistsError:
        raise OutputError(f"{to} is there already. Choose another name.") from None
    except OSError as error:
        raise OutputError(
            f"{to} could not be written: {error.strerror}. Check the space on its disk."
        ) from None
    finally:
        draft.unlink(missing_ok=True)
    return Made(len(rows), sum(rows.values()), rows["ledger"], to.stat().st_size)


def _table(file: BinaryIO, view: View, table: Table) -> int:
    write_line(file, {"table": table.name, "columns": list(table.c.keys())})
    taken, count = hashlib.sha256(), 0
    for row in view.each(select(table).order_by(*table.primary_key.columns)):
        taken.update(write_line(file, [stored(one) for one in row]))
        count += 1
    write_line(file, {"rows": count, "sha256": taken.hexdigest()})
    return count


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
