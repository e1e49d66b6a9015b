"""The tables of a bank, version 1. What is written here is the contract of every `.bank` file."""

from __future__ import annotations

from tarazu.media.bank.database import Kind

_TABLES = """
CREATE TABLE bank (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  mark TEXT NOT NULL,            -- random: another file of the same name is another bank
  name TEXT NOT NULL,
  owner TEXT NOT NULL,
  reason TEXT NOT NULL,
  source TEXT NOT NULL,
  distance INTEGER NOT NULL CHECK (distance BETWEEN 0 AND 31),
  negative INTEGER NOT NULL CHECK (negative IN (0, 1)),
  created_at INTEGER NOT NULL,   -- ms since 1970, UTC, as all times but expires_at
  purged INTEGER NOT NULL        -- how often an entry was; an index from before is not used
);
CREATE TABLE entry (
  key INTEGER PRIMARY KEY AUTOINCREMENT,  -- never used twice: a stale index cannot name another entry
  id TEXT NOT NULL UNIQUE,
  sha256 TEXT,
  md5 TEXT,
  label TEXT NOT NULL,
  entity_id TEXT,
  shows TEXT,
  reason TEXT NOT NULL,
  source TEXT NOT NULL,
  added_by TEXT NOT NULL,
  added_at INTEGER NOT NULL,
  expires_at TEXT,               -- YYYY-MM-DD
  state TEXT NOT NULL CHECK (state IN ('quarantined', 'active', 'held', 'removed')),
  features BLOB,
  frames INTEGER NOT NULL
);
CREATE INDEX entry_sha256 ON entry (sha256) WHERE sha256 IS NOT NULL;
CREATE INDEX entry_md5 ON entry (md5) WHERE md5 IS NOT NULL;
CREATE TABLE frame (
  key INTEGER PRIMARY KEY AUTOINCREMENT,
  entry INTEGER NOT NULL REFERENCES entry (key),
  pdq BLOB NOT NULL CHECK (length(pdq) = 32),
  quality INTEGER NOT NULL,
  at REAL NOT NULL
);
CREATE INDEX frame_entry ON frame (entry);
CREATE TABLE change (
  revision INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  what TEXT NOT NULL,
  entry INTEGER,                 -- its key; NULL: the bank itself
  id TEXT,
  by TEXT NOT NULL,
  reason TEXT NOT NULL
);
CREATE TRIGGER change_stays BEFORE DELETE ON change
  BEGIN SELECT raise(ABORT, 'the change log is never shortened'); END;
CREATE TRIGGER change_stands BEFORE UPDATE ON change
  BEGIN SELECT raise(ABORT, 'the change log is never rewritten'); END;
CREATE TABLE feedback (
  key INTEGER PRIMARY KEY AUTOINCREMENT,
  entry INTEGER NOT NULL REFERENCES entry (key),
  correct INTEGER NOT NULL CHECK (correct IN (0, 1)),
  by TEXT NOT NULL,
  reference TEXT NOT NULL,
  at INTEGER NOT NULL
);
CREATE INDEX feedback_entry ON feedback (entry);
CREATE TABLE uploads (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  total INTEGER NOT NULL
);
CREATE TABLE busy (
  entry INTEGER PRIMARY KEY REFERENCES entry (key),
  matched INTEGER NOT NULL,      -- uploads, ever
  score REAL NOT NULL,           -- of the flood guard, as of upload `seen`
  seen INTEGER NOT NULL,
  since INTEGER NOT NULL,        -- upload before the run of matches that the score stands for
  run INTEGER NOT NULL,          -- matches in that run
  usual REAL NOT NULL            -- share of uploads that is no cause for alarm
);
"""

BANK = Kind("bank", _TABLES, application=0x545A424B, version=1)  # "TZBK"
