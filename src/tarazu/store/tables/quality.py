"""Quality: cases whose right answer is known, second looks that do not know the first, saved queries."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from tarazu.store.metadata import ID, METADATA, MOMENT, UNLOGGED

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
    # What a lead said where the look and the decision differed: first | look | unclear.
    Column("settled", String(16)),
    Column("settled_note", Text),
    Column("settled_by", String(64)),
    Column("settled_at", MOMENT),
    Index(None, "person_id"),
)

# The case that somebody looks at now without knowing what was decided; one at a time.
look_turns = Table(
    "look_turns",
    METADATA,
    Column("person_id", String(64), primary_key=True),
    Column("case_id", ID, ForeignKey("cases.id"), nullable=False),
    Column("until", MOMENT, nullable=False),
    info=UNLOGGED,
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
