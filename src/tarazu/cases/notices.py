"""Notices: the page behind an unguessable link where a person reads what was decided, and why."""

from __future__ import annotations

import base64
import hmac
import json
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Row, insert, select, update

from tarazu.cases.decision import Action, Affected, Decision, DecisionState, NoticeLink
from tarazu.cases.decision_settings import DecisionSettings
from tarazu.cases.objection import NoticeNotFound
from tarazu.cases.reasons import Reasons
from tarazu.cases.reporting import token_hash
from tarazu.cases.statement import Statement, of_body
from tarazu.cases.wording import Section
from tarazu.ledger import canonical
from tarazu.store import Actor, Store
from tarazu.store.ids import new_id
from tarazu.store.tables.cases import reports
from tarazu.store.tables.decisions import appeals, decisions
from tarazu.store.tables.decisions import decision_subjects as subjects
from tarazu.store.tables.decisions import notices as table
from tarazu.store.times import moment, moment_or_none, ms
from tarazu.store.transaction import Transaction
from tarazu.store.view import View

READER = Actor("system", "reader")  # whoever holds the link; nobody's id is known
_NAME = b"tarazu.notice.v1"


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
        made = None if key is None else _token(key, notice_id)
        return made if made is not None and token_hash(made) == kept else None


def notice_key(store: Store, settings: DecisionSettings) -> bytes | None:
    """What tokens are made with, so that a lost message can be sent again; it is nowhere in the store."""
    if settings.notice_key is not None:
        return settings.notice_key
    return None if store.key is None else hmac.digest(store.key, _NAME, "sha256")


class Writer:
    """Writes the notices of one decision, inside the transaction that makes them due."""

    def __init__(
        self, tx: Transaction, store: Store, settings: DecisionSettings, at: datetime, decision: Decision
    ) -> None:
        self.tx, self.at, self.decision, self.settings = tx, at, decision, settings
        self._key = notice_key(store, settings)
        self._rows: list[dict[str, object]] = []
        self._links: list[NoticeLink] = []

    def reasons(self, answer: str | None = None) -> Reasons:
        """What the statements of this decision are written from."""
        until = self.at + self.settings.appeal_window
        people = 1 + (self.decision.second_id is not None)
        days = self.settings.appeal_answer.days
        return Reasons(self.decision, until=until, days=days, people=people, answer=answer)

    def affected(self, subjects: Sequence[Affected], kind: str, under: str, reasons: Reasons) -> None:
        """One notice a person, however many posts; none to who never heard of anything."""
        if not (self.decision.action.blames or self.decision.action == Action.RESTORE):
            return
        by = sorted(
            (one for one in subjects if one.account_id),
            key=lambda one: (one.account_id or "", one.subject.platform),
        )
        for (account_id, platform), group in groupby(
            by, key=lambda one: (one.account_id, one.subject.platform)
        ):
            notice_id = new_id(ms(self.at))
            statement = reasons.affected(list(group), kind, notice_id)
            self._add(notice_id, under, "affected", str(account_id), platform, statement)
            self._send(notice_id, "account", str(account_id), platform or "local", statement.lang)

    def reporters(self, kind: str, under: str, reasons: Reasons, *, only_open: bool) -> None:
        """One notice a reporter who can be reached; an anonymous one asks with the token of the report."""
        wanted = reports.c.case_id == self.decision.case_id
        if only_open:
            wanted &= reports.c.state == "open"
        heard: set[str] = set()
        for report in self.tx.rows(select(reports).where(wanted).order_by(reports.c.received_at.desc())):
            who = report.reporter or report.contact
            if who is None or who in heard:
                continue
            heard.add(who)
            notice_id = new_id(ms(self.at))
            statement = reasons.reporter(report, kind, notice_id)
            self._add(notice_id, under, "reporter", report.id, "", statement)
            self._send(notice_id, "report", report.id, "reporter", statement.lang)

    def close(self) -> tuple[NoticeLink, ...]:
        """Keep them; gives their links, this once."""
        if self._rows:
            self.tx.run(insert(table), self._rows)
            ids = [one["id"] for one in self._rows]
            self.tx.log("notice.made", f"decision:{self.decision.id}", {"notices": ids})
        return tuple(self._links)

    def _add(
        self, notice_id: str, under: str, to: str, whom: str, platform: str, statement: Statement
    ) -> None:
        key = self._key or secrets.token_bytes(32)
        token = _token(key, notice_id)
        self._rows.append(
            {
                "id": notice_id,
                "decision_id": under,
                "kind": statement.kind,
                "recipient_kind": to,
                "recipient_id": whom,
                "platform": platform,
                "lang": statement.lang,
                "token_hash": token_hash(token),
                "body": canonical.dumps(statement.body()),
                "made_at": ms(self.at),
                "read_at": None,
            }
        )
        self._links.append(NoticeLink(notice_id=notice_id, recipient_kind=to, recipient_id=whom, token=token))

    def _send(self, notice_id: str, kind: str, whom: str, target: str, lang: str) -> None:
        # The message carries no token: whoever delivers it asks `Notices.link`, and a copy of the store opens nothing.
        payload = {"notice": notice_id, "lang": lang}
        self.tx.send("notice", kind, whom, target=target, decision_id=self.decision.id, payload=payload)


def _token(key: bytes, notice_id: str) -> str:
    """32 bytes that nobody without the key can tell from random ones."""
    made = hmac.digest(key, _NAME + notice_id.encode(), "sha256")
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


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
