"""Whether a rule may act: where the policy lets it, how well it was measured, how long it ran in shadow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select

from tarazu.cases.backtesting import RuleBacktest, backtest
from tarazu.cases.rule import AutomationSettings, Rule, RuleState
from tarazu.policy.clause import Automation
from tarazu.store.tables.automation import rule_hits
from tarazu.store.view import View

MET = 5_000  # cases met in shadow that are measured, the latest
IN_SHADOW = "A rule has to run in shadow before it acts. Start that first."


@dataclass(frozen=True, kw_only=True)
class Readiness:
    """Whether a rule may go live, and what is missing."""

    measured: RuleBacktest
    shadow: RuleBacktest  # of the cases it met in shadow and people decided since: seen by nobody when it was written
    met: int  # cases in shadow
    days: float  # in shadow
    missing: tuple[str, ...]  # sentences; empty: it may


def readiness(
    view: View, rule: Rule, settings: AutomationSettings, policy: Automation | None, now: datetime
) -> Readiness:
    """Measure a rule now, and say what is missing."""
    here = (rule_hits.c.rule_id == rule.id) & (rule_hits.c.version == rule.version)
    here &= rule_hits.c.mode == "shadow"
    met = [row.case_id for row in view.rows(select(rule_hits.c.case_id).where(here).order_by(rule_hits.c.id))]
    found = Readiness(
        measured=backtest(view, rule.condition, rule.action, rule.clause_id, now),
        shadow=backtest(view, rule.condition, rule.action, rule.clause_id, now, case_ids=met[-MET:]),
        met=len(met),
        days=0.0 if rule.shadow_at is None else (now - rule.shadow_at) / timedelta(days=1),
        missing=(),
    )
    if policy is None or rule.clause_id not in policy.allowed:
        return replace(found, missing=(not_allowed(rule.clause_id),))
    return replace(found, missing=tuple(_missing(rule, found, settings, policy)))


def not_allowed(clause_id: str) -> str:
    """What a rule is told that the policy lets do nothing."""
    return (
        f"The policy in force lets no rule act alone under {clause_id!r}. Whoever keeps the policy can add it "
        "under 'automation: allowed'."
    )


def _missing(rule: Rule, found: Readiness, settings: AutomationSettings, policy: Automation) -> Iterator[str]:
    measured, share = found.measured, found.measured.precision
    ran = found.days >= settings.shadow_days or found.met >= settings.shadow_cases
    if rule.state != RuleState.SHADOW or not ran:
        yield (
            f"It has to run in shadow for {settings.shadow_days:g} days or {settings.shadow_cases} cases first; "
            f"so far {max(found.days, 0):.1f} days and {found.met} cases."
        )
    if measured.matched < policy.least:
        yield (
            f"It would have decided {measured.matched} cases that people have decided, and the policy asks for "
            f"{policy.least}: wait for more, or make its condition wider."
        )
    if share.low < policy.precision:
        yield (
            f"People decided the same in {share.part} of {share.of} cases, which may be as little as "
            f"{share.low:.1%}; the policy asks for {policy.precision:.1%}: make its condition narrower."
        )
    if lagging := measured.lagging(policy.precision):
        yield f"In {', '.join(lagging)} it is worse than that: leave out these languages with 'unless'."
    if found.shadow.matched and found.shadow.precision.high < policy.precision:
        yield (
            f"Since it runs in shadow, people decided the same in only {found.shadow.agreed} of "
            f"{found.shadow.matched} cases: look at these and change it."
        )
