"""The emergency stop: a rule that was just changed and does too much of all that is done stops itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update

from tarazu.cases.rule import AutomationSettings, Rule, RuleState
from tarazu.ledger import canonical
from tarazu.store.ids import new_id
from tarazu.store.tables.automation import rules, stops
from tarazu.store.tables.decisions import decisions
from tarazu.store.times import moment, moment_or_none, ms
from tarazu.store.transaction import Transaction
from tarazu.store.view import View

ITSELF = "emergency"  # why a rule that stopped itself did


@dataclass(frozen=True, kw_only=True)
class Stop:
    """A stop of a rule."""

    id: str
    rule_id: str
    at: datetime
    by: str  # a person, or the rule itself
    why: str  # what the person wrote, or `emergency`
    facts: Mapping[str, Any]
    lifted_at: datetime | None
    lifted_by: str | None
    lifted_why: str | None


def too_much(view: View, rule: Rule, settings: AutomationSettings, now: datetime) -> dict[str, object] | None:
    """What one more act of a fresh rule would make of its share of recent decisions, if that is too much."""
    if now - rule.fresh_from >= settings.fresh:
        return None
    since = now - settings.stop_window
    lifted = view.value(select(func.max(stops.c.lifted_at)).where(stops.c.rule_id == rule.id))
    mine_since = max(since, moment(lifted)) if lifted is not None else since
    # Ids begin with their time and are the primary key: no walk over all decisions.
    recent = (
        decisions.c.undoes.is_(None) & (decisions.c.id >= _from(since)) & (decisions.c.made_at > ms(since))
    )
    own = (decisions.c.actor_id == rule.id) & (decisions.c.made_at > ms(mine_since))
    total = int(view.value(select(func.count()).select_from(decisions).where(recent)) or 0) + 1
    mine = int(view.value(select(func.count()).select_from(decisions).where(recent, own)) or 0) + 1
    if mine <= settings.stop_least or mine <= settings.stop_share * total:
        return None
    return {"own": mine, "of": total, "hours": settings.stop_window.total_seconds() / 3600}


def stop(
    tx: Transaction,
    rule: Rule,
    *,
    by: str,
    why: str,
    now: datetime,
    facts: Mapping[str, object] | None = None,
) -> str:
    """Stop a rule from now on; gives the id of the stop."""
    made = new_id(ms(now))
    row = {
        "id": made,
        "rule_id": rule.id,
        "at": ms(now),
        "by": by,
        "why": why,
        "facts": canonical.dumps(dict(facts or {})),
    }
    tx.run(insert(stops), [row])
    tx.run(update(rules).where(rules.c.id == rule.id).values(state=str(RuleState.STOPPED)))
    tx.log("rule.stopped", f"rule:{rule.id}", {"stop": made, "why": why, **(facts or {})})
    return made


def lift(tx: Transaction, rule: Rule, *, by: str, why: str, now: datetime) -> None:
    """Lift every stop of a rule."""
    open_ = (stops.c.rule_id == rule.id) & stops.c.lifted_at.is_(None)
    tx.run(update(stops).where(open_).values(lifted_at=ms(now), lifted_by=by, lifted_why=why))


def of_rule(view: View, rule_id: str) -> list[Stop]:
    """The stops of a rule, the latest first."""
    asked = select(stops).where(stops.c.rule_id == rule_id).order_by(stops.c.at.desc(), stops.c.id.desc())
    return [
        Stop(
            id=row.id,
            rule_id=row.rule_id,
            at=moment(row.at),
            by=row.by,
            why=row.why,
            facts=json.loads(row.facts),
            lifted_at=moment_or_none(row.lifted_at),
            lifted_by=row.lifted_by,
            lifted_why=row.lifted_why,
        )
        for row in view.rows(asked)
    ]


def _from(at: datetime) -> str:
    """What every id made from then on is not before."""
    return new_id(ms(at))[:10]
