"""What a program in the calling system may decide without a person: as little as a rule of ours may.

A token is a program unless the call names the person who decided. What it decides alone is told as automated. It waits
for a person wherever somebody is blamed, until the policy lets the clause be automated and people have agreed with
enough of what this token proposed; and it has a daily quota, beyond which everything waits.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from tarazu.cases import clean, decision_rows, quotas
from tarazu.cases.decision import Choice, Decision, DecisionState
from tarazu.cases.decision_settings import DecisionSettings
from tarazu.cases.interval import Share
from tarazu.cases.objection import DecisionRefused
from tarazu.store.actor import Actor, ActorKind
from tarazu.store.tables.decisions import decisions
from tarazu.store.transaction import Transaction
from tarazu.store.view import View

WAITS = "automated"  # why a second person is needed, in `Decision.needs`
NAME = 200  # characters of a name
_AGREED = (DecisionState.EFFECTIVE, DecisionState.EXPIRED)
_WRONG = (DecisionState.DECLINED, DecisionState.UNDONE, DecisionState.REVERSED)


def person_of(actor: Actor, named: str | None) -> str | None:
    """The person in the calling system who decided; raises DecisionRefused where nobody else can have."""
    if named is None:
        return None
    if actor.kind != ActorKind.TOKEN:
        raise DecisionRefused("Only a token can name somebody else who decided. Leave `decided_by` out.")
    name = clean.text(named.strip())[:NAME]
    if not name:
        raise DecisionRefused("Name the person who decided, or leave `decided_by` out.")
    return name


def automated(actor: Actor, named: str | None) -> bool:
    """Whether no person decided."""
    return actor.kind == ActorKind.RULE or (actor.kind == ActorKind.TOKEN and named is None)


def waits(tx: Transaction, actor: Actor, choice: Choice, settings: DecisionSettings, at: datetime) -> bool:
    """Whether a person has to agree because a program decided; uses one of its quota where nobody has to."""
    if actor.kind != ActorKind.TOKEN or choice.decided_by is not None:
        return False
    if choice.action.blames and not _proven(tx, actor, choice, settings):
        return True
    return not quotas.take(tx, f"token:{actor.id}", at, settings.program_daily)


def may_undo(view: View, actor: Actor, named: str | None, decision: Decision) -> None:
    """Raise DecisionRefused where a program would overrule a person."""
    if not automated(actor, named):
        return
    behind = [decision]
    if decision.undoes is not None:
        behind.append(decision_rows.load(view, decision.undoes))
    if any(one.second_id is not None or not one.automated for one in behind):
        raise DecisionRefused(
            "A person decided this, and a program cannot take it back alone. Name in `decided_by` who does."
        )


def _proven(view: View, actor: Actor, choice: Choice, settings: DecisionSettings) -> bool:
    """Whether the policy lets it act under this clause, and people agreed with what it proposed."""
    policy = settings.policies[0].automation if settings.policies else None
    if policy is None or choice.clause_id not in policy.allowed:
        return False
    asked = select(
        decisions.c.state, decisions.c.second_id.is_not(None).label("seen"), func.count().label("many")
    )
    mine = asked.where(
        decisions.c.actor_id == actor.id,
        decisions.c.actor_kind == str(ActorKind.TOKEN),
        decisions.c.automated == 1,
        decisions.c.clause_id == choice.clause_id,
        decisions.c.action == str(choice.action),
        decisions.c.undoes.is_(None),
    ).group_by(decisions.c.state, decisions.c.second_id.is_not(None))
    rows = view.rows(mine)
    agreed = sum(row.many for row in rows if row.state in _AGREED and row.seen)
    wrong = sum(row.many for row in rows if row.state in _WRONG)
    looked = agreed + wrong
    return looked >= policy.least and Share(agreed, looked).low >= policy.precision
