"""Groups of false reporters as they are kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, insert, select

from tarazu.cases import flag_cases
from tarazu.store.ids import new_id
from tarazu.store.tables.automation import flag_groups, flag_members
from tarazu.store.times import ms
from tarazu.store.transaction import Transaction


def flood_of(item_id: str) -> Select[Any]:
    """The floods of an item that count."""
    return select(flag_groups).where(
        flag_groups.c.item_id == item_id, flag_groups.c.kind == "flood", flag_groups.c.lifted_at.is_(None)
    )


def keep(
    tx: Transaction,
    kind: str,
    case_id: str,
    p_value: float,
    begins: datetime,
    *,
    item_id: str | None = None,
    until: datetime | None = None,
) -> str:
    """Write down a group; gives its id."""
    made = new_id(ms(tx.at))
    row = {"id": made, "kind": kind, "case_id": case_id, "item_id": item_id, "p_value": p_value}
    row |= {"at": ms(begins), "until": None if until is None else ms(until)}
    tx.run(insert(flag_groups), [row])
    return made


def join(tx: Transaction, group_id: str, who: Sequence[str]) -> None:
    """Add reporters to a group; who is in it stays in it."""
    there = set(flag_cases.members_of(tx, group_id, who))
    fresh = [{"group_id": group_id, "reporter": one} for one in who if one not in there]
    tx.run(insert(flag_members), fresh)
