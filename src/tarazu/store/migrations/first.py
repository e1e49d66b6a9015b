"""Write the first migration anew from the tables: `python -m tarazu.store.migrations.first`.

Only until the first release. From then on that file is never touched again, this one is deleted, and every change
of a table is a new file in `versions/` and a new name in `KNOWN`.
"""

from __future__ import annotations

import re
from pathlib import Path

from sqlalchemy import MetaData

_HEAD = '''"""The tables of the first release."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
'''


def text(metadata: MetaData) -> str:
    """The migration that makes these tables, as source code."""
    from alembic.autogenerate import render_python_code
    from alembic.operations import ops
    from alembic.runtime.migration import MigrationContext
    from sqlalchemy.dialects import sqlite

    made: list[ops.MigrateOperation] = []
    for table in metadata.sorted_tables:
        made.append(ops.CreateTableOp.from_table(table))
        indexes = sorted(table.indexes, key=lambda one: str(one.name))
        made.extend(ops.CreateIndexOp.from_index(index) for index in indexes)
    context = MigrationContext.configure(dialect=sqlite.dialect())
    body = render_python_code(ops.UpgradeOps(made), migration_context=context)
    body = re.sub(r"^\s*# .*\n", "", body, flags=re.M).strip("\n")
    return _HEAD + "\n".join(f"    {line.strip()}" if line else line for line in body.splitlines()) + "\n"


def main() -> None:
    """Write the file."""
    from tarazu.store import tables  # noqa: F401  fills METADATA
    from tarazu.store.metadata import METADATA

    file = Path(__file__).parent / "versions" / "0001_first.py"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text(METADATA), encoding="utf-8")
    print(f"{file} holds {len(METADATA.tables)} tables. Format it with 'ruff format'.")


if __name__ == "__main__":
    main()
