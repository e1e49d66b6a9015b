"""Quality: cases whose right answer is known, second looks that do not know the first, saved queries."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from tarazu.store.metadata import ID, METADATA, MOMENT

golden = Table(
    "golden",
    METADATA,
    Column("case_id", ID, ForeignKey("cases.id"), primary_key=True),
    Column("expected", Text, nullable=False),  # JSON: action, clause
    Column("note", Text, nullable=False),  # why this is right, for who answered otherwise
    Column("made_by", String(64), nullable=False),
    Column("made_at", MOMENT, nullable=False),
)

second_looks = Table(
    "second_looks",
    METADATA,
    Column("case_id", ID, ForeignKey("cases.id"), primary_key=True),
    Column("person_id", String(64), primary_key=True),
    Column("kind", String(16), nullable=False),  # look | golden
    Column("answer", Text, nullable=False),  # JSON: action, clause
    Column("at", MOMENT, nullable=False),
    Index(None, "person_id"),
)

queries = Table(
    "queries",
    METADATA,
    Column("id", ID, primary_key=True),
    Column("person_id", String(64), nullable=False),
    Column("name", String(200), nullable=False),
    Column("query", Text, nullable=False),  # JSON: filter, order
    Column("shared", Integer, nullable=False),
    Column("made_at", MOMENT, nullable=False),
    Index("uq_queries_name", "person_id", "name", unique=True),
)
