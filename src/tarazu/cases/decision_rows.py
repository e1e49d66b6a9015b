"""Rows of tables <-> decisions."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, func, insert, select

from tarazu.cases.decision import (
    Action,
    Affected,
    Decision,
    DecisionState,
    NoticeLink,
    Stage,
    Subject,
)
from tarazu.cases.objection import DecisionNotFound
from tarazu.ledger import canonical
from tarazu.store.tables.decisions import decision_subjects, decisions
from tarazu.store.times import moment, moment_or_none, ms
from tarazu.store.transaction import Transaction
from tarazu.store.view import View
from tarazu.verdicts import Purpose, Stance

_MS = timedelta(milliseconds=1)
STANDING = (DecisionState.PROPOSED, DecisionState.EFFECTIVE)


def load(view: View, decision_id: str) -> Decision:
    """One decision with its subjects; raises DecisionNotFound."""
    row = view.one(select(decisions).where(decisions.c.id == decision_id))
    if row is None:
        raise DecisionNotFound(decision_id)
    return of_row(view, row)


def standing_in(view: View, case_id: str) -> list[Decision]:
    """The decisions of a case that hold or wait, undoings left out, the first first."""
    asked = (
        select(decisions)
        .where(
            decisions.c.case_id == case_id,
            decisions.c.state.in_(STANDING),
            decisions.c.undoes.is_(None),
        )
        .order_by(decisions.c.number)
    )
    return [of_row(view, row) for row in view.rows(asked)]


def first_stages(view: View, case_id: str) -> list[Decision]:
    """The first stages about a network that hold, or held until their time was over: their strikes count still."""
    held = (DecisionState.EFFECTIVE, DecisionState.EXPIRED)
    asked = select(decisions).where(
        decisions.c.case_id == case_id,
        decisions.c.stage == Stage.LIMIT,
        decisions.c.state.in_(held),
        decisions.c.undoes.is_(None),
    )
    return [of_row(view, row) for row in view.rows(asked.order_by(decisions.c.number))]


def of_row(view: View, row: Row[Any]) -> Decision:
    """A row as a decision."""
    subjects = view.rows(
        select(decision_subjects)
        .where(decision_subjects.c.decision_id == row.id)
        .order_by(
            decision_subjects.c.platform, decision_subjects.c.subject_kind, decision_subjects.c.subject_id
        )
    )
    return Decision(
        id=row.id,
        case_id=row.case_id,
        number=row.number,
        stage=Stage(row.stage),
        actor_kind=row.actor_kind,
        actor_id=row.actor_id,
        action=Action(row.action),
        clause_id=row.clause_id,
        stance=None if row.stance is None else Stance(row.stance),
        purpose=None if row.purpose is None else Purpose(row.purpose),
        jurisdictions=tuple(json.loads(row.jurisdictions)),
        reason=row.reason,
        expires_at=moment_or_none(row.expires_at),
        duration=None if row.duration is None else row.duration * _MS,
        facts=row.facts,
        evidence_digest=row.evidence_digest,
        automated=bool(row.automated),
        decided_by=row.decided_by,
        state=DecisionState(row.state),
        needs=tuple(json.loads(row.needs)),
        second_id=row.second_id,
        second_at=moment_or_none(row.second_at),
        second_reason=row.second_reason,
        undoes=row.undoes,
        made_at=moment(row.made_at),
        effective_at=moment_or_none(row.effective_at),
        subjects=tuple(
            Affected(
                subject=Subject(kind=one.subject_kind, id=one.subject_id, platform=one.platform),
                account_id=one.account_id,
                state=one.state,
                item_id=one.item_id,
            )
            for one in subjects
        ),
    )


def keep(
    tx: Transaction, decision: Decision, *, asked: str | None = None, asked_for: str | None = None
) -> None:
    """Write a new decision and its subjects."""
    row: dict[str, object] = {
        "id": decision.id,
        "case_id": decision.case_id,
        "number": decision.number,
        "stage": str(decision.stage),
        "actor_kind": decision.actor_kind,
        "actor_id": decision.actor_id,
        "action": str(decision.action),
        "clause_id": decision.clause_id,
        "stance": None if decision.stance is None else str(decision.stance),
        "purpose": None if decision.purpose is None else str(decision.purpose),
        "jurisdictions": canonical.dumps(list(decision.jurisdictions)),
        "reason": decision.reason,
        "expires_at": None if decision.expires_at is None else ms(decision.expires_at),
        "duration": None if decision.duration is None else decision.duration // _MS,
        "facts": decision.facts,
        "evidence_digest": decision.evidence_digest,
        "automated": int(decision.automated),
        "decided_by": decision.decided_by,
        "state": str(decision.state),
        "needs": canonical.dumps(list(decision.needs)),
        "undoes": decision.undoes,
        "made_at": ms(decision.made_at),
        "effective_at": None if decision.effective_at is None else ms(decision.effective_at),
        "asked": asked,
        "asked_for": asked_for,
    }
    tx.run(insert(decisions), [row])
    whom = [
        {
            "decision_id": decision.id,
            "platform": one.subject.platform,
            "subject_kind": one.subject.kind,
            "subject_id": one.subject.id,
            "account_id": one.account_id,
            "item_id": one.item_id,
            "state": one.state,
        }
        for one in decision.subjects
    ]
    tx.run(insert(decision_subjects), whom)


def next_number(view: View, case_id: str) -> int:
    """The number of the next decision in a case."""
    highest = select(func.max(decisions.c.number)).where(decisions.c.case_id == case_id)
    return int(view.value(highest) or 0) + 1


def of_accounts(subjects: Sequence[Affected], accounts: Collection[str] | None, state: str) -> list[Affected]:
    """The subjects in a state, all or those of some accounts."""
    return [
        one
        for one in subjects
        if one.state == state and (accounts is None or (one.account_id or "") in accounts)
    ]


def with_links(decision: Decision, links: tuple[NoticeLink, ...]) -> Decision:
    """A decision with the links of the notices that were just made."""
    return replace(decision, links=links)
