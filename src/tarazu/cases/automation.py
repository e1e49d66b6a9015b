"""Rules at work: in shadow they note, live they decide, each within its quota and what the policy allows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import delete, insert, select, tuple_

from tarazu.cases import decision_rows, locks, quotas, stops
from tarazu.cases.backtesting import fits
from tarazu.cases.case import CaseState
from tarazu.cases.case_facts import CaseFacts, facts
from tarazu.cases.closing import propose
from tarazu.cases.decision import EVERYWHERE, Action, Choice
from tarazu.cases.decision_settings import DecisionSettings
from tarazu.cases.file import read_file
from tarazu.cases.making import draft, stage_of
from tarazu.cases.objection import DecisionRefused
from tarazu.cases.rule import AutomationSettings, Rule, RuleState, load, of_row
from tarazu.cases.taking_effect import take_effect
from tarazu.store import SYSTEM, Store
from tarazu.store.ids import new_id
from tarazu.store.tables.automation import rule_hits, rules, sweeps
from tarazu.store.tables.cases import cases
from tarazu.store.times import ms
from tarazu.store.transaction import Transaction
from tarazu.store.view import View
from tarazu.verdicts import Purpose, Stance

AT_ONCE = 500  # cases of one look


@dataclass(frozen=True, kw_only=True)
class Hit:
    """A rule met a case."""

    rule_id: str
    case_id: str
    mode: str  # shadow | live
    acted: bool
    why: str  # acted | proposed | shadow | quota | stopped | policy | refused
    decision_id: str | None = None


class Automation:
    """Runs the rules. May be used by many threads and processes at once."""

    def __init__(
        self,
        store: Store,
        clock: Callable[[], datetime] | None = None,
        settings: AutomationSettings | None = None,
        deciding: DecisionSettings | None = None,
    ) -> None:
        """Take the time from `clock`; default the store's."""
        self.store, self.clock = store, clock or store.clock
        self.settings, self.deciding = settings or AutomationSettings(), deciding or DecisionSettings()

    def run(self, case_id: str) -> list[Hit]:
        """Let every rule look at one case."""
        with self.store.read() as view:
            at_work = _at_work(view)
            known = facts(view, [case_id], self.clock()) if at_work else {}
        hits: list[Hit] = []
        for rule in at_work:
            hits += self._meet(rule, known.values())
        return hits

    def sweep(self, most: int = 10_000) -> list[Hit]:
        """Let every rule look at the open cases that are new or changed since it last looked."""
        with self.store.read() as view:
            at_work = _at_work(view)
        return [hit for rule in at_work for hit in self._sweep(rule, most)]

    def _sweep(self, rule: Rule, most: int) -> list[Hit]:
        name = f"rule:{rule.id}:{rule.version}:{rule.state}"
        hits: list[Hit] = []
        seen = 0
        while seen < most:
            with self.store.read() as view:
                some = self._next(view, name)
                known = facts(view, [case_id for _, case_id in some], self.clock())
            if not some:
                break
            hits += self._meet(rule, [known[case_id] for _, case_id in some if case_id in known])
            with self.store.write(SYSTEM) as tx:
                tx.run(delete(sweeps).where(sweeps.c.name == name))
                tx.run(insert(sweeps).values(name=name, at=some[-1][0], last_id=some[-1][1]))
            seen += len(some)
        return hits

    def _next(self, view: View, name: str) -> list[tuple[int, str]]:
        last = view.one(select(sweeps).where(sweeps.c.name == name))
        asked = select(cases.c.updated_at, cases.c.id).where(cases.c.state == str(CaseState.OPEN))
        if last is not None:
            asked = asked.where(tuple_(cases.c.updated_at, cases.c.id) > tuple_(last.at, last.last_id))
        rows = view.rows(asked.order_by(cases.c.updated_at, cases.c.id).limit(AT_ONCE))
        return [(row.updated_at, row.id) for row in rows]

    def _meet(self, rule: Rule, known: Iterable[CaseFacts]) -> list[Hit]:
        fitting = [
            of for of in known if of.state == CaseState.OPEN and fits(rule.condition, rule.clause_id, of)
        ]
        if not fitting:
            return []
        if rule.state == RuleState.SHADOW:
            return self._note(rule, [of.case_id for of in fitting])
        return [hit for of in fitting if (hit := self._act(rule.id, of.case_id)) is not None]

    def _note(self, rule: Rule, case_ids: Sequence[str]) -> list[Hit]:
        """Write down what it would have done. Nothing else happens."""
        with self.store.write(rule.actor) as tx:
            now_rule = load(tx, rule.id)
            if (now_rule.state, now_rule.version) != (RuleState.SHADOW, rule.version):
                return []
            met = select(rule_hits.c.case_id).where(
                rule_hits.c.rule_id == rule.id,
                rule_hits.c.version == rule.version,
                rule_hits.c.mode == "shadow",
                rule_hits.c.case_id.in_(case_ids),
            )
            before = {row.case_id for row in tx.rows(met)}
            fresh = [one for one in dict.fromkeys(case_ids) if one not in before]
            return [self._hit(tx, rule, one, "shadow", "shadow") for one in fresh]

    def _act(self, rule_id: str, case_id: str) -> Hit | None:
        """Decide one case by one rule: everything is looked at again inside the transaction that decides."""
        with self.store.read() as view:
            rule = load(view, rule_id)
            if self._met(view, rule, case_id):  # nobody has to wait for that
                return None
        with self.store.write(rule.actor) as tx:
            rule, now = load(tx, rule_id), self.clock()
            if rule.state != RuleState.LIVE or self._met(tx, rule, case_id):
                return None
            file = read_file(tx, case_id)
            of = facts(tx, [case_id], now).get(case_id)
            if of is None or not fits(rule.condition, rule.clause_id, of) or file.row.shadow:
                return None
            # What somebody is looking at, or has decided before, is theirs.
            held = locks.holder(tx, case_id, now)
            if file.state != CaseState.OPEN or held or decision_rows.next_number(tx, case_id) > 1:
                return None
            if not self._allows(rule):
                return self._hit(tx, rule, case_id, "live", "policy")
            excess = stops.too_much(tx, rule, self.settings, now)
            if excess is not None:
                stops.stop(tx, rule, by=rule.id, why=stops.ITSELF, now=now, facts=excess)
                return self._hit(tx, rule, case_id, "live", "stopped")
            try:
                choice = _choice(rule, of)
                choice = replace(choice, stage=stage_of(file, choice))
                made = draft(tx, file, rule.actor, choice, self.deciding, now, None)
            except DecisionRefused:
                return self._hit(tx, rule, case_id, "live", "refused")
            if not quotas.take(tx, f"rule:{rule.id}", now, rule.daily_quota):
                return self._hit(tx, rule, case_id, "live", "quota")
            decision_rows.keep(tx, made)
            if made.needs:
                propose(tx, made)
                return self._hit(tx, rule, case_id, "live", "proposed", made.id)
            take_effect(tx, self.store, self.deciding, now, made)
            return self._hit(tx, rule, case_id, "live", "acted", made.id)

    def _allows(self, rule: Rule) -> bool:
        """Whether the policy in force lets it act, as well as it was measured."""
        policy = self.deciding.policies[0].automation if self.deciding.policies else None
        if policy is None or rule.clause_id not in policy.allowed or rule.measured is None:
            return False
        measured = rule.measured
        return bool(measured["matched"] >= policy.least and measured["low"] >= policy.precision)

    def _met(self, view: View, rule: Rule, case_id: str) -> bool:
        here = (rule_hits.c.rule_id == rule.id) & (rule_hits.c.case_id == case_id)
        here &= (rule_hits.c.version == rule.version) & (rule_hits.c.mode == "live")
        return view.one(select(rule_hits.c.id).where(here)) is not None

    def _hit(
        self, tx: Transaction, rule: Rule, case_id: str, mode: str, why: str, decision_id: str | None = None
    ) -> Hit:
        acted = why in ("acted", "proposed")
        row = {
            "id": new_id(ms(self.clock())),
            "rule_id": rule.id,
            "version": rule.version,
            "case_id": case_id,
            "at": ms(self.clock()),
            "mode": mode,
            "acted": int(acted),
            "why": why,
            "decision_id": decision_id,
        }
        tx.run(insert(rule_hits), [row])
        return Hit(rule_id=rule.id, case_id=case_id, mode=mode, acted=acted, why=why, decision_id=decision_id)


def _at_work(view: View) -> list[Rule]:
    """Rules in shadow first, so that they see what the others are about to decide; then by age."""
    working = (str(RuleState.SHADOW), str(RuleState.LIVE))
    found = [of_row(row) for row in view.rows(select(rules).where(rules.c.state.in_(working)))]
    return sorted(found, key=lambda rule: (rule.state != RuleState.SHADOW, rule.id))


def _choice(rule: Rule, of: CaseFacts) -> Choice:
    places = tuple((of.jurisdiction or EVERYWHERE).split())
    return Choice(
        action=rule.action,
        reason=rule.reason,
        clause_id=None if rule.action == Action.NO_ACTION else rule.clause_id,
        stance=Stance(of.stance) if of.stance in set(Stance) else None,
        purpose=Purpose(of.purpose) if of.purpose in set(Purpose) else None,
        jurisdictions=places,
    )
