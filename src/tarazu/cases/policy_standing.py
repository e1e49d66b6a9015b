"""Which version is in force since when, and who asks for another: rows as they are shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, select

from tarazu.cases.policy_version import Kind
from tarazu.store.tables.policies import policy_in_force, policy_proposals, policy_versions
from tarazu.store.times import moment
from tarazu.store.view import View


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A version in force from a moment on, until the next one."""

    number: int
    kind: Kind
    version_id: str
    digest: str
    name: str
    version: str
    since: datetime
    source: str  # file | example | console
    asked_by: str | None
    by: str
    alone: bool
    note: str


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """Somebody asks for a version to be put in force."""

    id: str
    kind: Kind
    version_id: str
    asked_by: str
    at: datetime
    note: str


def _standings(kind: Kind) -> Select[Any]:
    named = (policy_versions.c.digest, policy_versions.c.name, policy_versions.c.version)
    asked = select(policy_in_force, *named).join(
        policy_versions, policy_versions.c.id == policy_in_force.c.version_id
    )
    return asked.where(policy_in_force.c.kind == str(kind)).order_by(policy_in_force.c.number.desc())


def numbers(view: View) -> dict[str, int]:
    """The number of what is in force, by kind: the cheap question whether anything changed."""
    last = func.max(policy_in_force.c.number).label("last")
    rows = view.rows(select(policy_in_force.c.kind, last).group_by(policy_in_force.c.kind))
    return {row.kind: int(row.last) for row in rows}


def current(view: View, kind: Kind) -> Standing | None:
    """What is in force; None where nothing is."""
    row = view.one(_standings(kind).limit(1))
    return None if row is None else _standing(row)


def history(view: View, kind: Kind, limit: int = 200) -> list[Standing]:
    """What was in force, the latest first."""
    return [_standing(row) for row in view.rows(_standings(kind).limit(limit))]


def waiting(view: View, kind: Kind) -> Proposal | None:
    """What waits for a second person."""
    row = view.one(
        select(policy_proposals)
        .where(policy_proposals.c.kind == str(kind), policy_proposals.c.state == "waiting")
        .order_by(policy_proposals.c.id.desc())
        .limit(1)
    )
    if row is None:
        return None
    return Proposal(
        id=row.id, kind=Kind(row.kind), version_id=row.version_id, asked_by=row.asked_by, at=moment(row.at),
        note=row.note,
    )  # fmt: skip


def _standing(row: Row[Any]) -> Standing:
    return Standing(
        number=row.number, kind=Kind(row.kind), version_id=row.version_id, digest=row.digest, name=row.name,
        version=row.version, since=moment(row.since), source=row.source, asked_by=row.asked_by, by=row.by,
        alone=bool(row.alone), note=row.note,
    )  # fmt: skip
