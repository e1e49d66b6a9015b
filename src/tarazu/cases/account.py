"""An account: what it wrote, what was decided about it, its strikes, reports and appeals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tarazu.cases.case import CaseState
from tarazu.cases.decision import Action, DecisionState
from tarazu.cases.refusal import CaseError


class AccountNotFound(CaseError):
    """Nothing is known of this account."""

    def __init__(self, account_id: str) -> None:
        super().__init__(f"Nothing is known of an account {account_id!r}. Look it up in the search.")


@dataclass(frozen=True, kw_only=True)
class Written:
    """A post of the account, as it was last seen."""

    text: str | None
    at: datetime
    case_id: str | None
    state: CaseState | None


@dataclass(frozen=True, kw_only=True)
class OfCase:
    """A case that the account itself is in: about it, or about a network."""

    id: str
    kind: str
    title: str
    state: CaseState
    opened_at: datetime


@dataclass(frozen=True, kw_only=True)
class OfDecision:
    """A decision that touched the account or something of it."""

    id: str
    case_id: str
    action: Action
    state: DecisionState
    clause_id: str | None
    about: str  # post | media | account
    at: datetime
    expires_at: datetime | None
    automated: bool


@dataclass(frozen=True, kw_only=True)
class OfStrike:
    """A strike."""

    decision_id: str
    case_id: str
    weight: int
    at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    counts: bool  # now


@dataclass(frozen=True, kw_only=True)
class OfReport:
    """A report about the account's posts, or one that it handed in."""

    case_id: str
    kind: str
    reason: str
    state: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class OfAppeal:
    """An appeal of the account."""

    id: str
    state: str
    at: datetime
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class AccountFile:
    """Everything about one account; lists are the latest first and hold at most MOST."""

    id: str
    platform: str
    name: str | None
    seen_from: datetime | None
    seen_to: datetime | None
    posts: int
    written: Sequence[Written]
    cases: Sequence[OfCase]
    decisions: Sequence[OfDecision]
    strikes: Sequence[OfStrike]
    weight: int  # of strikes that count now
    reported: int
    reports: Sequence[OfReport]
    handed_in: int  # reports by it
    flagged: bool  # it belongs to accounts that reported together more than chance allows
    own_reports: Sequence[OfReport]  # only where it is flagged: who reports is otherwise nobody's business
    appeals: Sequence[OfAppeal]
