"""Facts about the store itself: a name and a value."""

from __future__ import annotations

from sqlalchemy import Column, String, Table, Text

from tarazu.store.metadata import METADATA

meta = Table(
    "meta",
    METADATA,
    Column("name", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)
