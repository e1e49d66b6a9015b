"""Decisions: what was decided about whom, the strikes, notices and appeals that follow."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text, text

from tarazu.store.metadata import ID, METADATA, MOMENT, digest_of

_STANDS = text("state IN ('proposed', 'effective') AND undoes IS NULL")

decisions = Table(
    "decisions",
    METADATA,
    Column("id", ID, primary_key=True),
    Column("case_id", ID, ForeignKey("cases.id"), nullable=False),
    Column("number", Integer, nullable=False),  # 1, 2, 3, ... within its case
    Column("stage", String(16), nullable=False, server_default=""),  # of a network: limit | suspend; else ""
    Column("actor_kind", String(16), nullable=False),
    Column("actor_id", String(64), nullable=False),
    Column("action", String(16), nullable=False),
    Column("clause_id", String(200)),
    Column("stance", String(16)),
    Column("purpose", String(16)),
    Column("jurisdictions", Text, nullable=False),  # JSON list; ["*"] is everywhere
    Column("reason", Text, nullable=False),
    Column("expires_at", MOMENT),
    Column("duration", MOMENT),  # milliseconds, counted from when it takes effect
    Column("facts", Text, nullable=False),  # canonical JSON: the evidence as it was, versions pinned
    Column("evidence_digest", String(64), nullable=False, info=digest_of("facts")),
    Column("automated", Integer, nullable=False),  # 1: no person decided, a rule or a program did
    Column("decided_by", String(200)),  # of a token: the person there who decided
    Column(
        "state", String(16), nullable=False
    ),  # proposed | effective | declined | undone | reversed | expired
    Column("needs", Text, nullable=False),  # JSON list: why a second person is needed; empty: none is
    Column("second_id", String(64)),
    Column("second_at", MOMENT),
    Column("second_reason", Text),
    Column("undoes", ID, ForeignKey("decisions.id")),  # the decision that this one takes back
    Column("made_at", MOMENT, nullable=False),
    Column("effective_at", MOMENT),
    Column("asked", String(64), unique=True),  # digest of actor and idempotency key
    Column("asked_for", String(64)),  # digest of what was asked with that key
    Index("uq_decisions_number", "case_id", "number", unique=True),
    # Two people who decide one case at once: the database lets one in, whatever the program does.
    Index(
        "uq_decisions_stands", "case_id", "stage", unique=True, sqlite_where=_STANDS, postgresql_where=_STANDS
    ),
    Index(None, "state", "expires_at"),
    Index(None, "undoes"),
    Index(None, "actor_id", "made_at"),
    Index(None, "second_id", "second_at"),
)

decision_subjects = Table(
    "decision_subjects",
    METADATA,
    Column("decision_id", ID, ForeignKey("decisions.id"), primary_key=True),
    Column("platform", String(64), primary_key=True),
    Column("subject_kind", String(16), primary_key=True),  # post | media | account
    Column("subject_id", String(512), primary_key=True),
    Column("account_id", String(512)),  # whose it is; of an account, its own id
    Column("item_id", ID, ForeignKey("items.id")),
    Column("state", String(16), nullable=False),  # as of the decision, or excluded: left out by name
    Column("lifted_by", ID, ForeignKey("decisions.id")),  # a later decision to restore
    Index("ix_decision_subjects_subject", "subject_id", "subject_kind", "platform"),
    Index(None, "account_id"),
    Index(None, "lifted_by"),
)

strikes = Table(
    "strikes",
    METADATA,
    Column("id", ID, primary_key=True),
    Column("account_id", String(512), nullable=False),
    Column("platform", String(64), nullable=False),
    Column("decision_id", ID, ForeignKey("decisions.id"), nullable=False),
    Column("severity", String(16), nullable=False),
    Column("weight", Integer, nullable=False),
    Column("at", MOMENT, nullable=False),
    Column("expires_at", MOMENT, nullable=False),
    Column("revoked_at", MOMENT),
    Index("uq_strikes_one", "decision_id", "account_id", "platform", unique=True),
    Index("ix_strikes_account", "account_id", "platform", "revoked_at"),
)

notices = Table(
    "notices",
    METADATA,
    Column("id", ID, primary_key=True),
    Column("decision_id", ID, ForeignKey("decisions.id"), nullable=False),
    Column("kind", String(16), nullable=False),  # decided | undone | upheld | reversed
    Column("recipient_kind", String(16), nullable=False),  # affected | reporter
    Column("recipient_id", String(512), nullable=False),  # account, or report
    Column("platform", String(64), nullable=False),
    Column("lang", String(8), nullable=False),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("body", Text, nullable=False),  # JSON: the statement of reasons, as it was given
    Column("made_at", MOMENT, nullable=False),
    Column("read_at", MOMENT),
    Index(None, "decision_id"),
    Index(None, "recipient_id"),
)

appeals = Table(
    "appeals",
    METADATA,
    Column("id", ID, primary_key=True),
    Column("decision_id", ID, ForeignKey("decisions.id"), nullable=False),
    Column("notice_id", ID, ForeignKey("notices.id"), nullable=False, unique=True),
    Column("recipient_kind", String(16), nullable=False),
    Column("recipient_id", String(512), nullable=False),
    Column("platform", String(64), nullable=False),
    Column("text", Text, nullable=False),
    Column("lang", String(8), nullable=False),
    Column("made_at", MOMENT, nullable=False),
    Column("due_at", MOMENT, nullable=False),
    Column("state", String(16), nullable=False),  # open | upheld | reversed
    Column("person_id", String(64)),
    Column("answer", Text),
    Column("decided_at", MOMENT),
    # Once a decision and appellant, whatever the program does.
    Index("uq_appeals_once", "decision_id", "recipient_kind", "recipient_id", "platform", unique=True),
    Index(None, "state", "due_at"),
)
