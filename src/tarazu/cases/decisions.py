"""Deciding: the one place where a judgement becomes something that holds."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select, update

from tarazu.cases import clean, closing, decision_rows, locks, programs, second
from tarazu.cases.case import CaseState
from tarazu.cases.decision import Action, Choice, Decision, DecisionState, Stage
from tarazu.cases.decision_settings import DecisionSettings
from tarazu.cases.file import read_file
from tarazu.cases.making import draft, stage_of
from tarazu.cases.objection import AlreadyDecided, DecisionRefused, WrongState
from tarazu.cases.refusal import CaseLocked
from tarazu.cases.taking_effect import set_state, take_effect
from tarazu.cases.undoing import TakingBack, expire, take_back
from tarazu.ledger import canonical
from tarazu.store import SYSTEM, Actor, Store
from tarazu.store.actor import ActorKind
from tarazu.store.tables.decisions import decisions
from tarazu.store.times import ms
from tarazu.store.transaction import Transaction


class Decisions:
    """Making, seconding, undoing. Every call is one transaction, with its ledger entries and outbox rows."""

    def __init__(
        self,
        store: Store,
        clock: Callable[[], datetime] | None = None,
        settings: DecisionSettings | None = None,
    ) -> None:
        """Take the time from `clock`; default the store's."""
        self.store, self.clock = store, clock or store.clock
        self.settings = settings or DecisionSettings()

    def decide(self, case_id: str, actor: Actor, choice: Choice) -> Decision:
        """Decide a case. The decision is effective at once, or `proposed` where a second person is needed.

        Raises CaseNotFound, CaseLocked (somebody else is looking at it), AlreadyDecided (somebody was first), and
        DecisionRefused with what is missing. The same `choice.key` by the same actor decides once.
        """
        if actor.kind == ActorKind.SYSTEM:
            raise DecisionRefused("Nobody decided this: a decision needs a person, a token or a rule.")
        with self.store.write(actor) as tx:
            asked = _asked(actor, choice.key)
            wanted = None if asked is None else _wanted(case_id, choice)
            done = self._before(tx, asked, wanted)
            if done is not None:
                return done
            file = read_file(tx, case_id)
            now = self.clock()
            held = locks.holder(tx, case_id, now)
            if held is not None and held[0] != actor.id:
                raise CaseLocked(case_id, *held)
            stage = stage_of(file, choice)
            standing = decision_rows.standing_in(tx, case_id)
            among = self._free(case_id, stage, standing)
            if file.state == CaseState.CLOSED:
                raise WrongState(
                    "This case is closed. If the same is reported again, a new case will be opened."
                )
            made = draft(tx, file, actor, replace(choice, stage=stage), self.settings, now, among)
            decision_rows.keep(tx, made, asked=asked, asked_for=wanted)
            closing.unlock(tx, case_id, actor.id)
            if made.needs:
                return closing.propose(tx, made)
            return take_effect(tx, self.store, self.settings, now, made)

    def stage(self, case_id: str, actor: Actor, choice: Choice) -> Decision:
        """Propose the stage about a network that comes next; see `tarazu.cases.staging`."""
        from tarazu.cases.staging import Staging

        return Staging(self).stage(case_id, actor, choice)

    def second(self, decision_id: str, person: Actor, agree: bool, reason: str = "") -> Decision:
        """Agree to a proposed decision, which then takes effect, or decline it with a reason.

        Raises SamePerson for whoever proposed it (or made the token or rule that did), WrongState where there is
        nothing to agree to any more.
        """
        with self.store.write(person) as tx:
            decision = decision_rows.load(tx, decision_id)
            now = self.clock()
            if decision.second_id == person.id and agree and decision.state == DecisionState.EFFECTIVE:
                return decision  # said twice
            if decision.state != DecisionState.PROPOSED:
                raise WrongState(
                    f"This decision is {decision.state}, it waits for nobody. Look at its case again."
                )
            maker = [(decision.actor_kind, decision.actor_id)]
            second.another(tx, person, than=maker, what="agree or decline")
            if not agree and not reason.strip():
                raise DecisionRefused("Declining needs a reason: whoever proposed it has to know why.")
            values = {"second_id": person.id, "second_at": ms(now), "second_reason": clean.text(reason)}
            tx.run(update(decisions).where(decisions.c.id == decision_id).values(**values))
            if not agree:
                return self._decline(tx, decision)
            if decision.stage == Stage.SUSPEND:
                self._free(decision.case_id, Stage.SUSPEND, _but(tx, decision))
            facts = {"decision": decision_id, "evidence": decision.evidence_digest}
            tx.log("decision.seconded", f"case:{decision.case_id}", facts)
            agreed = decision_rows.load(tx, decision_id)
            return take_effect(tx, self.store, self.settings, now, agreed)

    def undo(
        self,
        decision_id: str,
        actor: Actor,
        reason: str,
        *,
        accounts: Collection[str] | None = None,
        key: str | None = None,
        decided_by: str | None = None,
    ) -> Decision:
        """Take a decision back, for everybody or for some accounts; what held before holds again.

        Gives the undoing, a decision of its own. A proposed decision is withdrawn. Undoing the first stage about a
        network takes the second with it. A token names in `decided_by` the person who takes it back; its program
        alone may take back only what no person decided.
        """
        if not reason.strip():
            raise DecisionRefused("Undoing needs a reason: it is kept beside the decision.")
        with self.store.write(actor) as tx:
            asked = _asked(actor, key)
            done = self._before(tx, asked, decision_id)
            if done is not None:
                return done
            decision = decision_rows.load(tx, decision_id)
            person = programs.person_of(actor, decided_by)
            programs.may_undo(tx, actor, person, decision)
            how = TakingBack(
                state=DecisionState.UNDONE, reason=reason, accounts=accounts, asked=asked, decided_by=person
            )
            return take_back(tx, self.store, self.settings, self.clock(), decision, how)

    def expire(self, now: datetime | None = None) -> list[Decision]:
        """End the decisions whose time is over, each in a transaction of its own."""
        at = now or self.clock()
        over = (decisions.c.state == DecisionState.EFFECTIVE) & (decisions.c.expires_at <= ms(at))
        with self.store.read() as view:
            due = [row.id for row in view.rows(select(decisions.c.id).where(over).order_by(decisions.c.id))]
        ended: list[Decision] = []
        for one in due:
            with self.store.write(SYSTEM) as tx:
                decision = decision_rows.load(tx, one)
                if decision.state == DecisionState.EFFECTIVE:  # nobody was quicker
                    ended.append(expire(tx, at, decision))
        return ended

    def get(self, decision_id: str) -> Decision:
        """One decision with its subjects; raises DecisionNotFound."""
        with self.store.read() as view:
            return decision_rows.load(view, decision_id)

    def waiting(self, person_id: str | None = None) -> list[Decision]:
        """Decisions that wait for a second person, the oldest first; without those a person may not agree to."""
        asked = select(decisions).where(decisions.c.state == DecisionState.PROPOSED)
        with self.store.read() as view:
            found = [
                decision_rows.of_row(view, row) for row in view.rows(asked.order_by(decisions.c.made_at))
            ]
            return [
                one for one in found if person_id not in second.behind(view, one.actor_kind, one.actor_id)
            ]

    def _decline(self, tx: Transaction, decision: Decision) -> Decision:
        state = DecisionState.DECLINED
        tx.run(update(decisions).where(decisions.c.id == decision.id).values(state=str(state)))
        waited = decision_rows.of_accounts(decision.subjects, None, DecisionState.PROPOSED)
        set_state(tx, decision.id, [one.subject for one in waited], state)
        tx.log("decision.declined", f"case:{decision.case_id}", {"decision": decision.id})
        closing.place(tx, decision.case_id, CaseState.OPEN)
        return decision_rows.load(tx, decision.id)

    def _free(self, case_id: str, stage: Stage, standing: list[Decision]) -> Decision | None:
        """Raise AlreadyDecided unless this stage can be decided; gives the stage it builds on."""
        built = [one for one in standing if one.stage == Stage.LIMIT and one.state == DecisionState.EFFECTIVE]
        if stage == Stage.SUSPEND and built and len(standing) == 1:
            return built[0]
        if standing:
            last = standing[-1]
            proposed = last.state == DecisionState.PROPOSED
            raise AlreadyDecided(case_id, last.id, last.actor_id, proposed=proposed)
        if stage == Stage.SUSPEND:
            raise WrongState("A network is limited first, and suspended once that holds. Decide `limit`.")
        return None

    def _before(self, tx: Transaction, asked: str | None, wanted: str | None) -> Decision | None:
        """What the same key has decided already."""
        row = None if asked is None else tx.one(select(decisions).where(decisions.c.asked == asked))
        if row is None:
            return None
        if row.asked_for != wanted:
            raise DecisionRefused(
                "This key was used for another decision. Take a new one for every decision."
            )
        return decision_rows.of_row(tx, row)


def _asked(actor: Actor, key: str | None) -> str | None:
    return None if key is None else canonical.digest([str(actor.kind), actor.id, clean.text(key)])


def _wanted(case_id: str, choice: Choice) -> str:
    about = (
        None
        if choice.subjects is None
        else sorted([one.platform, one.kind, one.id] for one in choice.subjects)
    )
    return canonical.digest(
        clean.value(
            {
                "case": case_id,
                "action": str(choice.action),
                "clause": choice.clause_id,
                "reason": choice.reason,
                "where": list(choice.jurisdictions),
                "duration": None if choice.duration is None else choice.duration.total_seconds(),
                "exclude": sorted(choice.exclude),
                "about": about,
                "by": choice.decided_by,
                "stance": None if choice.stance is None else str(choice.stance),
                "purpose": None if choice.purpose is None else str(choice.purpose),
            }
        )
    )


def _but(tx: Transaction, decision: Decision) -> list[Decision]:
    return [one for one in decision_rows.standing_in(tx, decision.case_id) if one.id != decision.id]


__all__ = ["Action", "Choice", "Decision", "Decisions"]
