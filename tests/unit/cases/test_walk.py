"""Any walk of deciding, seconding, undoing, appealing, expiring keeps what is promised. On both databases."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any

from court import ADA, BEN, CLEO, DARA, Court
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select, update

from tarazu.cases.decision import BLAMES, RESTRICTIONS, Action, Decision, Subject
from tarazu.cases.effects import OPPOSITE, standing
from tarazu.cases.refusal import CaseError
from tarazu.store import SYSTEM, Store
from tarazu.store.tables.decisions import appeals, decision_subjects, decisions, notices, strikes
from tarazu.store.tables.ledger import ledger
from tarazu.store.tables.outbox import outbox
from tarazu.store.verify import verify

PEOPLE = (ADA, BEN, CLEO, DARA)
NUMBERS = st.integers(0, 7)
DAYS = st.sampled_from([None, None, 1, 9])
_names = count()
ACTS = {str(one): (one, True) for one in RESTRICTIONS} | {
    name: (one, False) for one, name in OPPOSITE.items()
}


class Walk(RuleBasedStateMachine):
    """The model knows which decision holds for whom; the platform does what the outbox says."""

    court: Court

    @initialize()
    def begin(self) -> None:
        name = f"w{next(_names)}-"
        self.accounts = [f"{name}{number:03}" for number in range(4)]
        posts = [self.court.post(author=author) for author in (*self.accounts[:2], self.accounts[0])]
        self.cases = [*posts, self.court.network(4, name), self.court.network(4, f"{name}x")]
        self.made: list[Decision] = []
        self.holds: dict[str, set[Subject]] = {}  # decision -> subjects under it
        self.over: dict[str, set[Subject]] = {}  # the same, once its time was over
        self.lifted: dict[str, set[tuple[str, Subject]]] = {}  # restoring decision -> what it lifted
        self.links: list[Any] = []
        self.appealed: list[str] = []
        self.platform: dict[tuple[Subject, Action], frozenset[str]] = {}
        self.subjects: set[Subject] = set()

    # --- what people do

    @rule(case=NUMBERS, action=st.sampled_from(Action), who=NUMBERS, out=NUMBERS, days=DAYS)
    def decide(self, case: int, action: Action, who: int, out: int, days: int | None) -> None:
        self._decide(case % 5, action, who, out, days)

    @rule(case=NUMBERS, who=NUMBERS, out=NUMBERS, days=DAYS)
    def agree_on(self, case: int, who: int, out: int, days: int | None) -> None:
        """Two people, one after the other; mostly about the networks, one stage after the other."""
        case = max(case, 3) % 5
        reached = case > 2 and self.court.staging.takedown(self.cases[case]).next == "suspend"
        made = self._decide(case, Action.SUSPEND if reached else Action.LIMIT, who, out, days)
        if made is not None and made.waits:
            self._second(made, who + 1, True)

    @precondition(lambda self: self._waiting())
    @rule(which=NUMBERS, who=NUMBERS, agree=st.booleans())
    def second(self, which: int, who: int, agree: bool) -> None:
        if decision := self._pick(which, self._waiting()):
            self._second(decision, who, agree)

    @precondition(lambda self: self.made)
    @rule(which=NUMBERS, who=NUMBERS, alone=st.booleans(), account=st.integers(0, 3))
    def undo(self, which: int, who: int, alone: bool, account: int) -> None:
        if decision := self._pick(which, [one for one in self.made if which > 5 or self.holds.get(one.id)]):
            accounts = (self.accounts[account],) if alone else None
            call = self.court.decisions.undo
            done = self._try(lambda: call(decision.id, PEOPLE[who % 4], "A mistake.", accounts=accounts))
            if done is not None:
                self._gone(decision.id, accounts)
                self.links += done.links

    @precondition(lambda self: self.links)
    @rule(which=NUMBERS, who=NUMBERS, answer=st.sampled_from(["uphold", "reverse", "later"]))
    def appeal(self, which: int, who: int, answer: str) -> None:
        token = self.links[-1 - which % len(self.links)].token
        made = self._try(lambda: self.court.appeals.open(token, "It is a quotation."))
        if made is not None:
            self.appealed.append(made.id)
            if answer != "later":
                self._answer(made.id, who, answer)

    @precondition(lambda self: self.appealed)
    @rule(which=NUMBERS, who=NUMBERS, answer=st.sampled_from(["uphold", "reverse"]))
    def answer(self, which: int, who: int, answer: str) -> None:
        self._answer(self.appealed[-1 - which % len(self.appealed)], who, answer)

    @rule(days=st.integers(1, 5))
    def wait(self, days: int) -> None:
        self.court.clock.later(days=days)
        for one in self.court.decisions.expire():
            if one.id in self.holds:
                self.over[one.id] = self.holds.pop(one.id)

    @rule(
        case=st.integers(0, 2),
        action=st.sampled_from([Action.REMOVE, Action.LABEL, Action.LIMIT, Action.WARN]),
    )
    def decide_and_undo_at_once(self, case: int, action: Action) -> None:
        before = self._now(), self._weights(), self.court.state(self.cases[case])
        made = self._try(lambda: self.court.decide(self.cases[case], action))
        if made is not None:
            self.court.decisions.undo(made.id, ADA, "A mistake.")
            assert (self._now(), self._weights(), self.court.state(self.cases[case])) == before

    @rule(rows=st.integers(1, 4), trouble=st.sampled_from(["none", "before", "after"]))
    def deliver(self, rows: int, trouble: str) -> None:
        self._deliver(rows, trouble)

    def _decide(self, case: int, action: Action, who: int, out: int, days: int | None) -> Decision | None:
        duration = timedelta(days=days) if days and action.restricts else None
        exclude = (self.accounts[out],) if out < 2 and case == 3 else ()
        where = ("DE",) if out == 3 else ("*",)
        choice = {"duration": duration, "exclude": exclude, "jurisdictions": where}
        made: Decision | None = self._try(
            lambda: self.court.decide(self.cases[case], action, PEOPLE[who % 4], **choice)
        )
        if made is not None:
            self.made.append(made)
            self._began(made)
        return made

    def _second(self, decision: Decision, who: int, agree: bool) -> None:
        done = self._try(lambda: self.court.decisions.second(decision.id, PEOPLE[who % 4], agree, "Seen."))
        if done is not None:
            self.made = [done if one.id == done.id else one for one in self.made]
            self._began(done)

    def _answer(self, appeal_id: str, who: int, answer: str) -> None:
        done = self._try(lambda: self.court.appeals.decide(appeal_id, PEOPLE[who % 4], answer, "Read again."))
        if done is not None and done.state == "reversed":
            self._gone(done.decision_id, (done.recipient_id,), wholly=True)

    # --- what has to hold

    @invariant()
    def what_holds_is_what_was_decided(self) -> None:
        assert self._now() == self._expected()

    @invariant()
    def nothing_holds_without_its_second_person(self) -> None:
        ended = decisions.c.state.not_in(("proposed", "declined")) & decisions.c.effective_at.is_not(None)
        lonely = decisions.c.second_id.is_(None) | (decisions.c.second_id == decisions.c.actor_id)
        asked = select(func.count()).where(decisions.c.needs != "[]", ended, lonely)
        assert self._value(asked) == 0

    @invariant()
    def one_decision_a_subject_and_stage(self) -> None:
        join = decision_subjects.join(decisions, decisions.c.id == decision_subjects.c.decision_id)
        who = (decisions.c.case_id, decisions.c.stage, decision_subjects.c.subject_id, decisions.c.undoes)
        asked = select(func.count()).select_from(join).group_by(*who).having(func.count() > 1)
        holds = (decision_subjects.c.state == "effective") & decisions.c.undoes.is_(None)
        assert self._value(asked.where(holds)) is None

    @invariant()
    def strikes_are_those_of_the_decisions(self) -> None:
        counted = {
            (one.id, whose)
            for one in self.made
            if one.action in BLAMES and one.action != Action.LABEL and one.stage != "suspend"
            for under in (*self.holds.get(one.id, ()), *self.over.get(one.id, ()))
            if (whose := self._owner(one, under))
        }
        with self.court.store.read() as view:
            ids = [one.id for one in self.made]
            asked = select(strikes).where(strikes.c.revoked_at.is_(None), strikes.c.decision_id.in_(ids))
            assert {(row.decision_id, row.account_id) for row in view.rows(asked)} == counted

    @invariant()
    def every_notice_has_a_decision_that_held(self) -> None:
        began = select(decisions.c.id).where(decisions.c.effective_at.is_not(None))
        assert self._value(select(func.count()).where(notices.c.decision_id.not_in(began))) == 0

    @invariant()
    def appeals_are_answered_by_others(self) -> None:
        join = appeals.join(decisions, decisions.c.id == appeals.c.decision_id)
        own = (appeals.c.person_id == decisions.c.actor_id) | (appeals.c.person_id == decisions.c.second_id)
        assert self._value(select(func.count()).select_from(join).where(own)) == 0

    @invariant()
    def cases_wait_for_whom_they_wait(self) -> None:
        with self.court.store.read() as view:
            for case in self.cases:
                states = [
                    row.state
                    for row in view.rows(select(decisions.c.state).where(decisions.c.case_id == case))
                ]
                assert (self.court.state(case) == "waiting_second") == ("proposed" in states)

    def teardown(self) -> None:
        self._deliver(10_000, "none")
        told = {one: where for one, where in self.platform.items() if where}
        holds = {
            (subject, action): where
            for subject, found in self._now().items()
            for (action, _), where in found.items()
        }
        assert told == holds
        assert verify(self.court.store).faults == []

    # --- the model

    def _began(self, made: Decision) -> None:
        self.subjects |= {one.subject for one in made.subjects}
        if made.state != "effective" or made.id in self.holds or made.id in self.over:
            return
        self.links += made.links
        under = {one.subject for one in made.subjects if one.state == "effective"}
        if made.action == Action.RESTORE:
            held = {(one, subject) for one, whom in self.holds.items() for subject in whom & under}
            before = {pair for lifted in self.lifted.values() for pair in lifted}
            self.lifted[made.id] = held - before
        self.holds[made.id] = under

    def _gone(self, decision_id: str, accounts: tuple[str, ...] | None, *, wholly: bool = False) -> None:
        self.made = [
            self.court.decisions.get(one.id) if one.state == "proposed" else one for one in self.made
        ]
        first = next(one for one in self.made if one.id == decision_id)
        for one in self.made:
            later = one.case_id == first.case_id and first.stage == "limit" and one.stage == "suspend"
            earlier = wholly and one.case_id == first.case_id
            earlier = earlier and first.stage == "suspend" and one.stage == "limit"
            if one.id == decision_id or later or earlier:
                for held in (self.holds,) if later else (self.holds, self.over):
                    for subject in set(held.get(one.id, ())):
                        if accounts is None or self._owner(one, subject) in accounts:
                            held[one.id].discard(subject)
                            lifted = self.lifted.get(one.id, set())
                            self.lifted[one.id] = {pair for pair in lifted if pair[1] != subject}

    def _expected(self) -> dict[Subject, dict[Any, frozenset[str]]]:
        found: dict[Subject, dict[Any, set[str]]] = {one: {} for one in self.subjects}
        lifted = {pair for one in self.lifted.values() for pair in one}
        for one in self.made:
            for subject in self.holds.get(one.id, ()):
                if one.action in RESTRICTIONS and (one.id, subject) not in lifted:
                    label = one.clause_id if one.action == Action.LABEL else ""
                    found[subject].setdefault((one.action, label), set()).update(one.jurisdictions)
        return {
            subject: {key: frozenset({"*"} if "*" in where else where) for key, where in held.items()}
            for subject, held in found.items()
        }

    def _now(self) -> dict[Subject, Any]:
        with self.court.store.read() as view:
            return dict(standing(view, self.subjects))

    def _weights(self) -> list[int]:
        return [self.court.strikes.weight(one, "square") for one in self.accounts]

    def _owner(self, decision: Decision, subject: Subject) -> str | None:
        return next(one.account_id for one in decision.subjects if one.subject == subject)

    def _pick(self, which: int, among: list[Decision]) -> Decision | None:
        return among[-1 - which % len(among)] if among else None

    def _waiting(self) -> list[Decision]:
        return [one for one in self.made if one.state == "proposed"]

    def _try(self, call: Callable[[], Any]) -> Any:
        """What is refused changes nothing."""
        self.court.clock.later(seconds=1)
        entries = self._value(select(func.count()).select_from(ledger))
        try:
            return call()
        except CaseError as error:
            assert str(error).endswith(".")
            assert self._value(select(func.count()).select_from(ledger)) == entries
            return None

    def _value(self, asked: Any) -> Any:
        with self.court.store.read() as view:
            return view.value(asked)

    def _deliver(self, rows: int, trouble: str) -> None:
        mine = [one.id for one in self.subjects]
        waiting = (outbox.c.state == "pending") & (outbox.c.act != "notice") & outbox.c.subject_id.in_(mine)
        with self.court.store.write(SYSTEM) as tx:
            asked = select(outbox).where(waiting).order_by(outbox.c.seq).limit(rows)
            for row in tx.rows(asked):
                values: dict[str, object] = {"attempts": row.attempts + 1}
                if trouble != "before":
                    subject = Subject(kind=row.subject_kind, id=row.subject_id, platform="square")
                    self.platform[subject, ACTS[row.act][0]] = _where(row)
                if trouble == "none":
                    values |= {"state": "done"}
                tx.run(update(outbox).where(outbox.c.id == row.id).values(**values))
                tx.log("action.done", f"outbox:{row.id}")
                if trouble != "none":
                    break  # what comes after waits for its turn


def _where(row: Any) -> frozenset[str]:
    where = frozenset(json.loads(row.payload)["where"])
    assert bool(where) == ACTS[row.act][1]
    return where


def test_any_walk(store: Store) -> None:
    Walk.court = Court(store)
    examples = 20 if store.dialect == "sqlite" else 6
    checks = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
    run_state_machine_as_test(
        Walk,
        settings=settings(
            max_examples=examples, stateful_step_count=40, deadline=None, suppress_health_check=checks
        ),
    )
