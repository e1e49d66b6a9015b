"""Reports: what users, flaggers and authorities say about an item. A report is judged; it never acts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from tarazu.cases.item import Item
from tarazu.cases.refusal import ReportRefused


class ReportKind(StrEnum):
    """Who reports. Each kind is counted for itself, in public."""

    USER = "user"
    ANONYMOUS = "anonymous"
    TRUSTED_FLAGGER = "trusted_flagger"
    GOVERNMENT_ORDER = "government_order"


class ReportState(StrEnum):
    """What became of a report."""

    OPEN = "open"
    CLOSED = "closed"  # its case was decided
    REFUSED = "refused"  # an order that was not carried out, with the reason


class ReportOutcome(StrEnum):
    """What was done about it, in words so general that they say nothing about the other side."""

    ACTED = "acted"
    NO_ACTION = "no_action"
    RESTORED = "restored"
    REFUSED = "refused"  # of an order
    REVERSED = "reversed"  # acted, and reversed on appeal
    UNDONE = "undone"


ORDER_CLOCK = timedelta(hours=1)  # EU 2021/784, Art. 3(3): from receipt
TEXT = 5_000  # characters of a reason or comment that are kept


@dataclass(frozen=True, kw_only=True)
class Report:
    """A report on its way in."""

    item: Item  # as much of it as the reporter knows; the id is enough
    kind: ReportKind
    reason: str
    reporter: str | None = None  # id; never kept for an anonymous report
    contact: str | None = None
    clause_id: str | None = None
    comment: str | None = None
    authority: str | None = None  # of an order
    legal_basis: str | None = None
    jurisdiction: str | None = None
    external_id: str | None = None  # the sender's own id: the same report sent twice is kept once
    received_at: datetime | None = None  # default: now

    def check(self) -> None:
        """Raise ReportRefused where something is missing that the kind needs."""
        if not self.item.external_id.strip():
            raise ReportRefused(
                "A report must name what it is about: give the id or the address of the post."
            )
        if not self.reason.strip():
            raise ReportRefused("A report must say why: give a reason.")
        if self.kind == ReportKind.GOVERNMENT_ORDER:
            wanted = {
                "authority": self.authority,
                "legal basis": self.legal_basis,
                "jurisdiction": self.jurisdiction,
            }
            missing = [name for name, value in wanted.items() if not (value or "").strip()]
            if missing:
                raise ReportRefused(
                    f"A government order must state its {', '.join(missing)}. Ask the authority for it."
                )

    def due(self, received: datetime) -> datetime | None:
        """Until when it has to be dealt with."""
        return received + ORDER_CLOCK if self.kind == ReportKind.GOVERNMENT_ORDER else None


@dataclass(frozen=True, kw_only=True)
class ReportReceipt:
    """What the sender gets. The token is shown this once; only its hash is kept."""

    case_id: str
    token: str | None  # None: the same report was received before
    report_id: str
    opened: bool  # a new case was opened
    repeat: bool  # this very report was received before
    reporters_last_hour: int  # distinct reporters of the item: what a flood is seen by


@dataclass(frozen=True, kw_only=True)
class FiledReport:
    """A report as it is kept."""

    id: str
    case_id: str
    item_id: str
    kind: ReportKind
    reason: str
    received_at: datetime
    state: ReportState
    reporter: str | None = None
    contact: str | None = None
    clause_id: str | None = None
    comment: str | None = None
    authority: str | None = None
    legal_basis: str | None = None
    jurisdiction: str | None = None
    due_at: datetime | None = None
    answer: str | None = None
    answered_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ReportStatus:
    """What the sender may read later, with the token: nothing about anybody else."""

    kind: ReportKind
    state: ReportState
    received_at: datetime
    due_at: datetime | None
    answer: str | None
    answered_at: datetime | None
    decided: bool  # the case has a decision
    outcome: ReportOutcome | None = None  # what was decided; None while nothing is
