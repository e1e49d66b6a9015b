"""Migrations: one file a version of the tables, in `versions/`, run inside the transaction that opens the store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy import Connection

KNOWN = ("0001",)  # every version this Tarazu can upgrade from, oldest first; a test holds it to the files
HEAD = KNOWN[-1]


def config(connection: Connection) -> Config:
    """The settings of Alembic; there is no ini file."""
    from alembic.config import Config

    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    made.attributes["connection"] = connection
    return made
