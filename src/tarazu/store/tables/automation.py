"""Automation: rules and what they did, quotas, stops, groups of false reporters, holds and erasures."""

from __future__ import annotations

from sqlalchemy import Column, Double, ForeignKey, Index, Integer, String, Table, Text

from tarazu.store.metadata import ID, METADATA, MOMENT, UNLOGGED

rules = Table(
    "rules",
    METADATA,
    Column("id", ID, primary_key=True),
    Column("name", String(200), nullable=False),
    Column("state", String(16), nullable=False),  # draft | shadow | live | stopped
    Column("version", Integer, nullable=False),  # counts up when what it does changes
    Column("condition", Text, nullable=False),  # JSON, see tarazu.cases.rule
    Column("action", String(16), nullable=False),
    Column("clause_id", String(200), nullable=False),
    Column("reason", Text, nullable=False),  # of every decision it makes
    Column("measured", Text),  # JSON: the last backtest of this version
    Column("daily_quota", Integer, nullable=False),
    Column("made_by", String(64), nullable=False),
    Column("made_at", MOMENT, nullable=False),
    Column("edited_by", String(64), nullable=False),
    Column("edited_at", MOMENT, nullable=False),
    Column("shadow_at", MOMENT),  # since when this version runs in shadow
    Column("live_at", MOMENT),  # since when it acts
    Index(None, "state"),
)

rule_hits = Table(
    "rule_hits",
    METADATA,
    Column("id", ID, primary_key=True),
    Column("rule_id", ID, ForeignKey("rules.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("case_id", ID, ForeignKey("cases.id"), nullable=False),
    Column("at", MOMENT, nullable=False),
    Column("mode", String(16), nullable=False),  # shadow | live
    Column("acted", Integer, nullable=False),
    Column(
        "why", String(16), nullable=False
    ),  # acted | proposed | shadow | quota | stopped | policy | refused
    Column("decision_id", ID),
    # One rule meets one case once, however many workers look at it.
    Index("uq_rule_hits_once", "rule_id", "version", "mode", "case_id", unique=True),
    Index(None, "rule_id", "at"),
    Index(None, "case_id"),
    info=UNLOGGED,  # what a rule decides is accounted for as a decision
)

quotas = Table(
    "quotas",
    METADATA,
    Column("name", String(80), primary_key=True),  # rule:ID
    Column("day", String(10), primary_key=True),  # 2026-11-23, UTC
    Column("used", Integer, nullable=False),
    info=UNLOGGED,  # the decision that used it is accounted for
)

sweeps = Table(
    "sweeps",
    METADATA,
    Column("name", String(80), primary_key=True),
    Column("at", MOMENT, nullable=False),  # everything up to here was looked at
    Column("last_id", String(26), nullable=False),
    info=UNLOGGED,
)

stops = Table(
    "stops",
    METADATA,
    Column("id", ID, primary_key=True),
    Column("rule_id", ID, ForeignKey("rules.id"), nullable=False),
    Column("at", MOMENT, nullable=False),
    Column("by", String(64), nullable=False),  # a person, or the rule itself
    Column("why", Text, nullable=False),
    Column("facts", Text, nullable=False),  # JSON: its share of recent actions
    Column("lifted_at", MOMENT),
    Column("lifted_by", String(64)),
    Column("lifted_why", Text),
    Index(None, "rule_id", "at"),
)

flag_groups = Table(
    "flag_groups",  # reporters who report together more than chance allows
    METADATA,
    Column("id", ID, primary_key=True),
    Column("kind", String(16), nullable=False),  # together | flood
    Column("case_id", ID, ForeignKey("cases.id")),  # about the reporters
    Column("item_id", ID, ForeignKey("items.id")),  # of a flood: what was reported
    Column("p_value", Double, nullable=False),
    Column("at", MOMENT, nullable=False),
    Column("until", MOMENT),  # of a flood: its reports up to here
    Column("lifted_at", MOMENT),
    Column("lifted_by", String(64)),
    Index(None, "item_id"),
    Index(None, "case_id"),
)

flag_members = Table(
    "flag_members",
    METADATA,
    Column("group_id", ID, ForeignKey("flag_groups.id"), primary_key=True),
    Column("reporter", String(512), primary_key=True),
    Index(None, "reporter"),
)

holds = Table(
    "holds",
    METADATA,
    Column("id", ID, primary_key=True),
    Column("subject_kind", String(16), nullable=False),  # case | account
    Column("subject_id", String(512), nullable=False),
    Column("platform", String(64), nullable=False),
    Column("reason", Text, nullable=False),
    Column("from_at", MOMENT, nullable=False),
    Column("to_at", MOMENT),  # none: until it is lifted
    Column("placed_by", String(64), nullable=False),
    Column("lifted_at", MOMENT),
    Column("lifted_by", String(64)),
    Index(None, "subject_kind", "subject_id"),
)

erasures = Table(
    "erasures",
    METADATA,
    Column("id", ID, primary_key=True),
    Column("at", MOMENT, nullable=False),
    Column("why", String(16), nullable=False),  # retention | request
    Column("case_id", ID),
    Column("account_id", String(512)),  # of a request: emptied once nothing of theirs is left
    Column("platform", String(64)),
    Column("pseudonym", String(64)),  # of a request: what stands for them from then on
    Column("state", String(16), nullable=False),  # pending | done
    Column("entries", Integer, nullable=False),  # of the ledger, whose bodies went
    Column("done_at", MOMENT),
    Column("asked_by", String(64), nullable=False),
    Index("uq_erasures_case", "case_id", unique=True),
    Index(None, "state"),
)
