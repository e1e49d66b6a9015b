"""The queue as its page shows it: what was asked for, rows with their reason, where the next page begins."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from sqlalchemy import select

from tarazu.cases.case import CaseKind, CaseRow, CaseState
from tarazu.cases.filter import Filter, Order
from tarazu.server import sentences
from tarazu.store import Store
from tarazu.store.tables.cases import findings
from tarazu.store.tables.people import people

SOURCES = ("scan", "user", "anonymous", "trusted_flagger", "government_order", "strikes")
LANGUAGES = ("en", "fa", "ar")
LONGEST = 200  # characters of one filter


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What somebody wants to see; unknown values count as not given."""

    state: CaseState = CaseState.OPEN
    kind: str = ""
    lang: str = ""
    source: str = ""
    clause: str = ""
    who: str = ""  # "" | mine | free | escalated
    q: str = ""
    order: Order = Order.PRIORITY
    after: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> Asked:
        """Out of a query string."""

        def one(name: str, known: Sequence[str]) -> str:
            return given.get(name, "") if given.get(name, "") in known else ""

        return cls(
            state=CaseState(one("state", list(CaseState)) or CaseState.OPEN),
            kind=one("kind", list(CaseKind)),
            lang=given.get("language", "")[:8] if given.get("language", "").isalpha() else "",
            source=one("source", SOURCES),
            clause=given.get("clause", "")[:LONGEST],
            who=one("who", ("mine", "free", "escalated")),
            q=given.get("q", "")[:LONGEST].strip(),
            order=Order(one("order", list(Order)) or Order.PRIORITY),
            after=given.get("after", "")[:100],
        )

    def filter(self, person_id: str) -> Filter:
        """As the queue wants it."""
        return Filter(
            states=(self.state,),
            kind=CaseKind(self.kind) if self.kind else None,
            lang=self.lang or None,
            clause_id=self.clause or None,
            source=self.source or None,
            assigned_to=person_id if self.who == "mine" else None,
            unassigned=self.who == "free",
            escalated=self.who == "escalated",
            search=self.q or None,
        )

    def query(self, **changed: str) -> str:
        """The address again, with something else in it; what is default is left out. A page begins anew."""
        given = {
            "state": "" if self.state == CaseState.OPEN else str(self.state),
            "kind": self.kind,
            "language": self.lang,
            "source": self.source,
            "clause": self.clause,
            "who": self.who,
            "q": self.q,
            "order": "" if self.order == Order.PRIORITY else str(self.order),
        }
        return urlencode({name: value for name, value in (given | changed).items() if value})

    @property
    def narrow(self) -> bool:
        """Whether anything but the state was chosen."""
        return bool(self.kind or self.lang or self.source or self.clause or self.who or self.q)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the queue."""

    row: CaseRow
    reason: str
    reason_lang: str
    waits: str
    due: str
    late: bool
    order: bool
    holder: str  # name of who looks at it now; "" for nobody


def lines(
    lang: str, rows: Sequence[CaseRow], now: datetime, why: Mapping[str, str], holders: Mapping[str, str]
) -> list[Line]:
    """The rows with all that is said about them."""
    return [
        Line(
            row=row,
            reason=why.get(row.id) or sentences.reported(lang, row),
            reason_lang=lang,
            waits=sentences.ago(lang, row.opened_at, now),
            due=sentences.left(lang, row.due_at, now) if row.due_at else "",
            late=row.due_at is not None and row.due_at < now,
            order="government_order" in row.sources and row.due_at is not None,
            holder=holders.get(row.locked_by, "?") if row.locked_by else "",
        )
        for row in rows
    ]


def reasons(store: Store, lang: str, rows: Sequence[CaseRow]) -> dict[str, str]:
    """Case -> why its latest finding was made."""
    found: dict[str, str] = {}
    asked = select(findings.c.case_id, findings.c.kind, findings.c.body).where(
        findings.c.case_id.in_([row.id for row in rows])
    )
    with store.read() as view:
        for one in view.rows(asked.order_by(findings.c.id)):
            found[one.case_id] = sentences.reason(lang, one.kind, json.loads(one.body))
    return found


def names(store: Store, ids: Sequence[str | None]) -> dict[str, str]:
    """People by id."""
    wanted = sorted({one for one in ids if one})
    if not wanted:
        return {}
    with store.read() as view:
        rows = view.rows(select(people.c.id, people.c.name).where(people.c.id.in_(wanted)))
        return {row.id: row.name for row in rows}
