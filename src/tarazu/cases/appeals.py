"""Appeals: once a decision and person, read by somebody who had no part in it, answered by a day that is known."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, insert, select, update

from tarazu.cases import clean, closing, decision_rows, second
from tarazu.cases.case import CaseState
from tarazu.cases.decision import Decision, DecisionState, NoticeLink
from tarazu.cases.decision_settings import DecisionSettings
from tarazu.cases.notice_writer import Writer
from tarazu.cases.notices import READER
from tarazu.cases.objection import AppealRefused, DecisionRefused, NoticeNotFound
from tarazu.cases.reporting import token_hash
from tarazu.cases.statement import language, of_body
from tarazu.cases.undoing import TakingBack, take_back
from tarazu.store import Actor, Store
from tarazu.store.ids import new_id
from tarazu.store.tables.decisions import appeals as table
from tarazu.store.tables.decisions import decisions, notices
from tarazu.store.times import moment, moment_or_none, ms
from tarazu.store.transaction import Transaction
from tarazu.store.view import View

TEXT = 10_000  # characters


class Answer(StrEnum):
    """What becomes of an appeal."""

    UPHOLD = "uphold"  # the decision stands
    REVERSE = "reverse"  # it is taken back


@dataclass(frozen=True, kw_only=True)
class Appeal:
    """An appeal as it is kept."""

    id: str
    decision_id: str
    notice_id: str
    recipient_kind: str  # affected | reporter
    recipient_id: str
    platform: str
    text: str
    lang: str
    made_at: datetime
    due_at: datetime
    state: str  # open | upheld | reversed
    person_id: str | None
    answer: str | None
    decided_at: datetime | None
    links: tuple[NoticeLink, ...] = ()  # of the notices that this very call made


class Appeals:
    """Opening appeals from a notice, and answering them."""

    def __init__(
        self,
        store: Store,
        clock: Callable[[], datetime] | None = None,
        settings: DecisionSettings | None = None,
    ) -> None:
        """Take the time from `clock`; default the store's."""
        self.store, self.clock = store, clock or store.clock
        self.settings = settings or DecisionSettings()

    def open(self, token: str, text: str, lang: str | None = None) -> Appeal:
        """Appeal from the page of a notice. Raises NoticeNotFound, AppealRefused."""
        if not text.strip():
            raise AppealRefused("Write in a few words what is wrong with the decision.")
        with self.store.write(READER) as tx:
            now = self.clock()
            notice = tx.one(select(notices).where(notices.c.token_hash == token_hash(token)))
            if notice is None:
                raise NoticeNotFound
            decision = decision_rows.load(tx, notice.decision_id)
            self._check(tx, notice, decision, now)
            row = {
                "id": new_id(ms(now)),
                "decision_id": decision.id,
                "notice_id": notice.id,
                "recipient_kind": notice.recipient_kind,
                "recipient_id": notice.recipient_id,
                "platform": notice.platform,
                "text": clean.text(text)[:TEXT],
                "lang": language(lang, notice.lang),
                "made_at": ms(now),
                "due_at": ms(now + self.settings.appeal_answer),
                "state": "open",
            }
            tx.run(insert(table), [row])
            facts = {"decision": decision.id, "notice": notice.id, "by": notice.recipient_kind}
            tx.log("appeal.opened", f"appeal:{row['id']}", facts)
            closing.place(tx, decision.case_id, CaseState.CLOSED)
            return _load(tx, str(row["id"]))

    def decide(self, appeal_id: str, person: Actor, answer: Answer | str, reason: str) -> Appeal:
        """Answer an appeal with reasons. Raises SamePerson for who decided or seconded anything in its case."""
        answer = Answer(answer)
        if not reason.strip():
            raise DecisionRefused("An answer to an appeal needs its reasons: they are told to both sides.")
        with self.store.write(person) as tx:
            now = self.clock()
            appeal = _load(tx, appeal_id)
            if appeal.state != "open":
                raise AppealRefused(f"This appeal was answered already: {appeal.state}. Nothing was changed.")
            decision = decision_rows.load(tx, appeal.decision_id)
            taken = _had_part(tx, decision.case_id)
            second.another(tx, person, than=taken, what="answer the appeal")
            said = clean.text(reason.strip())
            state = "reversed" if answer == Answer.REVERSE else "upheld"
            values = {"state": state, "person_id": person.id, "answer": said, "decided_at": ms(now)}
            tx.run(update(table).where(table.c.id == appeal_id).values(**values))
            tx.log("appeal.decided", f"appeal:{appeal_id}", {"decision": decision.id, "state": state})
            if answer == Answer.REVERSE:
                links = self._reverse(tx, now, appeal, decision, said)
            else:
                links = self._uphold(tx, now, appeal, decision, said)
            return _of_row(tx.one(select(table).where(table.c.id == appeal_id)), links)

    def due(self, before: datetime | None = None) -> list[Appeal]:
        """Open appeals, those to be answered first at the beginning; `before` leaves out later ones."""
        asked = select(table).where(table.c.state == "open").order_by(table.c.due_at, table.c.id)
        if before is not None:
            asked = asked.where(table.c.due_at <= ms(before))
        with self.store.read() as view:
            return [_of_row(row) for row in view.rows(asked)]

    def may_answer(self, appeal_id: str, person: Actor) -> bool:
        """Whether this person had no part in what is appealed."""
        with self.store.read() as view:
            appeal = _load(view, appeal_id)
            case_id = decision_rows.load(view, appeal.decision_id).case_id
            try:
                second.another(view, person, than=_had_part(view, case_id), what="answer the appeal")
            except DecisionRefused:
                return False
        return appeal.state == "open"

    def get(self, appeal_id: str) -> Appeal:
        """One appeal; raises AppealRefused where there is none."""
        with self.store.read() as view:
            return _load(view, appeal_id)

    def _check(self, tx: Transaction, notice: Row[Any], decision: Decision, now: datetime) -> None:
        until = of_body(json.loads(notice.body)).appeal_until
        if until is None or notice.kind != "decided":
            raise AppealRefused("There is nothing in this notice to appeal against.")
        if tx.one(select(table.c.id).where(table.c.notice_id == notice.id)) is not None:
            raise AppealRefused("You have appealed already. The answer will stand on this page.")
        if now > until:
            raise AppealRefused(f"Appeals were open until {until:%Y-%m-%d}. You can still go to a court.")
        if decision.state not in (DecisionState.EFFECTIVE, DecisionState.EXPIRED):
            raise AppealRefused("The decision was taken back already. Nothing is left to appeal against.")
        mine = {notice.recipient_id} if notice.recipient_kind == "affected" else None
        if not decision_rows.of_accounts(decision.subjects, mine, decision.state):
            raise AppealRefused("The decision no longer concerns you. Nothing is left to appeal against.")

    def _reverse(
        self, tx: Transaction, now: datetime, appeal: Appeal, decision: Decision, said: str
    ) -> tuple[NoticeLink, ...]:
        whose = (appeal.recipient_id,) if appeal.recipient_kind == "affected" else None
        how = TakingBack(state=DecisionState.REVERSED, reason=said, answer=said, accounts=whose)
        return take_back(tx, self.store, self.settings, now, decision, how).links

    def _uphold(
        self, tx: Transaction, now: datetime, appeal: Appeal, decision: Decision, said: str
    ) -> tuple[NoticeLink, ...]:
        writer = Writer(tx, self.store, self.settings, now, decision)
        reasons = writer.reasons(said)
        mine = {appeal.recipient_id} if appeal.recipient_kind == "affected" else None
        under = decision_rows.of_accounts(decision.subjects, mine, decision.state)
        writer.affected(under, "upheld", decision.id, reasons)
        writer.reporters("upheld", decision.id, reasons, only_open=False)
        closing.place(tx, decision.case_id, CaseState.CLOSED)
        return writer.close()


def _had_part(view: View, case_id: str) -> list[tuple[str, str]]:
    """Everybody who decided or seconded anything in a case."""
    asked = select(decisions.c.actor_kind, decisions.c.actor_id, decisions.c.second_id)
    found: dict[tuple[str, str], None] = {}
    for row in view.rows(asked.where(decisions.c.case_id == case_id)):
        found[(row.actor_kind, row.actor_id)] = None
        if row.second_id is not None:
            found[("person", row.second_id)] = None
    return list(found)


def _load(view: View, appeal_id: str) -> Appeal:
    row = view.one(select(table).where(table.c.id == appeal_id))
    if row is None:
        raise AppealRefused(f"There is no appeal {appeal_id!r}. Look it up in the list of appeals.")
    return _of_row(row)


def _of_row(row: Any, links: tuple[NoticeLink, ...] = ()) -> Appeal:
    values = dict(row._mapping)
    for name in ("made_at", "due_at"):
        values[name] = moment(values[name])
    values["decided_at"] = moment_or_none(values["decided_at"])
    return Appeal(**values, links=links)
