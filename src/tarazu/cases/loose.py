"""Items that no case is about: handed in, judged, and nothing came of it. They are kept no longer than the others."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select, update

from tarazu.cases import holds
from tarazu.cases.erasing import EMPTY, GONE
from tarazu.store import SYSTEM, Store
from tarazu.store.tables.cases import case_items, items
from tarazu.store.times import ms
from tarazu.store.transaction import Transaction

AT_ONCE = 500  # items of one transaction: others get their turn in between


def erase_old(store: Store, until: datetime, now: datetime) -> int:
    """Empty those that were seen before `until` and that no hold keeps; gives how many."""
    old = and_(items.c.seen_at <= ms(until), ~holds.on_item(now))
    whole = 0
    while True:
        with store.read() as view:
            some = view.one(_of(old).limit(1))
        if some is None:
            return whole
        with store.write(SYSTEM) as tx:
            whole += _empty(tx, old)


def erase_of(tx: Transaction, account: str, platform: str) -> int:
    """Empty those of one account: no law keeps what was never decided about."""
    theirs = or_(
        items.c.author_id == account, and_(items.c.kind == "account", items.c.external_id == account)
    )
    whole = 0
    while gone := _empty(tx, and_(items.c.platform == platform, theirs)):
        whole += gone
    return whole


def _of(which: ColumnElement[bool]) -> Select[tuple[str]]:
    in_a_case = exists().where(case_items.c.item_id == items.c.id)
    return select(items.c.id).where(which, ~in_a_case, items.c.digest.not_like(f"{GONE}%"))


def _empty(tx: Transaction, which: ColumnElement[bool]) -> int:
    ids = [row.id for row in tx.rows(_of(which).order_by(items.c.id).limit(AT_ONCE))]
    for one in ids:  # even its name goes: nothing refers to it
        values = {**EMPTY, "digest": f"{GONE}{one}", "external_id": f"{GONE}{one}"}
        tx.run(update(items).where(items.c.id == one).values(**values))
    if ids:
        tx.log("item.erased", f"item:{ids[0]}", {"items": len(ids)})
    return len(ids)
