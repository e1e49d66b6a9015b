"""The strikes of an account that reach a threshold, as what opens a case about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from tarazu.cases.finding import FindingKind, Found
from tarazu.cases.item import Item, ItemKind
from tarazu.store.tables.cases import items
from tarazu.store.tables.decisions import decisions, strikes
from tarazu.store.times import ms
from tarazu.store.view import View
from tarazu.verdicts import Severity

if TYPE_CHECKING:
    from datetime import datetime

    from tarazu.cases.strikes import Proposal


def found(view: View, proposal: Proposal, at: datetime) -> Found:
    """A proposal with the strikes that stand behind it. What they propose now is new with every further strike."""
    asked = (
        select(strikes, decisions.c.case_id, decisions.c.action, decisions.c.clause_id)
        .join(decisions, decisions.c.id == strikes.c.decision_id)
        .where(strikes.c.account_id == proposal.account_id, strikes.c.platform == proposal.platform)
        .where(strikes.c.revoked_at.is_(None), strikes.c.expires_at > ms(at))
        .order_by(strikes.c.at.desc(), strikes.c.id.desc())
    )
    counted = view.rows(asked)
    last = counted[0]
    return Found(
        item=Item(
            kind=ItemKind.ACCOUNT,
            external_id=proposal.account_id,
            platform=proposal.platform,
            author_id=proposal.account_id,
            author_name=_name(view, proposal),
        ),
        kind=FindingKind.STRIKES,
        body={
            "action": str(proposal.action),
            "weight": proposal.weight,
            "threshold": proposal.threshold,
            "strikes": [
                {
                    name: getattr(row, name)
                    for name in (
                        "id",
                        "decision_id",
                        "case_id",
                        "action",
                        "clause_id",
                        "severity",
                        "weight",
                        "at",
                        "expires_at",
                    )
                }
                for row in counted
            ],
        },
        versions={},
        certainty=1.0,  # it is counted, not estimated
        signature=f"strikes {proposal.action} {last.id}",
        severity=Severity(last.severity),
        clause_id=last.clause_id,
        source="strikes",
    )


def _name(view: View, proposal: Proposal) -> str | None:
    """What the account called itself when it was last seen."""
    asked = (
        select(items.c.author_name)
        .where(items.c.author_id == proposal.account_id, items.c.platform == proposal.platform)
        .where(items.c.author_name.is_not(None))
        .order_by(items.c.id.desc())
        .limit(1)
    )
    row = view.one(asked)
    return None if row is None else row.author_name
