"""Items that come in without a finding: kept as snapshots, so that a report of them shows what they said."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select

from tarazu.cases import clean, rows
from tarazu.cases.item import Item
from tarazu.store import Actor, Store
from tarazu.store.ids import new_id
from tarazu.store.tables.cases import items
from tarazu.store.times import ms

MOST = 500  # items of one transaction


@dataclass(frozen=True, kw_only=True)
class Received:
    """An item that is kept now."""

    item_id: str
    external_id: str
    known: bool  # the same snapshot was kept before


class Receiving:
    """Keeps items. It opens no case: judging finds what breaks a rule, and reports say what people see."""

    def __init__(self, store: Store, clock: Callable[[], datetime] | None = None) -> None:
        """Take the time from `clock`; default the store's."""
        self.store, self.clock = store, clock or store.clock

    def keep(self, given: Sequence[Item], actor: Actor) -> list[Received]:
        """Keep these, in one transaction; a snapshot that is there already is not kept again."""
        if len(given) > MOST:
            raise ValueError(f"at most {MOST} items at once")
        done: list[Received] = []
        with self.store.write(actor) as tx:
            at = ms(self.clock())
            wanted = select(items.c.id, items.c.external_id, items.c.kind, items.c.platform, items.c.digest)
            names = {clean.key(one.external_id) for one in given}
            there = {
                (row.external_id, row.kind, row.platform, row.digest): row.id
                for row in tx.rows(wanted.where(items.c.external_id.in_(names)))
            }
            new: list[dict[str, object]] = []
            for one in given:
                key = clean.key(one.external_id), str(one.kind), clean.text(one.platform)[:64], one.digest
                known = key in there
                if not known:
                    there[key] = new_id(at)
                    new.append(rows.of_item(one, there[key], at))
                done.append(Received(item_id=there[key], external_id=one.external_id, known=known))
            tx.run(insert(items), new)
            if new:
                tx.log("item.received", f"item:{new[0]['id']}", {"items": [one["id"] for one in new]})
        return done
