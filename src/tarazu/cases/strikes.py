"""Strikes: what counts against an account, for how long, and what that proposes. They never act."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, insert, select, update

from tarazu.cases import strike_found
from tarazu.cases.decision import Action, Affected, Decision, DecisionState, Stage, Subject
from tarazu.cases.decision_settings import DecisionSettings
from tarazu.cases.effects import standing
from tarazu.cases.finding import Opened
from tarazu.cases.item import ItemKind
from tarazu.store import Store
from tarazu.store.ids import new_id
from tarazu.store.tables.cases import case_items, cases, items
from tarazu.store.tables.decisions import decisions
from tarazu.store.tables.decisions import strikes as table
from tarazu.store.times import moment, moment_or_none, ms
from tarazu.store.transaction import Transaction
from tarazu.store.view import View
from tarazu.verdicts import Severity

if TYPE_CHECKING:
    from tarazu.cases.intake import Intake


@dataclass(frozen=True, kw_only=True)
class Strike:
    """One strike."""

    id: str
    account_id: str
    platform: str
    decision_id: str
    severity: Severity
    weight: int
    at: datetime
    expires_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What the strikes of an account suggest. A person decides."""

    account_id: str
    platform: str
    action: Action
    weight: int
    threshold: int


def gives_strikes(decision: Decision, settings: DecisionSettings) -> bool:
    """Whether a decision counts; the second stage about a network adds nothing to the first."""
    return decision.action in settings.strike_actions and decision.stage != Stage.SUSPEND


def give(
    tx: Transaction,
    decision: Decision,
    affected: Collection[Affected],
    severity: Severity,
    settings: DecisionSettings,
    at: datetime,
) -> None:
    """One strike an account, however many of its posts the decision is about."""
    whose = {(one.account_id, one.subject.platform) for one in affected if one.account_id}
    if not whose or not gives_strikes(decision, settings):
        return
    made = [
        {
            "id": new_id(ms(at)),
            "account_id": account_id,
            "platform": platform,
            "decision_id": decision.id,
            "severity": str(severity),
            "weight": settings.strike_weights[severity],
            "at": ms(at),
            "expires_at": ms(at + settings.strike_life),
            "revoked_at": None,
        }
        for account_id, platform in sorted(whose)
    ]
    tx.run(insert(table), made)
    tx.log("strike.given", f"decision:{decision.id}", {"strikes": [one["id"] for one in made]})


def revoke(tx: Transaction, decision_id: str, whose: Collection[tuple[str, str]], at: datetime) -> None:
    """Take back the strikes of a decision from some (account, platform)."""
    standing_ = select(table).where(table.c.decision_id == decision_id, table.c.revoked_at.is_(None))
    ids = [row.id for row in tx.rows(standing_) if (row.account_id, row.platform) in whose]
    if ids:
        these = update(table).where(table.c.id == bindparam("strike")).values(revoked_at=ms(at))
        tx.run(these, [{"strike": one} for one in ids])
        tx.log("strike.revoked", f"decision:{decision_id}", {"strikes": ids})


class Strikes:
    """What stands against accounts now."""

    def __init__(self, store: Store, clock: Callable[[], datetime], settings: DecisionSettings) -> None:
        self.store, self.clock, self.settings = store, clock, settings

    def of(self, account_id: str, platform: str = "") -> list[Strike]:
        """All strikes an account ever got, the latest first."""
        with self.store.read() as view:
            asked = select(table).where(table.c.account_id == account_id, table.c.platform == platform)
            return [_strike(row) for row in view.rows(asked.order_by(table.c.at.desc(), table.c.id.desc()))]

    def weight(self, account_id: str, platform: str = "") -> int:
        """What counts now: neither revoked nor expired."""
        with self.store.read() as view:
            return _weights(view, self.clock(), account_id=account_id).get((account_id, platform), 0)

    def proposals(self) -> list[Proposal]:
        """Accounts over a threshold on which the action it proposes neither holds nor waits, the heaviest first."""
        with self.store.read() as view:
            over = [
                (account, platform, weight, threshold, action)
                for (account, platform), weight in _weights(view, self.clock()).items()
                if (reached := self._reached(weight)) is not None
                for threshold, action in [reached]
            ]
            subjects = {one: Subject(kind="account", id=one[0], platform=one[1]) for one in over}
            now = standing(view, set(subjects.values()))
        return [
            Proposal(account_id=account, platform=platform, action=action, weight=weight, threshold=threshold)
            for one in sorted(over, key=lambda each: (-each[2], each[0], each[1]))
            for account, platform, weight, threshold, action in [one]
            if not any(held in (action, Action.SUSPEND) for held, _ in now[subjects[one]])
        ]

    def propose(self, intake: Intake) -> Opened:
        """Open a case about every account over a threshold, for people to decide; once for its latest strike."""
        over = self.proposals()
        with self.store.read() as view:
            found = [strike_found.found(view, one, self.clock()) for one in over]
        return intake.findings(
            one
            for proposal, one in zip(over, found, strict=True)
            if not self._looked_at(proposal, self.of(proposal.account_id, proposal.platform)[0].at)
        )

    def _looked_at(self, proposal: Proposal, since: datetime) -> bool:
        asked = (
            select(cases.c.sources)
            .join(case_items, case_items.c.case_id == cases.c.id)
            .join(items, items.c.id == case_items.c.item_id)
            .where(
                items.c.external_id == proposal.account_id,
                items.c.platform == proposal.platform,
                items.c.kind == str(ItemKind.ACCOUNT),
                cases.c.opened_at >= ms(since),
            )
        )
        with self.store.read() as view:
            return any("strikes" in json.loads(row.sources) for row in view.rows(asked))

    def _reached(self, weight: int) -> tuple[int, Action] | None:
        return max((one for one in self.settings.thresholds if weight >= one[0]), default=None)


def _weights(view: View, at: datetime, *, account_id: str | None = None) -> Mapping[tuple[str, str], int]:
    asked = (
        select(table.c.account_id, table.c.platform, func.sum(table.c.weight).label("weight"))
        .join(decisions, decisions.c.id == table.c.decision_id)
        .where(table.c.revoked_at.is_(None), table.c.expires_at > ms(at))
        .where(decisions.c.state.in_((DecisionState.EFFECTIVE, DecisionState.EXPIRED)))
        .group_by(table.c.account_id, table.c.platform)
    )
    if account_id is not None:
        asked = asked.where(table.c.account_id == account_id)
    return {(row.account_id, row.platform): int(row.weight) for row in view.rows(asked)}


def _strike(row: object) -> Strike:
    values = dict(row._mapping)  # type: ignore[attr-defined]
    values |= {
        "severity": Severity(values["severity"]),
        "at": moment(values["at"]),
        "expires_at": moment(values["expires_at"]),
        "revoked_at": moment_or_none(values["revoked_at"]),
    }
    return Strike(**values)
