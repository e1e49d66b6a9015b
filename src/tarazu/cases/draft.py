"""A case while one transaction works on it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from tarazu.cases.finding import FindingKind, Found
from tarazu.cases.key import Key
from tarazu.cases.priority import SEVERITY, Weight, reach_of
from tarazu.ledger import canonical
from tarazu.store.times import moment, moment_or_none, ms
from tarazu.verdicts import Severity

TITLE = 160  # characters
WORDS = 20_000  # characters of search words that a case keeps


@dataclass(kw_only=True)
class Draft:
    """The changing columns of a case, and what the transaction has added to it."""

    id: str
    kind: str
    state: str
    item_id: str
    title: str
    key: str
    signature: str
    severity: Severity
    reach: float
    certainty: float
    due_at: datetime | None
    lang: str | None
    skills: list[str]
    jurisdiction: str | None
    clause_id: str | None
    opened_at: datetime
    reports: int = 0
    size: int = 0
    sources: list[str] = field(default_factory=list)
    order: bool = False  # an open government order
    shadow: int = 0
    new: bool = True
    changed: bool = True
    words: list[str] = field(default_factory=list)  # added for search
    added: list[str] = field(default_factory=list)  # ids of items added
    about: Key | None = None  # of its main item, where it is known

    @classmethod
    def of(cls, row: Row[Any], *, order: bool) -> Draft:
        """A case that is there."""
        return cls(
            id=row.id,
            kind=row.kind,
            state=row.state,
            item_id=row.item_id,
            title=row.title,
            key=row.key,
            signature=row.signature,
            severity=Severity(row.severity),
            reach=row.reach,
            certainty=row.certainty,
            due_at=moment_or_none(row.due_at),
            lang=row.lang,
            skills=json.loads(row.skills),
            jurisdiction=row.jurisdiction,
            clause_id=row.clause_id,
            opened_at=moment(row.opened_at),
            reports=row.reports,
            size=row.size,
            sources=json.loads(row.sources),
            order=order,
            shadow=row.shadow,
            new=False,
            changed=False,
        )

    def take(self, found: Found) -> None:
        """Let a finding weigh: the graver, wider, surer counts. A report says what to look at, not how grave it is."""
        if found.kind != FindingKind.REPORTS:
            first = not self.signature
            if first or SEVERITY[found.severity] > SEVERITY[self.severity]:
                self.severity = found.severity
                self.clause_id = found.clause_id or self.clause_id
                self.jurisdiction = found.jurisdiction or self.jurisdiction
            self.signature = self.signature or found.signature
            self.reach = max(self.reach, found.reach)
            self.certainty = max(self.certainty, found.certainty)
        self.clause_id = self.clause_id or found.clause_id
        self.jurisdiction = self.jurisdiction or found.jurisdiction
        self.lang = self.lang or language(found.lang or found.item.lang)
        self.skills = sorted({*self.skills, *found.skills})
        self.source(found.source)
        self.changed = True

    def source(self, name: str) -> None:
        """Remember from where it came."""
        if name not in self.sources:
            self.sources = sorted([*self.sources, name])
            self.changed = True

    @property
    def weight(self) -> Weight:
        """What its place in the queue depends on."""
        return Weight(
            severity=self.severity,
            reach=max(self.reach, reach_of(self.size - 1)),
            certainty=self.certainty,
            reports=self.reports,
            trusted="trusted_flagger" in self.sources,
            order=self.order,
            opened_at=self.opened_at,
            due_at=self.due_at,
        )

    def row(self, at: datetime) -> dict[str, object]:
        """The case as a row."""
        return {
            "id": self.id,
            "kind": self.kind,
            "state": self.state,
            "item_id": self.item_id,
            "title": self.title,
            "key": self.key,
            "signature": self.signature,
            "priority": self.weight.priority,
            "severity": str(self.severity),
            "reach": self.reach,
            "certainty": self.certainty,
            "due_at": None if self.due_at is None else ms(self.due_at),
            "lang": self.lang,
            "skills": canonical.dumps(self.skills),
            "jurisdiction": self.jurisdiction,
            "clause_id": self.clause_id,
            "opened_at": ms(self.opened_at),
            "updated_at": ms(at),
            "decided_at": None,
            "reports": self.reports,
            "size": self.size,
            "sources": canonical.dumps(self.sources),
            "shadow": self.shadow,
        }


def language(tag: str | None) -> str | None:
    """The language of a tag: `en-GB` is `en`."""
    return tag.replace("_", "-").split("-")[0].lower()[:8] if tag else None


def title_of(text: str) -> str:
    """The beginning of a text in one line."""
    line = " ".join(text.split())
    return line if len(line) <= TITLE else line[: TITLE - 1].rstrip() + "…"
