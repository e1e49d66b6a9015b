"""Cases: what is looked at (frozen), what was found and reported about it, and who is looking now."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Double, ForeignKey, Index, Integer, String, Table, Text

from tarazu.store.metadata import ID, METADATA, MOMENT, SERIAL, UNLOGGED

items = Table(
    "items",  # a snapshot of a post, an account or a network: written once, never changed
    METADATA,
    Column("id", ID, primary_key=True),
    Column("platform", String(64), nullable=False),  # "" where nobody said
    Column("kind", String(16), nullable=False),  # post | account | network | media
    Column("external_id", String(512), nullable=False),
    Column("author_id", String(512)),
    Column("author_name", Text),
    Column("text", Text),
    Column("lang", String(35)),
    Column("created_at", MOMENT),
    Column("url", Text),
    Column("media", Text, nullable=False),  # JSON list of {ref, pdq, sha256}
    Column("context", Text, nullable=False),  # JSON: reply_to, quote_of, urls, hashtags, ...
    Column("digest", String(64), nullable=False),  # of what was seen: another text is another snapshot
    Column("seen_at", MOMENT, nullable=False),
    Index("uq_items_snapshot", "external_id", "kind", "platform", "digest", unique=True),
    Index(None, "author_id"),
)

cases = Table(
    "cases",
    METADATA,
    Column("id", ID, primary_key=True),
    Column("kind", String(16), nullable=False),  # post | account | network
    Column("state", String(16), nullable=False),  # open | waiting_second | decided | appealed | closed
    Column("item_id", ID, ForeignKey("items.id"), nullable=False),  # the main one
    Column("title", Text, nullable=False),
    Column("key", String(64), nullable=False),  # equal for cases about the same thing
    Column("signature", String(200), nullable=False, server_default=""),  # outcome, clauses, entities found
    Column("priority", Double, nullable=False),  # see tarazu.cases.priority
    Column("severity", String(16), nullable=False),
    Column("reach", Double, nullable=False),  # 0 to 1
    Column("certainty", Double, nullable=False),  # 0 to 1
    Column("due_at", MOMENT),
    Column("lang", String(35)),
    Column("skills", Text, nullable=False),  # JSON list
    Column("jurisdiction", String(200)),  # where it was found to violate, parted by spaces
    Column("clause_id", String(200)),
    Column("opened_at", MOMENT, nullable=False),
    Column("updated_at", MOMENT, nullable=False),
    Column("decided_at", MOMENT),
    Column("reports", Integer, nullable=False, server_default="0"),
    Column("size", Integer, nullable=False, server_default="1"),  # posts; of a network, its accounts
    Column("sources", Text, nullable=False),  # JSON list: scan, user, anonymous, trusted_flagger, ...
    Column("shadow", Integer, nullable=False, server_default="0"),
    # Ties are broken by id, so every order of a page is total.
    Index("ix_cases_queue", "state", "priority", "id"),
    Index("ix_cases_queue_kind", "state", "kind", "priority", "id"),
    Index("ix_cases_queue_lang", "state", "lang", "priority", "id"),
    Index("ix_cases_queue_clause", "state", "clause_id", "priority", "id"),
    Index("ix_cases_due", "state", "due_at", "id"),
    Index("ix_cases_opened", "state", "opened_at", "id"),
    Index(None, "item_id"),
    Index(None, "key"),
)

case_items = Table(
    "case_items",
    METADATA,
    Column("case_id", ID, ForeignKey("cases.id"), primary_key=True),
    Column("item_id", ID, ForeignKey("items.id"), primary_key=True),
    Column("role", String(16), nullable=False),  # main | duplicate | member
    Index(None, "item_id"),
)

case_keys = Table(
    "case_keys",  # by which a further item finds its case
    METADATA,
    Column("value", String(64), primary_key=True),  # key of one of its items
    Column("case_id", ID, ForeignKey("cases.id"), primary_key=True),
    Column("media", String(64), nullable=False),  # digest of that item's pictures
    sqlite_with_rowid=False,
)

case_bands = Table(
    "case_bands",  # bands of the MinHash signature of the main item's text
    METADATA,
    Column("value", BigInteger, primary_key=True, autoincrement=False),
    Column("case_id", ID, ForeignKey("cases.id"), primary_key=True),
    sqlite_with_rowid=False,
)

case_pictures = Table(
    "case_pictures",  # numbered, so that an index in memory can ask for what came since
    METADATA,
    Column("number", SERIAL, primary_key=True, autoincrement=True),
    Column("case_id", ID, ForeignKey("cases.id"), nullable=False),
    Column("pdq", String(64), nullable=False),
    Index(None, "case_id"),
)

case_words = Table(
    "case_words",  # folded words of all items, for search
    METADATA,
    Column("case_id", ID, ForeignKey("cases.id"), primary_key=True),
    Column("words", Text, nullable=False),
)

findings = Table(
    "findings",
    METADATA,
    Column("id", ID, primary_key=True),
    Column("case_id", ID, ForeignKey("cases.id"), nullable=False),
    Column("item_id", ID, ForeignKey("items.id"), nullable=False),
    Column("kind", String(16), nullable=False),  # violation | media_match | network | flagging | reports
    Column("signature", String(200), nullable=False),  # equal when the same was found again
    Column("body", Text, nullable=False),  # JSON, frozen as found
    Column("versions", Text, nullable=False),  # JSON: policy, entities, model, detector
    Column("certainty", Double, nullable=False),
    Column("found_at", MOMENT, nullable=False),
    Index(None, "case_id"),
    Index(None, "item_id"),
)

reports = Table(
    "reports",
    METADATA,
    Column("id", ID, primary_key=True),
    Column("external_id", String(200), unique=True),  # the sender's own, so that twice is once
    Column("case_id", ID, ForeignKey("cases.id"), nullable=False),
    Column("item_id", ID, ForeignKey("items.id"), nullable=False),
    Column("kind", String(20), nullable=False),  # user | anonymous | trusted_flagger | government_order
    Column("reporter", String(512)),
    Column("contact", Text),
    Column("reason", Text, nullable=False),
    Column("clause_id", String(200)),
    Column("comment", Text),
    Column("authority", Text),
    Column("legal_basis", Text),
    Column("jurisdiction", String(200)),
    Column("due_at", MOMENT),
    Column("received_at", MOMENT, nullable=False),
    Column("state", String(16), nullable=False),  # open | closed | refused
    Column("answer", Text),
    Column("answered_at", MOMENT),
    Column("token_hash", String(64), nullable=False, unique=True),
    Index(None, "case_id", "received_at"),
    Index(None, "item_id", "received_at"),
    Index(None, "reporter", "received_at"),
    Index("ix_reports_kind", "kind", "state", "case_id"),
)

locks = Table(
    "locks",
    METADATA,
    Column("case_id", ID, ForeignKey("cases.id"), primary_key=True),
    Column("person_id", String(64), nullable=False),
    Column("until", MOMENT, nullable=False),
    Index(None, "person_id"),
    info=UNLOGGED,
)

escalations = Table(
    "escalations",  # handed to a lead by somebody, with a word why
    METADATA,
    Column("id", ID, primary_key=True),
    Column("case_id", ID, ForeignKey("cases.id"), nullable=False),
    Column("by", String(64), nullable=False),
    Column("why", Text, nullable=False),
    Column("at", MOMENT, nullable=False),
    Column("ended_at", MOMENT),  # handed back
    Column("ended_by", String(64)),
    Column("answer", Text),
    Index(None, "case_id"),
    Index(None, "ended_at"),
)
