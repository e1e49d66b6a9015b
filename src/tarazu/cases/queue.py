"""The queue: pages of cases, and the next one for a person."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Row, Select, bindparam, func, select

from tarazu.cases import locks as held
from tarazu.cases import search
from tarazu.cases.case import CaseKind, CaseRow, CaseState
from tarazu.cases.draft import Draft
from tarazu.cases.escalation import with_leads
from tarazu.cases.filter import Filter, Order, spoken
from tarazu.store import Actor, Store
from tarazu.store.tables.cases import case_words, cases, items, locks
from tarazu.store.times import moment, moment_or_none, ms
from tarazu.store.view import View
from tarazu.verdicts import Severity

LIMIT = 50
GLANCE = 4  # cases that are looked at first for one that fits somebody
FEW = 1_000  # so many hits are drawn
MANY = 5_000  # so many hits of a search are sorted; of more, the queue is walked in its order until a page is full

_ITEMS = select(items.c.id, items.c.author_name, items.c.author_id, items.c.platform, items.c.media).where(
    items.c.id.in_(bindparam("ids", expanding=True))
)
_LOCKS = select(locks).where(
    locks.c.case_id.in_(bindparam("ids", expanding=True)), locks.c.until > bindparam("now")
)


class Worker(Protocol):
    """Who takes cases. No languages or no skills: all of them."""

    @property
    def id(self) -> str:
        """The person."""

    @property
    def languages(self) -> Sequence[str]:
        """Languages that the person reads."""

    @property
    def skills(self) -> Sequence[str]:
        """What the person is trained for: network, order, ..."""


class Queue:
    """Cases in order. Pages never lock; `next` does."""

    def __init__(self, store: Store, clock: Callable[[], datetime] | None = None) -> None:
        """Take the time from `clock`; default the store's."""
        self.store, self.clock = store, clock or store.clock

    def page(
        self,
        filter: Filter | None = None,
        order: Order = Order.PRIORITY,
        limit: int = LIMIT,
        after: str | None = None,
    ) -> list[CaseRow]:
        """At most `limit` cases; `after` is `order.cursor` of the last row of the page before.

        Pages one after the other show every case that does not change meanwhile exactly once.
        """
        filter = filter or Filter()
        with self.store.read() as view:
            return self._pages(view, filter, self._hits(view, filter), order, limit, after)

    def found(
        self, filter: Filter, order: Order, limit: int = LIMIT, after: str | None = None
    ) -> tuple[list[CaseRow], list[datetime]]:
        """A page, and when all that the filter shows were opened, the latest first; of more than FEW the latest."""
        with self.store.read() as view:
            hits = self._hits(view, filter)  # looked for once for both
            rows = self._pages(view, filter, hits, order, limit, after)
            # Of few hits all at once; of more, each state in the order of its own index.
            parts = [filter] if hits.ids is not None else [filter.of(state) for state in filter.states]
            times: list[int] = []
            for part in parts:
                asked = hits.among(select(cases.c.opened_at).where(*part.where(self.clock())))
                latest = view.rows(self._sorted(asked, Order.NEWEST).limit(FEW))
                times += [row.opened_at for row in latest]
        return rows, [moment(one) for one in sorted(times, reverse=True)[:FEW]]

    def _pages(
        self, view: View, filter: Filter, hits: _Hits, order: Order, limit: int, after: str | None
    ) -> list[CaseRow]:
        if hits.ids is not None:  # few enough to be sorted
            return self._page(view, filter, hits, order, limit, after)
        found: list[CaseRow] = []
        for state in filter.states:  # each in the order of its own index
            found += self._page(view, filter.of(state), hits, order, limit, after)
        return sorted(found, key=order.key, reverse=not order.ascending)[:limit]

    def _page(
        self, view: View, filter: Filter, hits: _Hits, order: Order, limit: int, after: str | None
    ) -> list[CaseRow]:
        where = filter.where(self.clock())
        if order == Order.DUE:
            where.append(cases.c.due_at.is_not(None))
        if after is not None:
            where.append(order.behind(after))
        asked = hits.among(select(cases).where(*where))
        return self.rows(view, self._sorted(asked, order).limit(limit), order)

    def _hits(self, view: View, filter: Filter) -> _Hits:
        """What has the words of the search: looked for once, however many states are asked for."""
        words = search.conditions(filter.search, self.store.dialect) if filter.search else []
        if not words:
            return _Hits()
        found = view.rows(select(case_words.c.case_id).where(*words).limit(MANY + 1))
        return _Hits(words, None if len(found) > MANY else [row.case_id for row in found])

    def rows(self, view: View, asked: Select[Any], order: Order = Order.PRIORITY) -> list[CaseRow]:
        """The cases of a select as rows of the queue, in its order."""
        found = view.rows(asked)
        if not found:
            return []
        # Plain statements, which are compiled once: a join over the select would be built anew at each call.
        shown = {row.id: row for row in view.rows(_ITEMS, {"ids": [row.item_id for row in found]})}
        now = ms(self.clock())
        held_by = {
            row.case_id: row for row in view.rows(_LOCKS, {"ids": [row.id for row in found], "now": now})
        }
        made = [case_row(row, shown[row.item_id], held_by.get(row.id)) for row in found]
        return sorted(made, key=order.key, reverse=not order.ascending)

    @staticmethod
    def _sorted(asked: Select[Any], order: Order) -> Select[Any]:
        if order.ascending:
            return asked.order_by(order.column.asc(), cases.c.id.asc())
        return asked.order_by(order.column.desc(), cases.c.id.desc())

    def count(self, filter: Filter | None = None, most: int | None = None) -> int:
        """How many cases a filter shows; no further than `most`, where that is given: "1,000 or more"."""
        filter = filter or Filter()
        with self.store.read() as view:
            asked = select(cases.c.id).where(*filter.where(self.clock()))
            some = self._hits(view, filter).among(asked).limit(most).subquery()
            return int(view.value(select(func.count()).select_from(some)) or 0)

    def counts(self) -> dict[tuple[CaseState, CaseKind], int]:
        """How many cases there are of each state and kind: one walk over an index."""
        asked = select(cases.c.state, cases.c.kind, func.count().label("many"))
        with self.store.read() as view:
            rows = view.rows(asked.group_by(cases.c.state, cases.c.kind))
        return {(CaseState(row.state), CaseKind(row.kind)): int(row.many) for row in rows}

    def next(self, person: Worker, filter: Filter | None = None, *, lead: bool = False) -> CaseRow | None:
        """Lock the most urgent open case that nobody holds and that the person can read; None where there is none.

        What was handed up goes to leads, before anything else, and never back to who handed it up.
        """
        filter = filter or Filter()
        with self.store.write(Actor("person", person.id)) as tx:
            now = self.clock()
            where = [*filter.of(CaseState.OPEN).where(now), ~_held(now)]
            if person.languages:
                where.append(spoken(person.languages))
            rounds = [with_leads(not_by=person.id), ~with_leads()] if lead else [~with_leads()]
            for among in rounds:
                if (case_id := self._first(tx, [*where, among], person)) is not None:
                    held.take(tx, case_id, person.id, now)
                    return self.rows(tx, select(cases).where(cases.c.id == case_id))[0]
        return None

    def _first(self, view: View, where: list[ColumnElement[bool]], person: Worker) -> str | None:
        """The most urgent one that the person's skills are enough for."""
        after: str | None = None
        many = 1 if not person.skills else GLANCE
        asked = self._sorted(select(cases.c.id, cases.c.priority, cases.c.skills), Order.PRIORITY)
        while True:
            some = [*where, Order.PRIORITY.behind(after)] if after else where
            page = view.rows(asked.where(*some).limit(many))
            for row in page:
                if held.fits(json.loads(row.skills), person.skills):
                    return str(row.id)
            if len(page) < many:
                return None
            after, many = f"{page[-1].priority!r}:{page[-1].id}", LIMIT

    def lock(self, case_id: str, person_id: str, lasts: timedelta = held.LASTS) -> datetime:
        """Hold a case, or hold it longer; gives until when. Raises CaseLocked while somebody else holds it."""
        with self.store.write(Actor("person", person_id)) as tx:
            return held.take(tx, case_id, person_id, self.clock(), lasts)

    def extend(self, case_id: str, person_id: str, lasts: timedelta = held.LASTS) -> datetime:
        """The same, for who holds it already."""
        return self.lock(case_id, person_id, lasts)

    def unlock(self, case_id: str, person_id: str) -> bool:
        """Give a case back; False where the person did not hold it."""
        with self.store.write(Actor("person", person_id)) as tx:
            return held.give_back(tx, case_id, person_id)

    def release(self) -> int:
        """Clear away expired locks; they count for nothing before that, too."""
        from tarazu.store import SYSTEM

        with self.store.write(SYSTEM) as tx:
            return held.expire(tx, self.clock())


@dataclass(frozen=True)
class _Hits:
    """What a search found in words."""

    words: Sequence[ColumnElement[bool]] = ()
    ids: Sequence[str] | None = None  # None: too many to name

    def among(self, asked: Select[Any]) -> Select[Any]:
        """Only these."""
        if not self.words:
            return asked
        if self.ids is not None:
            return asked.where(cases.c.id.in_(self.ids))
        return asked.join(case_words, case_words.c.case_id == cases.c.id).where(*self.words)


def _held(now: datetime) -> ColumnElement[bool]:
    return select(locks.c.case_id).where(locks.c.case_id == cases.c.id, locks.c.until > ms(now)).exists()


def case_row(row: Row[Any], item: Row[Any], lock: Row[Any] | None) -> CaseRow:
    """A row of a case, with its item and who holds it, as the queue shows it."""
    sources = tuple(json.loads(row.sources))
    draft = Draft.of(row, order=False)
    return CaseRow(
        id=row.id,
        kind=CaseKind(row.kind),
        state=CaseState(row.state),
        item_id=row.item_id,
        title=row.title,
        priority=row.priority,
        weight=draft.weight.base,
        severity=Severity(row.severity),
        reach=row.reach,
        certainty=row.certainty,
        due_at=draft.due_at,
        lang=row.lang,
        skills=tuple(draft.skills),
        jurisdiction=row.jurisdiction,
        clause_id=row.clause_id,
        opened_at=draft.opened_at,
        updated_at=moment(row.updated_at),
        decided_at=moment_or_none(row.decided_at),
        reports=row.reports,
        size=row.size,
        sources=sources,
        shadow=bool(row.shadow),
        author_name=item.author_name,
        author_id=item.author_id,
        platform=item.platform,
        has_media=item.media != "[]",
        locked_by=lock.person_id if lock else None,
        locked_until=moment(lock.until) if lock else None,
    )
