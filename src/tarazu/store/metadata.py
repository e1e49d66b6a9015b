"""What all tables share: one MetaData with names for every constraint, and the types of columns.

Ids are `ID`, times `MOMENT` (milliseconds), JSON is `Text` written with `tarazu.ledger.canonical.dumps`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import BigInteger, Column, Integer, MetaData, String, Table

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

ID = String(26)
MOMENT = BigInteger()
SERIAL = BigInteger().with_variant(Integer(), "sqlite")  # SQLite counts only an INTEGER PRIMARY KEY itself

# `Table(..., info=UNLOGGED)`: bookkeeping that nobody has to account for (a lock on a case, when a session was last
# seen, a counter). A transaction that changes only such tables needs no entry in the ledger.
UNLOGGED: dict[str, object] = {"unlogged": True}

_DIGEST = "digest_of"


def digest_of(column: str) -> dict[str, object]:
    """`Column("evidence_digest", String(64), info=digest_of("facts"))`: `tarazu verify` holds the one to the other.

    The digest must be `canonical.digest_text(row.facts)`: SHA-256 of the text of that column as it is stored.
    """
    return {_DIGEST: column}


def frozen(table: Table) -> Iterator[tuple[Column[Any], Column[Any]]]:
    """Columns that hold a digest, each with the column it is of."""
    for column in table.c:
        if _DIGEST in column.info:
            yield column, table.c[column.info[_DIGEST]]
