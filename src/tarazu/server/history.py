"""What the ledger says about a case, the latest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from tarazu.cases.case import Case
from tarazu.store.tables.ledger import ledger
from tarazu.store.times import moment
from tarazu.store.view import View

MOST = 40
SAID = frozenset(
    {
        "case.opened", "case.joined", "report.received", "report.answered", "decision.proposed", "decision.made",
        "decision.seconded", "decision.declined", "decision.undone", "action.queued", "action.done", "notice.made",
        "notice.read", "appeal.opened", "appeal.decided", "strike.given", "strike.revoked", "media.revealed",
        "item.erased", "hold.placed", "hold.lifted", "case.escalated", "case.handed_back",
    }
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One entry."""

    seq: int
    at: datetime
    kind: str
    actor_kind: str
    actor_id: str

    @property
    def word(self) -> str:
        """Key of its sentence in the catalogue `case`; "" for a kind that has none."""
        return f"ledger_{self.kind.replace('.', '_')}" if self.kind in SAID else ""


def of_case(view: View, case: Case) -> list[Entry]:
    """Entries about the case, its decisions, reports, notices and appeals.

    Who looked at it again, or knows its right answer, is not among them: that is nobody's reason to decide.
    """
    subjects = [f"case:{case.row.id}"]
    subjects += [f"report:{one.id}" for one in case.reports[:MOST]]
    kinds: Sequence[tuple[str, Sequence[object]]] = (
        ("decision", [one["id"] for one in case.decisions]),
        ("notice", [one["id"] for one in case.notices]),
        ("appeal", [one["id"] for one in case.appeals]),
    )
    subjects += [f"{kind}:{one}" for kind, ids in kinds for one in ids]
    told = ledger.c.kind.not_like("quality.%") & ledger.c.kind.not_like("golden.%")
    wanted = (
        select(ledger).where(ledger.c.subject.in_(subjects), told).order_by(ledger.c.seq.desc()).limit(MOST)
    )
    return [
        Entry(seq=row.seq, at=moment(row.at), kind=row.kind, actor_kind=row.actor_kind, actor_id=row.actor_id)
        for row in view.rows(wanted)
    ]
