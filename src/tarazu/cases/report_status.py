"""What the sender of a report may read with its token: its state, the answer, and in general words what was done."""

from __future__ import annotations

from sqlalchemy import select

from tarazu.cases.case import UNDECIDED
from tarazu.cases.decision import Action, DecisionState
from tarazu.cases.report import ReportKind, ReportOutcome, ReportState, ReportStatus
from tarazu.cases.reporting import token_hash
from tarazu.store.tables.cases import cases, reports
from tarazu.store.tables.decisions import decisions
from tarazu.store.times import moment, moment_or_none
from tarazu.store.view import View

_SAID = {
    Action.NO_ACTION: ReportOutcome.NO_ACTION,
    Action.REFUSE: ReportOutcome.REFUSED,
    Action.RESTORE: ReportOutcome.RESTORED,
}


def status(view: View, token: str) -> ReportStatus | None:
    """What became of a report; None for a token that was never given."""
    row = view.one(
        select(reports, cases.c.state.label("case_state"))
        .join(cases, cases.c.id == reports.c.case_id)
        .where(reports.c.token_hash == token_hash(token))
    )
    if row is None:
        return None
    kind, decided = ReportKind(row.kind), row.case_state not in UNDECIDED
    return ReportStatus(
        kind=kind,
        state=ReportState(row.state),
        received_at=moment(row.received_at),
        due_at=moment_or_none(row.due_at),
        answer=row.answer,
        answered_at=moment_or_none(row.answered_at),
        decided=decided,
        outcome=_outcome(view, row.case_id, kind) if decided else None,
    )


def _outcome(view: View, case_id: str, kind: ReportKind) -> ReportOutcome | None:
    """From the decision that stands, or the last one that did: as much as a reporter is told who gave a name."""
    asked = select(decisions.c.action, decisions.c.state).where(
        decisions.c.case_id == case_id,
        decisions.c.undoes.is_(None),
        decisions.c.effective_at.is_not(None),
    )
    made = view.rows(asked.order_by(decisions.c.number.desc()))
    if not made:
        return None
    last = next((one for one in made if one.state == DecisionState.EFFECTIVE), made[0])
    if last.state == DecisionState.REVERSED:
        return ReportOutcome.REVERSED
    if last.state == DecisionState.UNDONE:
        return ReportOutcome.UNDONE
    said = _SAID.get(Action(last.action), ReportOutcome.ACTED)
    if said == ReportOutcome.REFUSED and kind != ReportKind.GOVERNMENT_ORDER:
        return ReportOutcome.NO_ACTION  # an order beside this report was refused
    return said
