"""The outbox: what is to be done outside, written in the same transaction as the decision for it."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, Text

from tarazu.store.metadata import ID, METADATA, MOMENT

outbox = Table(
    "outbox",
    METADATA,
    Column("id", ID, primary_key=True),  # the receiver honours it: twice the same id is once the act
    Column("seq", BigInteger, nullable=False),  # the order of all rows: ids of one millisecond have none
    Column("at", MOMENT, nullable=False),
    Column("decision_id", ID),
    Column("act", String(32), nullable=False),
    Column("subject_kind", String(16), nullable=False),
    Column("subject_id", String(512), nullable=False),
    Column("target", String(64), nullable=False),
    Column("payload", Text, nullable=False),  # canonical JSON
    Column("state", String(16), nullable=False),  # pending | done | failed | cancelled
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("next_at", MOMENT),
    Column("done_at", MOMENT),
    Index(None, "seq", unique=True),
    Index(None, "state", "next_at"),
    Index(None, "decision_id"),
)
