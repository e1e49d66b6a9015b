"""Cases: what one decision is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tarazu.cases.finding import Finding
from tarazu.cases.item import Item
from tarazu.cases.report import FiledReport
from tarazu.verdicts import Severity


class CaseKind(StrEnum):
    """What a case is about."""

    POST = "post"
    ACCOUNT = "account"
    NETWORK = "network"


class CaseState(StrEnum):
    """Where a case is."""

    OPEN = "open"
    WAITING_SECOND = "waiting_second"  # a decision is proposed
    DECIDED = "decided"
    APPEALED = "appealed"
    CLOSED = "closed"


class ItemRole(StrEnum):
    """What an item is to its case."""

    MAIN = "main"
    DUPLICATE = "duplicate"
    MEMBER = "member"  # an account of a network


UNDECIDED = (CaseState.OPEN, CaseState.WAITING_SECOND)


@dataclass(frozen=True, kw_only=True)
class CaseRow:
    """A case as the queue shows it."""

    id: str
    kind: CaseKind
    state: CaseState
    item_id: str
    title: str  # the beginning of its text, in one line
    priority: float  # for sorting
    weight: float  # 0 to 100, for people: `priority.Weight.base`
    severity: Severity
    reach: float
    certainty: float
    due_at: datetime | None
    lang: str | None
    skills: tuple[str, ...]
    jurisdiction: str | None
    clause_id: str | None
    opened_at: datetime
    updated_at: datetime
    decided_at: datetime | None
    reports: int
    size: int  # posts; of a network, its accounts
    sources: tuple[str, ...]  # scan, user, anonymous, trusted_flagger, government_order
    shadow: bool
    author_name: str | None
    author_id: str | None
    platform: str
    has_media: bool
    locked_by: str | None  # person, while the lock lasts
    locked_until: datetime | None


@dataclass(frozen=True, kw_only=True)
class CaseItem:
    """An item of a case."""

    item: Item
    role: ItemRole


@dataclass(frozen=True, kw_only=True)
class Similar:
    """A decided case that is like this one, with its outcome."""

    case_id: str
    title: str
    text: str | None
    alike: float  # 0 to 1
    how: str  # same | near | picture
    decided_at: datetime | None
    outcome: Mapping[str, object]  # action, clause_id, stance, purpose of its last effective decision


@dataclass(frozen=True, kw_only=True)
class Case:
    """Everything a page about a case needs."""

    row: CaseRow
    items: tuple[
        CaseItem, ...
    ]  # the main one first; at most `view.ITEMS`, `row.size` says how many there are
    findings: tuple[Finding, ...]  # the latest first
    reports: tuple[FiledReport, ...]  # orders first, then the latest; at most `view.REPORTS`
    decisions: tuple[Mapping[str, object], ...]  # rows of decisions, the latest first
    notices: tuple[Mapping[str, object], ...]
    appeals: tuple[Mapping[str, object], ...]
    similar: tuple[Similar, ...]

    @property
    def main(self) -> Item:
        """What the case is about."""
        return self.items[0].item

    @property
    def verdict(self) -> Finding | None:
        """The latest finding about the main item."""
        return next((one for one in self.findings if one.item_id == self.main.id), None)
