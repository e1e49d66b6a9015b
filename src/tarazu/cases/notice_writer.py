"""Writing the notices of a decision, inside the transaction that makes them due."""

from __future__ import annotations

import base64
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from sqlalchemy import insert, select

from tarazu.cases.decision import Action, Affected, Decision, NoticeLink
from tarazu.cases.decision_settings import DecisionSettings
from tarazu.cases.reasons import Reasons
from tarazu.cases.reporting import token_hash
from tarazu.cases.statement import Statement
from tarazu.ledger import canonical
from tarazu.store import Store
from tarazu.store.ids import new_id
from tarazu.store.tables.cases import reports
from tarazu.store.tables.decisions import notices as table
from tarazu.store.times import ms
from tarazu.store.transaction import Transaction

_NAME = b"tarazu.notice.v1"


def notice_key(store: Store, settings: DecisionSettings) -> bytes | None:
    """What tokens are made with, so that a lost message can be sent again; it is nowhere in the store."""
    if settings.notice_key is not None:
        return settings.notice_key
    return None if store.key is None else hmac.digest(store.key, _NAME, "sha256")


def token_of(key: bytes, notice_id: str) -> str:
    """32 bytes that nobody without the key can tell from random ones."""
    made = hmac.digest(key, _NAME + notice_id.encode(), "sha256")
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


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
        token = token_of(key, notice_id)
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
