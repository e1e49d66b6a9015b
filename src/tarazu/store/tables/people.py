"""People, what they signed in with, tokens of programs, one-time links, and counters that nobody accounts for."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from tarazu.store.metadata import ID, METADATA, MOMENT, UNLOGGED

people = Table(
    "people",
    METADATA,
    Column("id", ID, primary_key=True),
    Column("login", String(64), nullable=False, unique=True),  # lower case
    Column("name", String(200), nullable=False),
    Column("email", String(254)),
    Column("password_hash", String(200)),  # argon2id; null: cannot sign in with a password
    Column("oidc_subject", String(512), unique=True),  # issuer, a space, subject
    Column("roles", Text, nullable=False),  # JSON, as the next three
    Column("languages", Text, nullable=False),
    Column("skills", Text, nullable=False),
    Column("settings", Text, nullable=False),
    Column("active", Integer, nullable=False),
    Column("made_at", MOMENT, nullable=False),
)

# Apart from `people`, because the step moves at every sign-in.
second_factors = Table(
    "second_factors",
    METADATA,
    Column("person_id", ID, ForeignKey("people.id"), primary_key=True),
    Column("secret", LargeBinary, nullable=False),  # sealed with a key that is not in the store
    Column("confirmed", Integer, nullable=False),  # 0 until a first code was right
    Column("step", BigInteger, nullable=False),  # of the last code that was used: none works twice
    info=UNLOGGED,
)

sessions = Table(
    "sessions",
    METADATA,
    Column("token_hash", String(64), primary_key=True),  # SHA-256; the token is only in the cookie
    Column("person_id", ID, ForeignKey("people.id"), nullable=False),
    Column("made_at", MOMENT, nullable=False),
    Column("seen_at", MOMENT, nullable=False),
    Column("expires_at", MOMENT, nullable=False),
    Column("method", String(16), nullable=False),  # password | totp | oidc | link
    Column("agent", String(80), nullable=False),  # browser and system in two words, for the list of sessions
    Index(None, "person_id"),
    info=UNLOGGED,
)

tokens = Table(
    "tokens",
    METADATA,
    Column("id", ID, primary_key=True),
    Column("name", String(200), nullable=False),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("scopes", Text, nullable=False),  # JSON list of permissions
    Column("made_by", ID, ForeignKey("people.id"), nullable=False),
    Column("made_at", MOMENT, nullable=False),
    Column("expires_at", MOMENT, nullable=False),
    Column("revoked_at", MOMENT),
)

token_uses = Table(
    "token_uses",
    METADATA,
    Column("token_id", ID, ForeignKey("tokens.id"), primary_key=True),
    Column("used_at", MOMENT, nullable=False),  # to the minute
    info=UNLOGGED,
)

links = Table(
    "links",
    METADATA,
    Column("token_hash", String(64), primary_key=True),
    Column("person_id", ID, ForeignKey("people.id")),  # null at the first start
    Column("purpose", String(16), nullable=False),  # first_start | invite | reset | oidc
    Column("facts", Text, nullable=False),  # JSON: what has to be remembered until it is used
    Column("expires_at", MOMENT, nullable=False),
    Column("used_at", MOMENT),
    Index(None, "person_id"),
    info=UNLOGGED,
)

attempts = Table(
    "attempts",
    METADATA,
    Column("key", String(64), primary_key=True),  # keyed hash of what is limited: no address, no name
    Column("at", MOMENT, nullable=False),  # when the allowance is whole again
    Index(None, "at"),
    info=UNLOGGED,
)

answers = Table(
    "answers",
    METADATA,
    Column("key", String(64), primary_key=True),  # hash of token and Idempotency-Key
    Column("request", String(64), nullable=False),  # hash of method, path and body
    Column("at", MOMENT, nullable=False),
    Column("status", Integer),  # null while the first is at work
    Column("body", Text),
    Index(None, "at"),
    info=UNLOGGED,
)

exposure = Table(
    "exposure",
    METADATA,
    Column("person_id", ID, ForeignKey("people.id"), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("reveals", Integer, nullable=False, server_default="0"),
    Column("seconds", Integer, nullable=False, server_default="0"),
    Column("decisions", Integer, nullable=False, server_default="0"),
    Column("run_reveals", Integer, nullable=False, server_default="0"),  # since the last break, as the next
    Column("run_seconds", Integer, nullable=False, server_default="0"),
    Column("last_at", MOMENT),  # of the last work: after a while without any, a break was taken
    Column("quiet_until", MOMENT),  # the break was put off until then; null: not put off since the last one
    info=UNLOGGED,
)
