"""How often decisions are overturned: reversed on appeal, or undone by somebody else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from tarazu.cases.interval import Share
from tarazu.store import Store
from tarazu.store.tables.cases import cases
from tarazu.store.tables.decisions import appeals, decisions
from tarazu.store.times import ms


@dataclass(frozen=True, kw_only=True)
class Overturns:
    """Of all decisions that took effect, and of those that were appealed."""

    overturned: Share  # of the decisions
    reversed: Share  # of the appeals that were answered


@dataclass(frozen=True, kw_only=True)
class OverturnRates:
    """The same, by what they are about and by whom."""

    whole: Overturns
    by_clause: Mapping[str, Overturns]
    by_lang: Mapping[str, Overturns]
    by_reviewer: Mapping[str, Overturns]  # rules are reviewers here, too
    by_maker: Mapping[str, Overturns]  # automated | person


def overturns(store: Store, since: datetime | None = None) -> OverturnRates:
    """Count the decisions made since a day; default all."""
    asked = (
        select(
            decisions.c.id,
            decisions.c.actor_id,
            decisions.c.clause_id,
            decisions.c.state,
            decisions.c.automated,
            cases.c.lang,
        )
        .join(cases, cases.c.id == decisions.c.case_id)
        .where(decisions.c.undoes.is_(None), decisions.c.effective_at.is_not(None))
    )
    if since is not None:
        asked = asked.where(decisions.c.made_at >= ms(since))
    undone = select(decisions.c.undoes, decisions.c.actor_id).where(decisions.c.undoes.is_not(None))
    answered = select(appeals.c.decision_id, appeals.c.state).where(appeals.c.state != "open")
    with store.read() as view:
        rows = view.rows(asked)
        by = {row.undoes: row.actor_id for row in view.rows(undone)}
        judged: dict[str, list[bool]] = defaultdict(list)
        for row in view.rows(answered):
            judged[row.decision_id].append(row.state == "reversed")

    def wrong(row: Row[Any]) -> bool:
        if row.state == "reversed":
            return True
        return bool(row.state == "undone" and by.get(row.id, row.actor_id) != row.actor_id)

    def of(some: list[Row[Any]]) -> Overturns:
        said = [one for row in some for one in judged.get(row.id, ())]
        return Overturns(
            overturned=Share(sum(map(wrong, some)), len(some)), reversed=Share(sum(said), len(said))
        )

    def by_key(key: Callable[[Row[Any]], str | None]) -> dict[str, Overturns]:
        groups: dict[str, list[Row[Any]]] = defaultdict(list)
        for row in rows:
            groups[key(row) or ""].append(row)
        return {name: of(some) for name, some in sorted(groups.items())}

    return OverturnRates(
        whole=of(rows),
        by_clause=by_key(lambda row: row.clause_id),
        by_lang=by_key(lambda row: row.lang),
        by_reviewer=by_key(lambda row: row.actor_id),
        by_maker=by_key(lambda row: "automated" if row.automated else "person"),
    )
