"""What a decision means for its case and its reports: decided, waiting, open again, closed."""

from __future__ import annotations

import json

from sqlalchemy import delete, exists, select, update

from tarazu.cases import clean, decision_rows
from tarazu.cases.case import CaseState
from tarazu.cases.decision import Action, Decision, DecisionState
from tarazu.cases.reporting import close_reports, settle
from tarazu.store.tables.cases import cases, locks, reports
from tarazu.store.tables.decisions import appeals, decisions
from tarazu.store.times import ms
from tarazu.store.transaction import Transaction


def state_of(tx: Transaction, case_id: str, otherwise: CaseState) -> CaseState:
    """Where a case is, by its decisions and appeals; `otherwise` where none of them holds it."""
    of_case = decisions.c.case_id == case_id
    judgements = of_case & decisions.c.undoes.is_(None)
    waits = select(decisions.c.id).where(judgements, decisions.c.state == DecisionState.PROPOSED)
    if tx.one(waits) is not None:
        return CaseState.WAITING_SECOND
    appealed = (
        select(appeals.c.id)
        .join(decisions, decisions.c.id == appeals.c.decision_id)
        .where(of_case, appeals.c.state == "open")
    )
    if tx.one(appealed.limit(1)) is not None:
        return CaseState.APPEALED
    holds = select(decisions.c.id).where(judgements, decisions.c.state == DecisionState.EFFECTIVE)
    return CaseState.DECIDED if tx.one(holds.limit(1)) is not None else otherwise


def place(tx: Transaction, case_id: str, otherwise: CaseState) -> CaseState:
    """Write down where a case is."""
    state = state_of(tx, case_id, otherwise)
    values: dict[str, object] = {"state": str(state), "updated_at": ms(tx.at)}
    if state in (CaseState.OPEN, CaseState.WAITING_SECOND):
        held = exists().where(decisions.c.case_id == case_id, decisions.c.state == DecisionState.EFFECTIVE)
        if not tx.value(select(held & decisions.c.undoes.is_(None)).select_from(decisions).limit(1)):
            values["decided_at"] = None
    else:
        last = select(decisions.c.effective_at).where(
            decisions.c.case_id == case_id,
            decisions.c.undoes.is_(None),
            decisions.c.effective_at.is_not(None),
        )
        values["decided_at"] = tx.value(last.order_by(decisions.c.effective_at.desc()).limit(1))
    tx.run(update(cases).where(cases.c.id == case_id).values(**values))
    return state


def propose(tx: Transaction, decision: Decision) -> Decision:
    """Account for a decision that waits for a second person."""
    facts = {
        "decision": decision.id,
        "action": str(decision.action),
        "stage": str(decision.stage),
        "evidence": decision.evidence_digest,
        "needs": list(decision.needs),
        "automated": decision.automated,
        "decided_by": decision.decided_by,
    }
    tx.log("decision.proposed", f"case:{decision.case_id}", facts)
    place(tx, decision.case_id, CaseState.OPEN)
    return decision_rows.load(tx, decision.id)


def answer_reports(tx: Transaction, decision: Decision) -> None:
    """Tell the reports of a case what became of it; an order that is refused is told so."""
    if decision.action == Action.REFUSE:
        ordered = (reports.c.case_id == decision.case_id) & (reports.c.state == "open")
        ordered &= reports.c.kind == "government_order"
        ids = [row.id for row in tx.rows(select(reports.c.id).where(ordered))]
        refused = {"state": "refused", "answer": clean.text(decision.reason), "answered_at": ms(tx.at)}
        tx.run(update(reports).where(ordered).values(**refused))
        for one in ids:
            tx.log("report.answered", f"report:{one}", {"state": "refused", "kind": "government_order"})
    close_reports(tx, decision.case_id)
    settle(tx, decision.case_id)


def reopen_reports(tx: Transaction, decision: Decision) -> None:
    """The case is open again, so are the reports that its decision had answered."""
    answered = (reports.c.case_id == decision.case_id) & reports.c.answered_at.is_not(None)
    by_us = reports.c.state == "closed"
    if decision.action == Action.REFUSE:
        by_us |= (reports.c.state == "refused") & (reports.c.answer == clean.text(decision.reason))
    changed = tx.run(
        update(reports).where(answered, by_us).values(state="open", answer=None, answered_at=None)
    )
    if changed:
        settle(tx, decision.case_id)


def unlock(tx: Transaction, case_id: str, person_id: str) -> None:
    """Whoever decided looks no longer."""
    tx.run(delete(locks).where(locks.c.case_id == case_id, locks.c.person_id == person_id))


def places(text: str) -> tuple[str, ...]:
    """A JSON list of jurisdictions."""
    return tuple(str(one) for one in json.loads(text))
