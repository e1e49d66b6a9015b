"""The ledger: entries, what may be erased beside them, and signed checkpoints."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, String, Table, Text

from tarazu.store.metadata import METADATA, MOMENT, SERIAL, UNLOGGED

ledger = Table(
    "ledger",
    METADATA,
    Column("seq", SERIAL, primary_key=True, autoincrement=False),
    Column("at", MOMENT, nullable=False),
    Column("actor_kind", String(16), nullable=False),
    Column("actor_id", String(64), nullable=False),
    Column("kind", String(64), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("commitment", String(64), nullable=False),
    Column("prev", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index(None, "subject"),
    Index(None, "kind", "at"),
    Index(None, "actor_id", "at"),
)

ledger_bodies = Table(
    "ledger_bodies",
    METADATA,
    Column("seq", SERIAL, ForeignKey("ledger.seq"), primary_key=True, autoincrement=False),
    Column("body", Text),  # canonical JSON; null once erased
    Column("key", String(64)),  # hex; null once erased: without it the commitment says nothing
)

checkpoints = Table(
    "checkpoints",
    METADATA,
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("head", String(64), nullable=False),  # hash of the last entry
    Column("root", String(64), nullable=False),  # of the Merkle tree over all hashes, as in RFC 9162
    Column("at", MOMENT, nullable=False),
    Column("key_id", String(16), nullable=False),
    Column("signature", String(128), nullable=False),  # ed25519, hex
    info=UNLOGGED,  # a signature accounts for the ledger, not the other way round
)
