"""Findings: what was found about an item, frozen as it was found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from tarazu.cases.item import Item
from tarazu.verdicts import Severity


class FindingKind(StrEnum):
    """What found it."""

    VIOLATION = "violation"  # the judge: words, and pictures with words
    MEDIA_MATCH = "media_match"  # a known picture
    NETWORK = "network"  # accounts acting together
    FLAGGING = "flagging"  # mass false reporting
    STRIKES = "strikes"  # what counts against an account reaches a threshold
    REPORTS = "reports"


@dataclass(frozen=True, kw_only=True)
class Found:
    """A finding on its way in: what opens a case, or joins one."""

    item: Item
    kind: FindingKind
    body: Mapping[str, object]  # JSON; everything that a reviewer is shown, as it was
    versions: Mapping[str, str]
    certainty: float  # 0 to 1
    signature: str  # short; equal when the same is found again: outcome, clauses, entities
    severity: Severity = Severity.MEDIUM
    reach: float = 0.0  # 0 to 1, `priority.reach_of`
    clause_id: str | None = None
    jurisdiction: str | None = None
    lang: str | None = None  # default: the item's
    skills: tuple[str, ...] = ()
    source: str = "scan"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A finding of a case, as it is kept."""

    id: str
    case_id: str
    item_id: str
    kind: FindingKind
    signature: str
    certainty: float
    found_at: datetime
    body: Mapping[str, object] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Opened:
    """What became of findings: found == opened + joined + known."""

    found: int = 0
    opened: int = 0  # new cases
    joined: int = 0  # further items or findings of an open case
    known: int = 0  # the same was found before
    case_ids: tuple[str, ...] = ()  # of the new cases

    def __add__(self, other: Opened) -> Opened:
        return Opened(
            found=self.found + other.found,
            opened=self.opened + other.opened,
            joined=self.joined + other.joined,
            known=self.known + other.known,
            case_ids=self.case_ids + other.case_ids,
        )
