"""Policies and entity lists as they were written, which of them is in force since when, and how each was tried."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from tarazu.store.metadata import ID, METADATA, MOMENT, SERIAL, UNLOGGED, digest_of

policy_versions = Table(
    "policy_versions",  # written once, never changed
    METADATA,
    Column("id", ID, primary_key=True),
    Column("kind", String(16), nullable=False),  # policy | entities
    Column("digest", String(64), nullable=False),  # as findings cite it
    Column("name", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("format", String(8), nullable=False),  # yaml | json
    Column("size", Integer, nullable=False),  # clauses, or entities
    Column("text", Text, nullable=False),  # the file
    Column("text_digest", String(64), nullable=False, info=digest_of("text")),
    Column("added_by", String(64), nullable=False),
    Column("at", MOMENT, nullable=False),
    Column("note", Text, nullable=False),
    Column("parent", ID),  # the version in force when it was added
    Index("uq_policy_versions_digest", "kind", "digest", unique=True),
)

policy_in_force = Table(
    "policy_in_force",  # the history: the last row of a kind is in force, none is ever changed
    METADATA,
    Column("number", SERIAL, primary_key=True, autoincrement=True),
    Column("kind", String(16), nullable=False),
    Column("version_id", ID, ForeignKey("policy_versions.id"), nullable=False),
    Column("since", MOMENT, nullable=False),
    Column("source", String(16), nullable=False),  # file | example | console
    Column("asked_by", String(64)),  # the first person; null where there was none
    Column("by", String(64), nullable=False),
    Column("alone", Integer, nullable=False, server_default="0"),  # 1: nobody else was there to agree
    Column("note", Text, nullable=False),
    Index(None, "kind", "number"),
)

policy_proposals = Table(
    "policy_proposals",  # somebody asks for a version to be put in force; somebody else agrees or declines
    METADATA,
    Column("id", ID, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("version_id", ID, ForeignKey("policy_versions.id"), nullable=False),
    Column("state", String(16), nullable=False),  # waiting | agreed | declined | replaced
    Column("asked_by", String(64), nullable=False),
    Column("at", MOMENT, nullable=False),
    Column("note", Text, nullable=False),
    Column("answered_by", String(64)),
    Column("answered_at", MOMENT),
    Column("answer", Text),
    Index(None, "kind", "state"),
)

policy_trials = Table(
    "policy_trials",  # what came of trying a version: nobody is affected, so nobody has to account for it
    METADATA,
    Column("id", ID, primary_key=True),
    Column("version_id", ID, ForeignKey("policy_versions.id"), nullable=False),
    Column("against_id", ID),  # the version in force that it was held to
    Column("kind", String(16), nullable=False),  # examples | backtest
    Column("state", String(16), nullable=False),  # waiting | running | done | failed
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("asked_by", String(64), nullable=False),
    Column("asked_at", MOMENT, nullable=False),
    Column("beat_at", MOMENT, nullable=False),  # the last sign of life of who runs it
    Column("body", Text, nullable=False),  # JSON: the result, or what went wrong
    Index(None, "version_id", "id"),
    info=UNLOGGED,
)
