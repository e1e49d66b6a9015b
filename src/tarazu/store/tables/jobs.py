"""Jobs: what runs by itself, who is at it now and how it went; and which reported posts the judge has read."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table, Text

from tarazu.store.metadata import ID, METADATA, MOMENT, UNLOGGED

jobs = Table(
    "jobs",
    METADATA,
    Column("name", String(32), primary_key=True),
    Column("holder", String(80)),  # the process that is at it
    Column("until", MOMENT),  # after that it is taken for dead
    Column("started_at", MOMENT),
    Column("ended_at", MOMENT),
    Column("worked_at", MOMENT),  # start of the last run that succeeded
    Column("took", Integer),  # milliseconds of the last run
    Column("done", BigInteger),  # how much the last run that succeeded did
    Column("mark", String(200)),  # what that run went by, where it has to run again when that changes
    Column("failures", Integer, nullable=False),  # one after the other
    Column("error", Text),  # of the last run, if it failed
    Column("next_at", MOMENT, nullable=False),
    info=UNLOGGED,  # what a job does is accounted for where it does it
)

readings = Table(
    "readings",  # posts that were reported and that the judge has read; what it found is a finding
    METADATA,
    Column("item_id", ID, ForeignKey("items.id"), primary_key=True),
    Column("mark", String(200), nullable=False),  # policy, entities and model that it was read by
    Column("outcome", String(16), nullable=False),
    Column("at", MOMENT, nullable=False),
    Index(None, "mark"),
    info=UNLOGGED,  # a reading that finds nothing changes nothing
)
