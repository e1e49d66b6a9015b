"""A decision begins to hold: standing, outbox, strikes, notices, reports, case, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import update

from tarazu.cases import closing, decision_rows, effects, strikes
from tarazu.cases.case import CaseState
from tarazu.cases.decision import EXCLUDED, Action, Decision, DecisionState, Subject
from tarazu.cases.decision_settings import DecisionSettings
from tarazu.cases.notice_writer import Writer
from tarazu.store import Store
from tarazu.store.tables.decisions import decision_subjects as rows
from tarazu.store.tables.decisions import decisions
from tarazu.store.times import ms
from tarazu.store.transaction import Transaction


def take_effect(
    tx: Transaction, store: Store, settings: DecisionSettings, at: datetime, decision: Decision
) -> Decision:
    """Let a decision hold from now on."""
    touched = [one for one in decision.subjects if one.state not in (EXCLUDED, DecisionState.UNDONE)]
    subjects = [one.subject for one in touched]
    before = effects.standing(tx, subjects)
    ends = None if decision.duration is None else ms(at + decision.duration)
    tx.run(
        update(decisions)
        .where(decisions.c.id == decision.id)
        .values(state=str(DecisionState.EFFECTIVE), effective_at=ms(at), expires_at=ends)
    )
    set_state(tx, decision.id, subjects, DecisionState.EFFECTIVE)
    if decision.action == Action.RESTORE:
        _lift(tx, decision.id, subjects)
    decision = decision_rows.load(tx, decision.id)
    facts = {
        "decision": decision.id,
        "action": str(decision.action),
        "stage": str(decision.stage),
        "clause": decision.clause_id,
        "evidence": decision.evidence_digest,
        "subjects": len(touched),
        "second": decision.second_id,
        "automated": decision.automated,
        "decided_by": decision.decided_by,
    }
    tx.log("decision.made", f"case:{decision.case_id}", facts)
    effects.queue(tx, decision.id, before, effects.standing(tx, subjects))
    writer = Writer(tx, store, settings, at, decision)
    reasons = writer.reasons()
    if decision.action.blames:
        strikes.give(tx, decision, touched, reasons.severity, settings, at)
    writer.affected(touched, "decided", decision.id, reasons)
    writer.reporters("decided", decision.id, reasons, only_open=True)
    links = writer.close()
    closing.answer_reports(tx, decision)
    closing.place(tx, decision.case_id, CaseState.OPEN)
    return decision_rows.with_links(decision, links)


def set_state(tx: Transaction, decision_id: str, subjects: Iterable[Subject], state: DecisionState) -> None:
    """Where some subjects of a decision stand."""
    these = update(rows).where(rows.c.decision_id == decision_id, effects.ABOUT).values(state=str(state))
    tx.run(these, [effects.named(one) for one in subjects])


def _lift(tx: Transaction, decision_id: str, subjects: Iterable[Subject]) -> None:
    """Everything that holds for the subjects is lifted, by this decision and until it is taken back."""
    held = (rows.c.state == DecisionState.EFFECTIVE) & rows.c.lifted_by.is_(None)
    others = held & (rows.c.decision_id != decision_id) & effects.ABOUT
    tx.run(update(rows).where(others).values(lifted_by=decision_id), [effects.named(one) for one in subjects])
