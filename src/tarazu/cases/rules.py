"""Rules: written, run in shadow, measured, let loose, stopped, each step by a person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select, update

from tarazu.cases import clean, quotas, stops
from tarazu.cases.backtesting import RuleBacktest, backtest
from tarazu.cases.condition import FOREIGN, parse_condition
from tarazu.cases.decision import Action
from tarazu.cases.decision_settings import DecisionSettings
from tarazu.cases.objection import SamePerson
from tarazu.cases.readiness import IN_SHADOW, Readiness, not_allowed, readiness
from tarazu.cases.rule import (
    ACTIONS,
    AutomationSettings,
    Rule,
    RuleDraft,
    RuleRefused,
    RuleState,
    load,
    of_row,
)
from tarazu.ledger import canonical
from tarazu.policy.clause import Automation as Allowed
from tarazu.store import Actor, Store
from tarazu.store.actor import ActorKind
from tarazu.store.ids import new_id
from tarazu.store.tables.automation import rule_hits, rules
from tarazu.store.tables.cases import cases
from tarazu.store.times import moment, ms
from tarazu.store.transaction import Transaction
from tarazu.store.view import View

NAME, REASON = 200, 5_000  # characters
MOST = 1_000_000  # a day


class Rules:
    """The rules of a platform."""

    def __init__(
        self,
        store: Store,
        clock: Callable[[], datetime] | None = None,
        settings: AutomationSettings | None = None,
        deciding: DecisionSettings | None = None,
    ) -> None:
        """`deciding` brings the policy in force, which says where a rule may act."""
        self.store, self.clock = store, clock or store.clock
        self.settings, self.deciding = settings or AutomationSettings(), deciding or DecisionSettings()

    def all(self) -> list[Rule]:
        """Every rule, the oldest first."""
        with self.store.read() as view:
            return [of_row(row) for row in view.rows(select(rules).order_by(rules.c.id))]

    def get(self, rule_id: str) -> Rule:
        """One rule; raises RuleNotFound."""
        with self.store.read() as view:
            return load(view, rule_id)

    def stops(self, rule_id: str) -> list[stops.Stop]:
        """When and why it was stopped, the latest first."""
        with self.store.read() as view:
            return stops.of_rule(view, rule_id)

    def create(self, person: Actor, draft: RuleDraft) -> Rule:
        """Keep a new rule; it does nothing yet. Raises RuleRefused, NotValid."""
        values = self._checked(person, draft)
        now = self.clock()
        with self.store.write(person) as tx:
            made = new_id(ms(now))
            row = {
                "id": made,
                "state": str(RuleState.DRAFT),
                "version": 1,
                "made_by": person.id,
                "made_at": ms(now),
                "edited_by": person.id,
                "edited_at": ms(now),
                **values,
            }
            tx.run(insert(rules), [row])
            return self._logged(tx, made)

    def edit(self, rule_id: str, person: Actor, draft: RuleDraft) -> Rule:
        """Change a rule. Where it would do something else, it is a draft again, to be measured anew."""
        values = self._checked(person, draft)
        with self.store.write(person) as tx:
            rule = load(tx, rule_id)
            does = (rule.condition.written, str(rule.action), rule.clause_id)
            other = does != (values["condition"], values["action"], values["clause_id"])
            change: dict[str, object] = dict(values)
            if other:
                self._step(rule, RuleState.DRAFT)
                change |= {"state": str(RuleState.DRAFT), "version": rule.version + 1, "measured": None}
                change |= {"shadow_at": None, "live_at": None}
            if other or draft.daily_quota > rule.daily_quota:
                change |= {"edited_by": person.id, "edited_at": ms(self.clock())}
            tx.run(update(rules).where(rules.c.id == rule_id).values(**change))
            return self._logged(tx, rule_id)

    def shadow(self, rule_id: str, person: Actor) -> Rule:
        """Let a rule note what it would do."""
        _by_person(person)
        with self.store.write(person) as tx:
            rule = load(tx, rule_id)
            self._step(rule, RuleState.SHADOW)
            if rule.state == RuleState.STOPPED:
                stops.lift(tx, rule, by=person.id, why="shadow", now=self.clock())
            values = {"state": str(RuleState.SHADOW), "shadow_at": ms(self.clock()), "live_at": None}
            tx.run(update(rules).where(rules.c.id == rule_id).values(**values))
            return self._logged(tx, rule_id)

    def backtest(self, rule_id: str) -> RuleBacktest:
        """What a rule would have done to everything that people have decided."""
        with self.store.read() as view:
            rule = load(view, rule_id)
            return backtest(view, rule.condition, rule.action, rule.clause_id, self.clock())

    def try_out(self, draft: RuleDraft) -> RuleBacktest:
        """The same for a rule that is not kept yet."""
        condition = parse_condition(draft.condition)
        with self.store.read() as view:
            return backtest(view, condition, draft.action, draft.clause_id, self.clock())

    def readiness(self, rule_id: str) -> Readiness:
        """Whether a rule may go live, measured now."""
        with self.store.read() as view:
            return self._readiness(view, load(view, rule_id))

    def go_live(self, rule_id: str, person: Actor) -> Rule:
        """Let a rule act, within its quota. Raises RuleRefused with everything that is missing."""
        _by_person(person)
        with self.store.write(person) as tx:
            rule = load(tx, rule_id)
            if rule.state == RuleState.STOPPED:
                raise RuleRefused("This rule was stopped. Somebody else has to lift the stop, with a reason.")
            if rule.state != RuleState.LIVE:
                ready = self._readiness(tx, rule)
                if rule.state != RuleState.SHADOW or ready.missing:
                    raise RuleRefused(" ".join(ready.missing) or IN_SHADOW)
                values = {
                    "state": str(RuleState.LIVE),
                    "live_at": ms(self.clock()),
                    "measured": canonical.dumps(ready.measured.line()),
                }
                tx.run(update(rules).where(rules.c.id == rule_id).values(**values))
            return self._logged(tx, rule_id)

    def stop(self, rule_id: str, person: Actor, reason: str) -> Rule:
        """Stop a rule at once."""
        if not reason.strip():
            raise RuleRefused("Stopping a rule needs a reason: whoever wrote it has to know why.")
        with self.store.write(person) as tx:
            rule = load(tx, rule_id)
            self._step(rule, RuleState.STOPPED)
            stops.stop(tx, rule, by=person.id, why=clean.text(reason.strip())[:REASON], now=self.clock())
            return load(tx, rule_id)

    def lift(self, rule_id: str, person: Actor, reason: str) -> Rule:
        """Let a stopped rule act again. Raises SamePerson for whoever edited it last, RuleRefused without a reason."""
        _by_person(person)
        if not reason.strip():
            raise RuleRefused("Lifting a stop needs a reason: it is kept beside the stop.")
        with self.store.write(person) as tx:
            rule = load(tx, rule_id)
            if rule.state != RuleState.STOPPED:
                raise RuleRefused(f"This rule is {rule.state}, not stopped. There is nothing to lift.")
            if person.id == rule.edited_by:
                raise SamePerson(
                    "You wrote this rule, so somebody else has to lift its stop. Ask a colleague."
                )
            if rule.live_at is None:
                raise RuleRefused("This rule never acted. Let it run in shadow again instead.")
            policy = self.allowed()
            if policy is None or rule.clause_id not in policy.allowed:
                raise RuleRefused(not_allowed(rule.clause_id))
            stops.lift(tx, rule, by=person.id, why=clean.text(reason.strip())[:REASON], now=self.clock())
            tx.run(update(rules).where(rules.c.id == rule_id).values(state=str(RuleState.LIVE)))
            return self._logged(tx, rule_id)

    def allowed(self) -> Allowed | None:
        """Where the policy in force lets rules act."""
        return self.deciding.policies[0].automation if self.deciding.policies else None

    def _readiness(self, view: View, rule: Rule) -> Readiness:
        return readiness(view, rule, self.settings, self.allowed(), self.clock())

    def _checked(self, person: Actor, draft: RuleDraft) -> dict[str, object]:
        _by_person(person)
        if not draft.name.strip() or not draft.reason.strip():
            raise RuleRefused("A rule needs a name, and a reason that people are told: write both.")
        action = Action(draft.action)
        if action not in ACTIONS:
            raise RuleRefused(
                f"A rule cannot {action.replace('_', ' ')}. Choose one of: {', '.join(map(str, ACTIONS))}."
            )
        policy = self.deciding.policies[0] if self.deciding.policies else None
        if policy is not None and draft.clause_id not in {one.id for one in policy.clauses}:
            known = ", ".join(one.id for one in policy.clauses)
            raise RuleRefused(f"There is no clause {draft.clause_id!r} in {policy.id}. Its clauses: {known}.")
        if not 1 <= draft.daily_quota <= MOST:
            raise RuleRefused(f"A daily quota is 1 at least and {MOST} at most.")
        condition = parse_condition(draft.condition, draft.name.strip())
        if condition.says <= FOREIGN:
            raise RuleRefused(
                "Who reported says nothing about the case itself: add what must be found, for example 'outcome'."
            )
        return {
            "name": clean.text(draft.name.strip())[:NAME],
            "condition": condition.written,
            "action": str(action),
            "clause_id": draft.clause_id,
            "reason": clean.text(draft.reason.strip())[:REASON],
            "daily_quota": draft.daily_quota,
        }

    def _step(self, rule: Rule, to: RuleState) -> None:
        if rule.state != to and not rule.state.may_become(to):
            raise RuleRefused(f"A rule that is {rule.state} cannot become {to}. Look at it again.")

    def _logged(self, tx: Transaction, rule_id: str) -> Rule:
        rule = load(tx, rule_id)
        facts = {
            "state": str(rule.state),
            "version": rule.version,
            "condition": rule.condition.written,
            "action": str(rule.action),
            "clause": rule.clause_id,
            "quota": rule.daily_quota,
            "measured": None if rule.measured is None else dict(rule.measured),
        }
        tx.log("rule.changed", f"rule:{rule_id}", facts)
        return rule

    def hits(self, rule_id: str) -> dict[str, int]:
        """How often it met a case, by what came of it."""
        asked = select(rule_hits.c.why, func.count().label("many")).where(rule_hits.c.rule_id == rule_id)
        with self.store.read() as view:
            return {row.why: int(row.many) for row in view.rows(asked.group_by(rule_hits.c.why))}

    def log(self, rule_id: str, limit: int = 50) -> list[Met]:
        """The cases it met last, the latest first."""
        asked = (
            select(rule_hits.c.case_id, rule_hits.c.at, rule_hits.c.why, cases.c.title)
            .join(cases, cases.c.id == rule_hits.c.case_id)
            .where(rule_hits.c.rule_id == rule_id)
            .order_by(rule_hits.c.at.desc(), rule_hits.c.id.desc())
        )
        with self.store.read() as view:
            return [
                Met(case_id=row.case_id, title=row.title, at=moment(row.at), why=row.why)
                for row in view.rows(asked.limit(limit))
            ]

    def used(self, rule_id: str) -> int:
        """How much of its quota is used today."""
        with self.store.read() as view:
            return quotas.used(view, f"rule:{rule_id}", self.clock())


@dataclass(frozen=True, kw_only=True)
class Met:
    """A rule met a case."""

    case_id: str
    title: str
    at: datetime
    why: str  # acted | proposed | shadow | quota | stopped | policy | refused


def _by_person(person: Actor) -> None:
    if person.kind not in (ActorKind.PERSON, ActorKind.TOKEN):
        raise RuleRefused("Only a person can change a rule.")
