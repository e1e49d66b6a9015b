"""Taking a decision back, as a whole or for some accounts: what held before holds again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select, update

from tarazu.cases import clean, closing, decision_rows, effects, programs, strikes
from tarazu.cases.case import CaseState
from tarazu.cases.decision import EXCLUDED, Action, Affected, Decision, DecisionState, NoticeLink, Stage
from tarazu.cases.decision_settings import DecisionSettings
from tarazu.cases.notice_writer import Writer
from tarazu.cases.objection import DecisionRefused, WrongState
from tarazu.cases.taking_effect import set_state
from tarazu.ledger import canonical
from tarazu.store import Store
from tarazu.store.ids import new_id
from tarazu.store.tables.decisions import appeals, decisions
from tarazu.store.tables.decisions import decision_subjects as rows
from tarazu.store.times import ms
from tarazu.store.transaction import Transaction


@dataclass(frozen=True, kw_only=True)
class TakingBack:
    """How a decision is taken back."""

    state: DecisionState  # undone | reversed
    reason: str  # kept with the undoing
    answer: str | None = None  # told to both sides
    accounts: Collection[str] | None = None  # None: everybody
    asked: str | None = None  # of idempotency
    decided_by: str | None = None  # of a token: the person there who takes it back

    @property
    def kind(self) -> str:
        """What the notices about it are."""
        return str(self.state)


def take_back(
    tx: Transaction,
    store: Store,
    settings: DecisionSettings,
    at: datetime,
    decision: Decision,
    how: TakingBack,
) -> Decision:
    """Undo or reverse; gives the undoing, which is a decision of its own. A network's later stage goes with it.

    Who was wronged is restored wholly: reversing the later stage reverses the earlier one for the same accounts.
    Undoing it goes one stage back.
    """
    if decision.undoes is not None:
        raise WrongState("This already takes a decision back. To impose it again, decide the case anew.")
    if not decision.state.may_become(how.state):
        raise WrongState(
            f"This decision is {decision.state}; there is nothing left to take back. Look again."
        )
    gone = decision_rows.of_accounts(decision.subjects, how.accounts, decision.state)
    if not gone:
        raise DecisionRefused(
            "None of these accounts is under this decision now. Look at its list of accounts."
        )
    links: list[NoticeLink] = []
    if decision.stage == Stage.LIMIT:  # what was built on it cannot stand without it
        for later in decision_rows.standing_in(tx, decision.case_id):
            if later.stage == Stage.SUSPEND and decision_rows.of_accounts(
                later.subjects, how.accounts, later.state
            ):
                links += _one(tx, store, settings, at, later, how)[1]
    undoing, made = _one(tx, store, settings, at, decision, how)
    links += made
    if decision.stage == Stage.SUSPEND and how.state == DecisionState.REVERSED:
        whose = {one.account_id or "" for one in gone}
        for first in decision_rows.first_stages(tx, decision.case_id):
            if decision_rows.of_accounts(first.subjects, whose, first.state):
                links += _one(tx, store, settings, at, first, replace(how, accounts=whose, asked=None))[1]
    reopened = how.state == DecisionState.UNDONE or decision.action in (Action.NO_ACTION, Action.REFUSE)
    closing.place(tx, decision.case_id, CaseState.OPEN if reopened else CaseState.CLOSED)
    return decision_rows.with_links(decision_rows.load(tx, undoing), tuple(links))


def _one(
    tx: Transaction,
    store: Store,
    settings: DecisionSettings,
    at: datetime,
    decision: Decision,
    how: TakingBack,
) -> tuple[str, tuple[NoticeLink, ...]]:
    gone = decision_rows.of_accounts(decision.subjects, how.accounts, decision.state)
    kept = [one for one in decision.subjects if one.state == decision.state and one not in gone]
    began = decision.state != DecisionState.PROPOSED
    subjects = [one.subject for one in gone]
    before = effects.standing(tx, subjects)
    undoing = _undoing(tx, at, decision, gone, how)
    set_state(tx, decision.id, subjects, how.state)
    if not kept:
        tx.run(update(decisions).where(decisions.c.id == decision.id).values(state=str(how.state)))
    if decision.action == Action.RESTORE:
        lifted = (rows.c.lifted_by == decision.id) & effects.ABOUT
        tx.run(update(rows).where(lifted).values(lifted_by=None), [effects.named(one) for one in subjects])
    facts = {
        "decision": decision.id,
        "by": undoing,
        "state": str(how.state),
        "whole": not kept,
        "of": len(gone),
    }
    tx.log("decision.undone", f"case:{decision.case_id}", facts)
    effects.queue(tx, undoing, before, effects.standing(tx, subjects))
    strikes.revoke(tx, decision.id, {(one.account_id or "", one.subject.platform) for one in gone}, at)
    if not began:
        return undoing, ()
    _grant(tx, at, decision, gone, how, whole=not kept)
    writer = Writer(tx, store, settings, at, decision)
    reasons = writer.reasons(how.answer)
    writer.affected(gone, how.kind, undoing, reasons)
    if not kept:
        writer.reporters(how.kind, undoing, reasons, only_open=False)
        if how.state == DecisionState.UNDONE or decision.action in (Action.NO_ACTION, Action.REFUSE):
            closing.reopen_reports(tx, decision)
    return undoing, writer.close()


def expire(tx: Transaction, at: datetime, decision: Decision) -> Decision:
    """The time of a decision is over: what it imposed ends, its strike stays."""
    gone = decision_rows.of_accounts(decision.subjects, None, DecisionState.EFFECTIVE)
    subjects = [one.subject for one in gone]
    before = effects.standing(tx, subjects)
    set_state(tx, decision.id, subjects, DecisionState.EXPIRED)
    tx.run(update(decisions).where(decisions.c.id == decision.id).values(state=str(DecisionState.EXPIRED)))
    tx.log("decision.expired", f"case:{decision.case_id}", {"decision": decision.id})
    effects.queue(tx, decision.id, before, effects.standing(tx, subjects))
    closing.place(tx, decision.case_id, CaseState.CLOSED)
    return decision_rows.load(tx, decision.id)


def _undoing(tx: Transaction, at: datetime, decision: Decision, gone: list[Affected], how: TakingBack) -> str:
    """Write down that it is taken back, by whom and why: a decision like any other."""
    facts = canonical.dumps({"undoes": decision.id, "evidence": decision.evidence_digest})
    made = Decision(
        id=new_id(ms(at)),
        case_id=decision.case_id,
        number=decision_rows.next_number(tx, decision.case_id),
        stage=decision.stage,
        actor_kind=str(tx.actor.kind),
        actor_id=tx.actor.id,
        action=Action.RESTORE,
        clause_id=None,
        stance=None,
        purpose=None,
        jurisdictions=decision.jurisdictions,
        reason=clean.text(how.reason),
        expires_at=None,
        duration=None,
        facts=facts,
        evidence_digest=canonical.digest_text(facts),
        automated=programs.automated(tx.actor, how.decided_by),
        decided_by=how.decided_by,
        state=DecisionState.EFFECTIVE,
        needs=(),
        second_id=None,
        second_at=None,
        second_reason=None,
        undoes=decision.id,
        made_at=at,
        effective_at=at,
        subjects=tuple(
            Affected(
                subject=one.subject,
                account_id=one.account_id,
                item_id=one.item_id,
                state=DecisionState.EFFECTIVE,
            )
            for one in gone
            if one.state != EXCLUDED
        ),
    )
    decision_rows.keep(tx, made, asked=how.asked, asked_for=None if how.asked is None else decision.id)
    return made.id


def _grant(
    tx: Transaction, at: datetime, decision: Decision, gone: list[Affected], how: TakingBack, *, whole: bool
) -> None:
    """Who appealed has what was asked for: the appeal is over, and nobody has to judge it."""
    open_ = select(appeals).where(appeals.c.decision_id == decision.id, appeals.c.state == "open")
    freed = {(one.account_id, one.subject.platform) for one in gone}
    for appeal in tx.rows(open_):
        if whole or (appeal.recipient_id, appeal.platform) in freed:
            values = {"state": "reversed", "answer": how.answer, "decided_at": ms(at)}
            tx.run(update(appeals).where(appeals.c.id == appeal.id).values(**values))
            facts = {"decision": decision.id, "state": "reversed", "undone": True}
            tx.log("appeal.decided", f"appeal:{appeal.id}", facts)
