"""Notices as whoever delivers them sees them: for whom, read or not; their links are handed out one by one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from tarazu.cases.decision_settings import DecisionSettings
from tarazu.cases.notices import Notices
from tarazu.store import Actor, Store
from tarazu.store.tables.decisions import decisions
from tarazu.store.tables.decisions import notices as table
from tarazu.store.times import moment, moment_or_none


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """A notice without its words and without its link."""

    id: str
    decision_id: str
    case_id: str
    kind: str  # decided | undone | upheld | reversed
    recipient_kind: str  # affected | reporter
    recipient_id: str  # the account; for a reporter the report
    platform: str
    lang: str
    made_at: datetime
    read_at: datetime | None


class Deliveries:
    """What has to reach people, by whatever way a platform has: it sends the link, the page says the rest."""

    def __init__(self, store: Store, clock: Callable[[], datetime], settings: DecisionSettings) -> None:
        self.store = store
        self._notices = Notices(store, clock, settings)

    def of_case(self, case_id: str, most: int = 1000) -> list[Delivery]:
        """The notices of a case, the latest first."""
        asked = _asked().where(decisions.c.case_id == case_id).order_by(table.c.id.desc())
        return self._found(asked.limit(most))

    def after(self, notice_id: str | None, limit: int) -> list[Delivery]:
        """Every notice in the order in which they were made, those behind `notice_id`."""
        asked = _asked() if notice_id is None else _asked().where(table.c.id > notice_id)
        return self._found(asked.order_by(table.c.id).limit(limit))

    def hand(self, notice_id: str, actor: Actor) -> str | None:
        """The secret part of a link, for delivering it; who took it is in the ledger.

        None where only its reader can have it. Raises NoticeNotFound.
        """
        token = self._notices.link(notice_id)
        if token is not None:
            with self.store.write(actor) as tx:
                tx.log("notice.handed", f"notice:{notice_id}")
        return token

    def _found(self, asked: Any) -> list[Delivery]:
        with self.store.read() as view:
            return [_of(row) for row in view.rows(asked)]


def _asked() -> Any:
    return select(table, decisions.c.case_id).join(decisions, decisions.c.id == table.c.decision_id)


def _of(row: Row[Any]) -> Delivery:
    return Delivery(
        id=row.id,
        decision_id=row.decision_id,
        case_id=row.case_id,
        kind=row.kind,
        recipient_kind=row.recipient_kind,
        recipient_id=row.recipient_id,
        platform=row.platform,
        lang=row.lang,
        made_at=moment(row.made_at),
        read_at=moment_or_none(row.read_at),
    )
