"""A court with rules: a policy that lets some act alone, and decided cases to measure them by."""

from __future__ import annotations

from dataclasses import replace

from court import ADA, BEN, POLICY, Court

from tarazu.cases.automation import Automation
from tarazu.cases.decision import Action
from tarazu.cases.decision_settings import DecisionSettings
from tarazu.cases.rule import AutomationSettings, Rule, RuleDraft
from tarazu.cases.rules import Rules
from tarazu.policy.clause import Automation as Allowed
from tarazu.store import Store

ALLOWED = replace(POLICY, automation=Allowed(allowed=frozenset({"praise"}), precision=0.8, least=20))
PRAISE = {"outcome": ["violates"], "certainty": 0.8}


class Workshop(Court):
    """Everything about rules, over one store."""

    def __init__(self, store: Store, settings: AutomationSettings | None = None) -> None:
        super().__init__(store, DecisionSettings(policies=(ALLOWED,)))
        self.careful = settings or AutomationSettings(shadow_days=1, stop_least=1000)
        self.rules = Rules(store, self.clock, self.careful, self.settings)
        self.automation = Automation(store, self.clock, self.careful, self.settings)

    def decided(self, many: int, action: Action | str = Action.REMOVE, **more: object) -> list[str]:
        """Cases that Ada has decided."""
        made = [self.post(author=f"past{number}") for number in range(many)]
        for case_id in made:
            self.decide(case_id, action, **more)
        return made

    def rule(self, **more: object) -> Rule:
        """A rule of Ada's, still a draft."""
        values: dict[str, object] = {
            "name": "Clear praise",
            "condition": PRAISE,
            "action": Action.REMOVE,
            "clause_id": "praise",
            "reason": "Clear praise of a listed group.",
        }
        return self.rules.create(ADA, RuleDraft(**(values | more)))  # type: ignore[arg-type]

    def live(self, past: int = 25, **more: object) -> Rule:
        """A rule that was measured, ran in shadow and may act; its first day is over."""
        if past:
            self.decided(past)
        rule = self.rule(**more)
        self.rules.shadow(rule.id, ADA)
        self.clock.later(days=2)
        made = self.rules.go_live(rule.id, BEN)
        self.clock.later(days=2)
        return made
