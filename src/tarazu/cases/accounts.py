"""Reads accounts: everything about one in a few statements, whatever it wrote."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select

from tarazu.cases.account import (
    AccountFile,
    AccountNotFound,
    OfAppeal,
    OfCase,
    OfDecision,
    OfReport,
    OfStrike,
    Written,
)
from tarazu.cases.case import CaseState
from tarazu.cases.decision import Action, DecisionState
from tarazu.store import Store
from tarazu.store.tables.automation import flag_groups, flag_members
from tarazu.store.tables.cases import case_items, cases, items, reports
from tarazu.store.tables.decisions import appeals, decision_subjects, decisions, strikes
from tarazu.store.times import moment, moment_or_none, ms
from tarazu.store.view import View

MOST = 50  # of everything that is listed; the rest is counted
_COUNTS = (DecisionState.EFFECTIVE, DecisionState.EXPIRED)


class Accounts:
    """Reads accounts. It changes nothing."""

    def __init__(self, store: Store, clock: Callable[[], datetime] | None = None) -> None:
        """Take the time from `clock`; default the store's."""
        self.store, self.clock = store, clock or store.clock

    def account(self, account_id: str, platform: str = "") -> AccountFile:
        """One account. Raises AccountNotFound."""
        with self.store.read() as view:
            made = self._read(view, account_id, platform)
        if not (made.posts or made.cases or made.strikes or made.handed_in or made.decisions):
            raise AccountNotFound(account_id)
        return made

    def _read(self, view: View, id: str, platform: str) -> AccountFile:
        whose = and_(items.c.author_id == id, items.c.platform == platform)
        own = and_(items.c.external_id == id, items.c.kind == "account", items.c.platform == platform)
        known = select(
            func.count(func.distinct(items.c.external_id)).label("posts"),
            func.min(items.c.seen_at).label("first"),
            func.max(items.c.seen_at).label("last"),
            func.max(items.c.author_name).label("name"),
        )
        row = view.rows(known.where(whose))[0]
        named = view.value(select(func.max(items.c.author_name)).where(own))
        about = or_(whose, own)
        said = select(reports).join(items, items.c.id == reports.c.item_id).where(about)
        by = select(reports).where(reports.c.reporter == id)
        flagged = self._flagged(view, id)
        struck = self._strikes(view, id, platform)
        return AccountFile(
            id=id,
            platform=platform,
            name=row.name or named,
            seen_from=moment_or_none(row.first),
            seen_to=moment_or_none(row.last),
            posts=int(row.posts),
            written=_written(view, whose),
            cases=_cases(view, own),
            decisions=_decisions(view, id, platform),
            strikes=struck,
            weight=sum(one.weight for one in struck if one.counts),
            reported=_count(view, said),
            reports=_reports(view, said),
            handed_in=_count(view, by),
            flagged=flagged,
            own_reports=_reports(view, by) if flagged else (),
            appeals=_appeals(view, id, platform),
        )

    def _strikes(self, view: View, id: str, platform: str) -> tuple[OfStrike, ...]:
        now = ms(self.clock())
        asked = (
            select(strikes, decisions.c.case_id, decisions.c.state.label("stands"))
            .join(decisions, decisions.c.id == strikes.c.decision_id)
            .where(strikes.c.account_id == id, strikes.c.platform == platform)
            .order_by(strikes.c.id.desc())
        )
        return tuple(
            OfStrike(
                decision_id=row.decision_id,
                case_id=row.case_id,
                weight=row.weight,
                at=moment(row.at),
                expires_at=moment(row.expires_at),
                revoked_at=moment_or_none(row.revoked_at),
                counts=row.revoked_at is None and row.expires_at > now and row.stands in _COUNTS,
            )
            for row in view.rows(asked)
        )

    @staticmethod
    def _flagged(view: View, id: str) -> bool:
        asked = (
            select(flag_members.c.group_id)
            .join(flag_groups, flag_groups.c.id == flag_members.c.group_id)
            .where(flag_members.c.reporter == id, flag_groups.c.lifted_at.is_(None))
        )
        return view.one(asked.limit(1)) is not None


def _written(view: View, whose: Any) -> tuple[Written, ...]:
    last = select(items.c.id, items.c.text, items.c.seen_at).where(whose, items.c.kind == "post")
    some = view.rows(last.order_by(items.c.id.desc()).limit(MOST))
    met = (
        select(case_items.c.item_id, cases.c.id, cases.c.state)
        .join(cases, cases.c.id == case_items.c.case_id)
        .where(case_items.c.item_id.in_([row.id for row in some]))
        .order_by(cases.c.id)
    )
    within = {row.item_id: row for row in view.rows(met)}
    return tuple(
        Written(
            text=row.text,
            at=moment(row.seen_at),
            case_id=within[row.id].id if row.id in within else None,
            state=CaseState(within[row.id].state) if row.id in within else None,
        )
        for row in some
    )


def _cases(view: View, own: Any) -> tuple[OfCase, ...]:
    asked = (
        select(cases.c.id, cases.c.kind, cases.c.title, cases.c.state, cases.c.opened_at)
        .distinct()
        .join(case_items, case_items.c.case_id == cases.c.id)
        .join(items, items.c.id == case_items.c.item_id)
        .where(own)
    )
    return tuple(
        OfCase(
            id=row.id, kind=row.kind, title=row.title, state=CaseState(row.state), opened_at=moment(row.opened_at)
        )
        for row in view.rows(asked.order_by(cases.c.id.desc()).limit(MOST))
    )  # fmt: skip


def _decisions(view: View, id: str, platform: str) -> tuple[OfDecision, ...]:
    subject = decision_subjects.c
    asked = (
        select(decisions, func.min(subject.subject_kind).label("about"))
        .join(decision_subjects, subject.decision_id == decisions.c.id)
        .where(subject.account_id == id, subject.platform == platform)
        .where(subject.state != "excluded", decisions.c.undoes.is_(None))
        .group_by(*decisions.c)
    )
    return tuple(
        OfDecision(
            id=row.id,
            case_id=row.case_id,
            action=Action(row.action),
            state=DecisionState(row.state),
            clause_id=row.clause_id,
            about=row.about,
            at=moment(row.made_at),
            expires_at=moment_or_none(row.expires_at),
            automated=bool(row.automated),
        )
        for row in view.rows(asked.order_by(decisions.c.id.desc()).limit(MOST))
    )


def _reports(view: View, asked: Any) -> tuple[OfReport, ...]:
    return tuple(
        OfReport(
            case_id=row.case_id, kind=row.kind, reason=row.reason, state=row.state, at=moment(row.received_at)
        )
        for row in view.rows(asked.order_by(reports.c.id.desc()).limit(MOST))
    )


def _appeals(view: View, id: str, platform: str) -> tuple[OfAppeal, ...]:
    asked = select(appeals).where(
        appeals.c.recipient_kind == "affected", appeals.c.recipient_id == id, appeals.c.platform == platform
    )
    return tuple(
        OfAppeal(id=row.id, state=row.state, at=moment(row.made_at), due_at=moment(row.due_at))
        for row in view.rows(asked.order_by(appeals.c.id.desc()).limit(MOST))
    )


def _count(view: View, asked: Any) -> int:
    return int(
        view.value(select(func.count()).select_from(asked.with_only_columns(reports.c.id).subquery())) or 0
    )
