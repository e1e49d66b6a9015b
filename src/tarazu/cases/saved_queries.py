"""Searches that people keep: for themselves, for everybody, and as the beginning of a rule."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, or_, select, update

from tarazu.cases import clean
from tarazu.cases.case import CaseKind, CaseState
from tarazu.cases.filter import Filter, Order
from tarazu.cases.refusal import CaseError
from tarazu.ledger import canonical
from tarazu.safe import tree
from tarazu.safe.faults import Faults
from tarazu.safe.tree import Node
from tarazu.store import Actor, Store
from tarazu.store.ids import new_id
from tarazu.store.tables.quality import queries
from tarazu.store.times import moment, ms

NAME = 200  # characters
_WORDS = ("lang", "clause_id", "source", "search", "action", "decided_by")
_TIMES = ("opened_from", "opened_before")


@dataclass(frozen=True, kw_only=True)
class SavedQuery:
    """A search with its name."""

    id: str
    person_id: str
    name: str
    filter: Filter
    order: Order
    shared: bool
    made_at: datetime

    @property
    def condition(self) -> Mapping[str, Any]:
        """The same as the condition of a rule. Raises CaseError for what a rule cannot ask."""
        of = self.filter
        if of.action or of.decided_by or of.opened_from or of.opened_before:
            raise CaseError(
                "A rule meets cases before anybody decides: leave out who decided what, and the dates."
            )
        made: dict[str, Any] = {}
        for key, value in (
            ("kind", of.kind),
            ("lang", of.lang),
            ("clause", of.clause_id),
            ("source", of.source),
        ):
            if value is not None:
                made[key] = [str(value)]
        words = (of.search or "").split()
        if len(words) > 1:
            raise CaseError(
                "A search for several words cannot become a rule as it is. Write them as one pattern under 'text'."
            )
        if words:
            made["text"] = [rf"\b{re.escape(words[0])}"]
        return made


class Queries:
    """The searches that were kept."""

    def __init__(self, store: Store, clock: Callable[[], datetime] | None = None) -> None:
        """Take the time from `clock`; default the store's."""
        self.store, self.clock = store, clock or store.clock

    def save(
        self, person: Actor, name: str, query: str | Mapping[str, Any], *, shared: bool = False
    ) -> SavedQuery:
        """Keep a search under a name; the same name again replaces it. Raises NotValid, CaseError."""
        named = clean.text(name.strip())[:NAME]
        if not named:
            raise CaseError("Give the search a name, by which you will find it again.")
        filter, order = read(query)
        row = {
            "id": new_id(ms(self.clock())),
            "person_id": person.id,
            "name": named,
            "query": canonical.dumps(written(filter, order)),
            "shared": int(shared),
            "made_at": ms(self.clock()),
        }
        with self.store.write(person) as tx:
            tx.run(delete(queries).where(queries.c.person_id == person.id, queries.c.name == named))
            tx.run(insert(queries), [row])
            tx.log("query.saved", f"query:{row['id']}", {"shared": shared})
        return _of(row)

    def of(self, person_id: str) -> list[SavedQuery]:
        """One's own and those that others share, by name."""
        mine = or_(queries.c.person_id == person_id, queries.c.shared == 1)
        with self.store.read() as view:
            rows = view.rows(select(queries).where(mine).order_by(queries.c.name, queries.c.id))
            return [_of(dict(row._mapping)) for row in rows]

    def get(self, query_id: str, person_id: str) -> SavedQuery:
        """One of one's own, or one that is shared. Raises CaseError."""
        for one in self.of(person_id):
            if one.id == query_id:
                return one
        raise CaseError("There is no such saved search. Look at the list of those that there are.")

    def share(self, query_id: str, person: Actor, shared: bool) -> None:
        """Let everybody see a search of one's own, or nobody else any more."""
        with self.store.write(person) as tx:
            mine = (queries.c.id == query_id) & (queries.c.person_id == person.id)
            if not tx.run(update(queries).where(mine).values(shared=int(shared))):
                raise CaseError("This search is not yours to share. Ask whoever saved it.")
            tx.log("query.saved", f"query:{query_id}", {"shared": shared})

    def remove(self, query_id: str, person: Actor) -> None:
        """Remove a search of one's own."""
        with self.store.write(person) as tx:
            mine = (queries.c.id == query_id) & (queries.c.person_id == person.id)
            if not tx.run(delete(queries).where(mine)):
                raise CaseError("This search is not yours to remove. Ask whoever saved it.")
            tx.log("query.removed", f"query:{query_id}")


def read(query: str | Mapping[str, Any]) -> tuple[Filter, Order]:
    """A search as JSON -> what the queue takes. Raises NotValid with what is wrong."""
    faults = Faults()
    text = query if isinstance(query, str) else canonical.dumps(query)
    entry = tree.parse(text, "query", faults, json=True).map(
        known=("states", "kind", "order", *_WORDS, *_TIMES)
    )
    listed, kind, order = entry.get("states"), entry.get("kind"), entry.get("order")
    nodes = () if listed is None else listed.items()
    states = [one.choice([str(state) for state in CaseState]) for one in nodes]
    chosen = None if kind is None else kind.choice([str(one) for one in CaseKind])
    sorted_by = None if order is None else order.choice([str(one) for one in Order])
    words = {key: node.text() for key in _WORDS if (node := entry.get(key)) is not None}
    times = {key: _time(node) for key in _TIMES if (node := entry.get(key)) is not None}
    faults.stop()
    made = Filter(
        states=tuple(CaseState(one) for one in states if one) or (CaseState.OPEN,),
        kind=None if chosen is None else CaseKind(chosen),
        opened_from=times.get("opened_from"),
        opened_before=times.get("opened_before"),
        **{key: clean.text_or_none(value) for key, value in words.items()},  # type: ignore[arg-type]
    )
    return made, Order.PRIORITY if sorted_by is None else Order(sorted_by)


def written(filter: Filter, order: Order = Order.PRIORITY) -> dict[str, Any]:
    """What the queue takes -> a search as JSON."""
    made: dict[str, Any] = {"states": [str(state) for state in filter.states], "order": str(order)}
    if filter.kind is not None:
        made["kind"] = str(filter.kind)
    made |= {key: value.isoformat() for key in _TIMES if (value := getattr(filter, key))}
    return made | {key: value for key in _WORDS if (value := getattr(filter, key))}


def _time(node: Node) -> datetime | None:
    try:
        made = datetime.fromisoformat(node.text() or "")
    except ValueError:
        made = None
    if made is None or made.tzinfo is None:
        node.fault("not a time with its zone", "write it as 2026-03-01T00:00:00+00:00")
        return None
    return made


def _of(row: Mapping[str, Any]) -> SavedQuery:
    filter, order = read(json.loads(row["query"]))
    return SavedQuery(
        id=row["id"],
        person_id=row["person_id"],
        name=row["name"],
        filter=filter,
        order=order,
        shared=bool(row["shared"]),
        made_at=moment(row["made_at"]),
    )
