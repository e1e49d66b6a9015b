"""Notices: the page behind an unguessable link where a person reads what was decided, and why."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update

from tarazu.cases.decision import DecisionState
from tarazu.cases.decision_settings import DecisionSettings
from tarazu.cases.notice_writer import notice_key, token_of
from tarazu.cases.objection import NoticeNotFound
from tarazu.cases.reporting import token_hash
from tarazu.cases.statement import Statement, of_body
from tarazu.cases.wording import Section
from tarazu.store import Actor, Store
from tarazu.store.tables.decisions import appeals, decisions
from tarazu.store.tables.decisions import decision_subjects as subjects
from tarazu.store.tables.decisions import notices as table
from tarazu.store.times import moment, moment_or_none, ms
from tarazu.store.view import View

READER = Actor("system", "reader")  # whoever holds the link; nobody's id is known


@dataclass(frozen=True, kw_only=True)
class AppealView:
    """An appeal as the one who made it sees it: nobody's name."""

    text: str
    state: str
    made_at: datetime
    due_at: datetime
    answer: str | None
    decided_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class NoticePage:
    """Everything the page shows."""

    notice_id: str
    decision_id: str
    kind: str  # decided | undone | upheld | reversed
    recipient_kind: str  # affected | reporter
    lang: str
    title: str
    sections: tuple[Section, ...]
    statement: Statement
    decision_state: DecisionState  # for this person
    made_at: datetime
    read_at: datetime
    appeal_until: datetime | None
    may_appeal: bool
    appeal: AppealView | None


class Notices:
    """Reading notices, and making their links again for whoever delivers them."""

    def __init__(self, store: Store, clock: Callable[[], datetime], settings: DecisionSettings) -> None:
        self.store, self.clock, self.settings = store, clock, settings

    def page(self, token: str) -> NoticePage:
        """What stands behind a link; the first reading is noted. Raises NoticeNotFound."""
        now = self.clock()
        with self.store.read() as view:
            row = view.one(_joined().where(table.c.token_hash == token_hash(token)))
            if row is None:
                raise NoticeNotFound
            found = view.one(select(appeals).where(appeals.c.notice_id == row.id))
            state = _state(view, row)
        if row.read_at is None:
            with self.store.write(READER) as tx:
                fresh = (table.c.id == row.id) & table.c.read_at.is_(None)
                if tx.run(update(table).where(fresh).values(read_at=ms(now))):
                    tx.log("notice.read", f"notice:{row.id}")
        return _page(row, found, state, now)

    def link(self, notice_id: str) -> str | None:
        """The token of a notice, for delivering it again; None where only its reader can have it."""
        with self.store.read() as view:
            kept = view.value(select(table.c.token_hash).where(table.c.id == notice_id))
        if kept is None:
            raise NoticeNotFound
        key = notice_key(self.store, self.settings)
        made = None if key is None else token_of(key, notice_id)
        return made if made is not None and token_hash(made) == kept else None


def _joined() -> Any:
    return select(table, decisions.c.state.label("decision_state")).join(
        decisions, decisions.c.id == table.c.decision_id
    )


def _state(view: View, row: Row[Any]) -> DecisionState:
    """Where the decision stands for this person: others may still be under it."""
    state = DecisionState(row.decision_state)
    if row.kind != "decided" or row.recipient_kind != "affected":
        return state
    mine = select(subjects.c.state).where(
        subjects.c.decision_id == row.decision_id,
        subjects.c.account_id == row.recipient_id,
        subjects.c.platform == row.platform,
    )
    found = {str(one.state) for one in view.rows(mine)}
    return state if str(state) in found or not found else DecisionState(min(found))


def _page(row: Row[Any], found: Row[Any] | None, state: DecisionState, now: datetime) -> NoticePage:
    body = json.loads(row.body)
    statement = of_body(body)
    open_ = statement.appeal_until is not None and now <= statement.appeal_until
    appeal = None
    if found is not None:
        appeal = AppealView(
            text=found.text,
            state=found.state,
            made_at=moment(found.made_at),
            due_at=moment(found.due_at),
            answer=found.answer,
            decided_at=moment_or_none(found.decided_at),
        )
    return NoticePage(
        notice_id=row.id,
        decision_id=row.decision_id,
        kind=row.kind,
        recipient_kind=row.recipient_kind,
        lang=row.lang,
        title=body["title"],
        sections=tuple(
            Section(name=one["name"], heading=one["heading"], text=tuple(one["text"]))
            for one in body["sections"]
        ),
        statement=statement,
        decision_state=state,
        made_at=moment(row.made_at),
        read_at=moment(row.read_at) if row.read_at is not None else now,
        appeal_until=statement.appeal_until,
        may_appeal=open_ and appeal is None and state in (DecisionState.EFFECTIVE, DecisionState.EXPIRED),
        appeal=appeal,
    )
