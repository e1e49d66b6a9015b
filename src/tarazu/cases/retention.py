"""Keeping and erasing: content is kept for six months after the last decision about it, then erased. Holds win."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, and_, case, exists, func, insert, select

from tarazu.cases import erasing, holds, vanishing
from tarazu.cases.case import CaseState
from tarazu.cases.loose import erase_old
from tarazu.cases.refusal import CaseError
from tarazu.errors import OptionError
from tarazu.store import SYSTEM, Actor, Store
from tarazu.store.ids import new_id
from tarazu.store.tables.automation import erasures
from tarazu.store.tables.cases import cases
from tarazu.store.tables.decisions import appeals, decisions
from tarazu.store.times import ms
from tarazu.store.view import View

SIX_MONTHS = timedelta(days=184)  # whichever they are: EU 2021/784 Art. 6(1), DSA Art. 20(1)


@dataclass(frozen=True, kw_only=True)
class RetentionSettings:
    """How long content is kept; the defaults are the ones documented."""

    keep: timedelta = SIX_MONTHS  # after the last decision, undoing or answer to an appeal
    compact: bool = True  # rewrite the file afterwards, so that what was erased is in no free page of it

    def __post_init__(self) -> None:
        if self.keep < SIX_MONTHS:
            raise OptionError(
                "`keep` must be 184 days at least: so long people may appeal, and evidence must be there."
            )


@dataclass(frozen=True, kw_only=True)
class Erased:
    """What one run erased."""

    cases: int = 0
    items: int = 0
    entries: int = 0  # of the ledger, whose bodies went
    people: int = 0  # requests that are fulfilled now


class Retention:
    """Run daily; twice is once."""

    def __init__(
        self,
        store: Store,
        clock: Callable[[], datetime] | None = None,
        settings: RetentionSettings | None = None,
    ) -> None:
        """Take the time from `clock`; default the store's."""
        self.store, self.clock, self.settings = store, clock or store.clock, settings or RetentionSettings()

    def run(self, now: datetime | None = None) -> Erased:
        """Erase what is due, each case in a transaction of its own, then what people asked for."""
        at = now or self.clock()
        with self.store.read() as view:
            due = self._due(view, at)
        found = content = entries = 0
        for case_id in due:
            with self.store.write(SYSTEM) as tx:
                if case_id not in self._due(tx, at, case_id):
                    continue  # a hold or an appeal came meanwhile
                gone, bodies = erasing.erase(tx, case_id)
                row = {
                    "id": new_id(ms(at)),
                    "at": ms(at),
                    "why": "retention",
                    "case_id": case_id,
                    "state": "done",
                    "entries": bodies,
                    "done_at": ms(at),
                    "asked_by": SYSTEM.id,
                }
                tx.run(insert(erasures), [row])
                tx.log("item.erased", f"case:{case_id}", {"items": gone, "entries": bodies})
            found, content, entries = found + 1, content + gone, entries + bodies
        loose = erase_old(self.store, at - self.settings.keep, at)
        people = vanishing.fulfil(self.store, at)
        if (found or loose or people) and self.settings.compact:
            self.compact()
        return Erased(cases=found, items=content + loose, entries=entries, people=people)

    def due(self, now: datetime | None = None) -> list[str]:
        """The cases whose content would be erased by a run."""
        with self.store.read() as view:
            return self._due(view, now or self.clock())

    def hold(
        self,
        person: Actor,
        subject_kind: str,
        subject_id: str,
        reason: str,
        *,
        platform: str = "",
        until: datetime | None = None,
    ) -> str:
        """Keep a case, or everything of an account, whatever its age; gives the hold."""
        with self.store.write(person) as tx:
            return holds.place(
                tx,
                person,
                subject_kind,
                subject_id,
                platform=platform,
                reason=reason,
                now=self.clock(),
                until=until,
            )

    def lift(self, hold_id: str, person: Actor) -> None:
        """Lift a hold; what is due is erased by the next run."""
        with self.store.write(person) as tx:
            holds.lift(tx, person, hold_id, self.clock())

    def holds(self) -> list[holds.Hold]:
        """All holds, the latest first."""
        with self.store.read() as view:
            return holds.every(view)

    def forget(self, person: Actor, account_id: str, platform: str = "") -> str:
        """Erase somebody who asks for it; gives the request.

        At once: who they are wherever they reported, and how to reach them. What the law makes us keep (content under
        a decision, for six months) goes when that is over, and with it their name and ids, by `run`.
        """
        if not account_id.strip():
            raise CaseError("Say whom to erase: the id of the account.")
        return vanishing.ask(self.store, person, account_id, platform, self.clock())

    def compact(self) -> None:
        """Rewrite the file of an SQLite store, or clear dead rows of PostgreSQL."""
        with self.store.told():
            raw = self.store.engine.raw_connection()
            try:
                if self.store.dialect == "sqlite":
                    raw.cursor().execute("VACUUM")
                    raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
                else:
                    inner = raw.driver_connection
                    assert inner is not None
                    inner.rollback()
                    inner.autocommit = True
                    try:
                        inner.execute("VACUUM")
                    finally:
                        inner.autocommit = False
            finally:
                raw.close()

    def _due(self, view: View, at: datetime, case_id: str | None = None) -> list[str]:
        asked = _due_cases(at, self.settings.keep)
        if case_id is not None:
            asked = asked.where(cases.c.id == case_id)
        return [row.id for row in view.rows(asked.order_by(cases.c.id))]


def _due_cases(at: datetime, keep: timedelta) -> Select[tuple[str]]:
    """Settled cases in which nothing happened for so long, which nobody holds."""
    until = ms(at - keep)
    last = func.coalesce(decisions.c.effective_at, decisions.c.second_at, decisions.c.made_at)
    decided = exists().where(decisions.c.case_id == cases.c.id)
    recent = exists().where(
        decisions.c.case_id == cases.c.id, case((decisions.c.state == "proposed", True), else_=last > until)
    )
    appealed = exists().where(
        decisions.c.case_id == cases.c.id,
        appeals.c.decision_id == decisions.c.id,
        case((appeals.c.decided_at.is_(None), True), else_=appeals.c.decided_at > until),
    )
    settled = cases.c.state.in_((str(CaseState.DECIDED), str(CaseState.CLOSED)))
    done = exists().where(erasures.c.case_id == cases.c.id)
    return select(cases.c.id).where(and_(settled, decided, ~recent, ~appealed, ~done, ~holds.on_case(at)))
