"""What a page of the queue shows, and in which order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, literal, or_, select, tuple_

from tarazu.cases.case import CaseKind, CaseRow, CaseState
from tarazu.cases.draft import language
from tarazu.cases.escalation import with_leads
from tarazu.cases.refusal import CaseError
from tarazu.cases.report import ReportKind
from tarazu.store.tables.cases import cases, locks, reports
from tarazu.store.tables.decisions import decisions
from tarazu.store.times import ms

RULE = "rule"  # decided by any rule


class Order(StrEnum):
    """In which order. Each is total: ties go by id."""

    PRIORITY = "priority"  # the most urgent first
    DUE = "due"  # the nearest deadline first; only cases that have one
    NEWEST = "newest"
    OLDEST = "oldest"

    @property
    def column(self) -> ColumnElement[Any]:
        """By what it sorts."""
        named: dict[Order, ColumnElement[Any]]
        named = {Order.PRIORITY: cases.c.priority, Order.DUE: cases.c.due_at}
        return named.get(self, cases.c.opened_at)

    @property
    def ascending(self) -> bool:
        """Whether the smallest is first."""
        return self in (Order.DUE, Order.OLDEST)

    def cursor(self, row: CaseRow) -> str:
        """What `after` wants, to go on behind this row."""
        if self == Order.PRIORITY:
            return f"{row.priority!r}:{row.id}"
        at = row.due_at if self == Order.DUE else row.opened_at
        return f"{ms(at) if at else 0}:{row.id}"

    def behind(self, cursor: str) -> ColumnElement[bool]:
        """What lies behind a cursor. Raises CaseError for one that was not made by `cursor`."""
        value, _, case_id = cursor.partition(":")
        try:
            at = float(value) if self == Order.PRIORITY else int(value)
        except ValueError:
            raise CaseError("This page of the queue is not known. Begin with its first page.") from None
        here, there = tuple_(self.column, cases.c.id), tuple_(literal(at), literal(case_id))
        return here > there if self.ascending else here < there

    def key(self, row: CaseRow) -> tuple[float, str]:
        """By what rows of several states are merged."""
        value, _, case_id = self.cursor(row).partition(":")
        return float(value), case_id


@dataclass(frozen=True, kw_only=True)
class Filter:
    """Which cases; what is None does not matter."""

    states: tuple[CaseState, ...] = (CaseState.OPEN,)
    kind: CaseKind | None = None
    lang: str | None = None  # en, fa, ar, ...
    clause_id: str | None = None
    source: str | None = None  # scan, user, anonymous, trusted_flagger, government_order
    action: str | None = None  # of a decision that stands
    decided_by: str | None = None  # a person or a rule, by id; RULE: any rule
    opened_from: datetime | None = None
    opened_before: datetime | None = None
    due_before: datetime | None = None
    assigned_to: str | None = None  # a person who holds the lock
    unassigned: bool = False  # nobody holds it
    escalated: bool = False  # handed to a lead
    search: str | None = None  # words; each must begin a word of the case

    def of(self, state: CaseState) -> Filter:
        """The same for one state."""
        return replace(self, states=(state,))

    def where(self, now: datetime) -> list[ColumnElement[bool]]:
        """All but the search, as conditions."""
        found: list[ColumnElement[bool]] = [
            cases.c.state == str(self.states[0])
            if len(self.states) == 1
            else cases.c.state.in_([str(state) for state in self.states])
        ]
        if self.kind is not None:
            found.append(cases.c.kind == str(self.kind))
        if self.lang is not None:
            found.append(cases.c.lang == language(self.lang))
        if self.clause_id is not None:
            found.append(cases.c.clause_id == self.clause_id)
        if self.source is not None:
            if self.source in tuple(ReportKind):
                found.append(cases.c.id.in_(select(reports.c.case_id).where(reports.c.kind == self.source)))
            else:
                found.append(cases.c.sources.contains(f'"{self.source}"', autoescape=True))
        if self.action is not None:
            stands = decisions.c.state.in_(("proposed", "effective", "expired")) & decisions.c.undoes.is_(
                None
            )
            taken = select(decisions.c.case_id).where(
                decisions.c.case_id == cases.c.id, decisions.c.action == self.action, stands
            )
            found.append(taken.exists())
        if self.decided_by is not None:
            found.append(_decided_by(self.decided_by).exists())
        if self.opened_from is not None:
            found.append(cases.c.opened_at >= ms(self.opened_from))
        if self.opened_before is not None:
            found.append(cases.c.opened_at < ms(self.opened_before))
        if self.due_before is not None:
            found.append(and_(cases.c.due_at.is_not(None), cases.c.due_at < ms(self.due_before)))
        held = (locks.c.case_id == cases.c.id) & (locks.c.until > ms(now))
        if self.assigned_to is not None:
            mine = select(locks.c.case_id).where(
                locks.c.until > ms(now), locks.c.person_id == self.assigned_to
            )
            found.append(cases.c.id.in_(mine))
        if self.unassigned:
            found.append(~exists(select(literal(1)).where(held)))
        if self.escalated:
            found.append(with_leads())
        return found


def _decided_by(who: str) -> Select[Any]:
    taken = select(decisions.c.case_id).where(
        decisions.c.case_id == cases.c.id,
        decisions.c.state.in_(("effective", "expired")),
        decisions.c.undoes.is_(None),
    )
    if who == RULE:
        return taken.where(decisions.c.actor_kind == "rule")
    return taken.where(or_(decisions.c.actor_id == who, decisions.c.second_id == who))


def spoken(languages: Sequence[str]) -> ColumnElement[bool]:
    """Cases in one of these languages, or in none that is known."""
    return or_(cases.c.lang.is_(None), cases.c.lang.in_([language(one) for one in languages]))
