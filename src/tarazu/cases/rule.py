"""A rule: a condition over cases, an action, and how far it may go."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, select

from tarazu.cases.condition import Condition, parse_condition
from tarazu.cases.decision import Action
from tarazu.cases.objection import DecisionRefused
from tarazu.errors import OptionError
from tarazu.store.actor import Actor, ActorKind
from tarazu.store.tables.automation import rules
from tarazu.store.times import moment, moment_or_none
from tarazu.store.view import View


class RuleState(StrEnum):
    """How far a rule may go."""

    DRAFT = "draft"  # does nothing
    SHADOW = "shadow"  # notes what it would do
    LIVE = "live"  # acts
    STOPPED = "stopped"  # acted, and may not now

    def may_become(self, other: RuleState) -> bool:
        """Whether the step is one of the table below."""
        return other in NEXT[self]


NEXT: dict[RuleState, tuple[RuleState, ...]] = {
    RuleState.DRAFT: (RuleState.SHADOW, RuleState.STOPPED),
    RuleState.SHADOW: (RuleState.DRAFT, RuleState.LIVE, RuleState.STOPPED),
    RuleState.LIVE: (RuleState.DRAFT, RuleState.SHADOW, RuleState.STOPPED),
    RuleState.STOPPED: (RuleState.DRAFT, RuleState.SHADOW, RuleState.LIVE),  # live: only by lifting the stop
}
# A rule says what shall hold, or that nothing shall; to restore or to refuse an order is for people.
ACTIONS = (
    Action.REMOVE,
    Action.LABEL,
    Action.LIMIT,
    Action.WARN,
    Action.SUSPEND,
    Action.NO_ACTION,
)


class RuleRefused(DecisionRefused):
    """A rule cannot be made, or may not do this; the message says what is missing."""


class RuleNotFound(RuleRefused):
    """There is no such rule."""

    def __init__(self, rule_id: str) -> None:
        super().__init__(f"There is no rule {rule_id!r}. Look it up in the list of rules.")
        self.rule_id = rule_id


@dataclass(frozen=True, kw_only=True)
class RuleDraft:
    """A rule as somebody writes it."""

    name: str
    condition: str | Mapping[str, Any]  # JSON, see `tarazu.cases.condition`
    action: Action
    clause_id: str  # that the cases are about
    reason: str  # of every decision it makes: people are told
    daily_quota: int = 100


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A rule as it is kept."""

    id: str
    name: str
    state: RuleState
    version: int
    condition: Condition = field(repr=False)
    action: Action
    clause_id: str
    reason: str
    measured: Mapping[str, Any] | None  # the last backtest of this version
    daily_quota: int
    made_by: str
    made_at: datetime
    edited_by: str
    edited_at: datetime
    shadow_at: datetime | None
    live_at: datetime | None

    @property
    def actor(self) -> Actor:
        """Who decides when it does."""
        return Actor(ActorKind.RULE, self.id, self.name)

    @property
    def fresh_from(self) -> datetime:
        """Since when it does what it does."""
        return max(self.edited_at, self.live_at or self.edited_at)


@dataclass(frozen=True, kw_only=True)
class AutomationSettings:
    """How careful rules have to be; the defaults are the ones documented."""

    shadow_days: float = 7  # a rule runs in shadow for so long,
    shadow_cases: int = 200  # or until it has met so many cases
    fresh: timedelta = timedelta(hours=24)  # after an edit or going live, a rule may stop itself
    stop_share: float = 0.05  # of the recent decisions of everybody
    stop_window: timedelta = timedelta(hours=24)  # what is recent
    stop_least: int = 20  # so many of its own before a share says anything

    def __post_init__(self) -> None:
        if not 0 < self.stop_share < 1 or self.stop_least < 1 or self.stop_window <= timedelta(0):
            raise OptionError("`stop_share` is between 0 and 1, `stop_least` and `stop_window` above 0.")
        if self.shadow_days <= 0 or self.shadow_cases < 1:
            raise OptionError("A rule has to run in shadow first: `shadow_days` and `shadow_cases` above 0.")


def load(view: View, rule_id: str) -> Rule:
    """One rule; raises RuleNotFound."""
    row = view.one(select(rules).where(rules.c.id == rule_id))
    if row is None:
        raise RuleNotFound(rule_id)
    return of_row(row)


def of_row(row: Row[Any]) -> Rule:
    """A row as a rule."""
    return Rule(
        id=row.id,
        name=row.name,
        state=RuleState(row.state),
        version=row.version,
        condition=parse_condition(row.condition, row.name),
        action=Action(row.action),
        clause_id=row.clause_id,
        reason=row.reason,
        measured=None if row.measured is None else json.loads(row.measured),
        daily_quota=row.daily_quota,
        made_by=row.made_by,
        made_at=moment(row.made_at),
        edited_by=row.edited_by,
        edited_at=moment(row.edited_at),
        shadow_at=moment_or_none(row.shadow_at),
        live_at=moment_or_none(row.live_at),
    )
