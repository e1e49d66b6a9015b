"""Decided cases that are like one at hand, with what came of them: so that like is judged like."""

from __future__ import annotations

import json

from sqlalchemy import select

from tarazu.cases import key as compare
from tarazu.cases import rows
from tarazu.cases.case import CaseRow, Similar
from tarazu.cases.item import Item, ItemKind
from tarazu.cases.pictures import Pictures
from tarazu.store.tables.cases import case_bands, case_keys, cases, items
from tarazu.store.tables.decisions import decisions
from tarazu.store.times import moment_or_none
from tarazu.store.view import View

LIKE = 0.5  # Jaccard from which a decided text is worth a look
MOST = 60  # candidates that are compared


def decided(view: View, row: CaseRow, item: Item, pictures: Pictures, limit: int) -> tuple[Similar, ...]:
    """At most `limit` decided cases, the most alike first."""
    if item.kind != ItemKind.POST:
        return ()
    (key,) = compare.keys([item])
    over = cases.c.state.in_(("decided", "appealed", "closed")) & (cases.c.id != row.id)
    ids = select(cases.c.id).where(over)
    latest = cases.c.id.desc()
    same = ids.join(case_keys, case_keys.c.case_id == cases.c.id).where(case_keys.c.value == key.exact)
    how = dict.fromkeys((one.id for one in view.rows(same.order_by(latest).limit(MOST))), "same")
    if key.bands:
        met = ids.join(case_bands, case_bands.c.case_id == cases.c.id)
        met = met.where(case_bands.c.value.in_(key.bands)).order_by(latest).limit(MOST)
        how |= {one.id: "near" for one in view.rows(met) if one.id not in how}
    if key.pictures:
        pictures.refresh(view)
        shown = pictures.near(key.pictures)[:MOST]
        how |= {case_id: "picture" for case_id in shown if case_id not in how}
    if not how:
        return ()
    asked = select(items, cases.c.id.label("case_id"), cases.c.title, cases.c.decided_at).join(
        cases, cases.c.item_id == items.c.id
    )
    there = view.rows(asked.where(cases.c.id.in_(list(how)), over))
    found = []
    for one, other in zip(there, compare.keys([rows.item(one) for one in there]), strict=True):
        way = how[one.case_id]
        alike = 1.0 if way != "near" else compare.alike(key.shingles, other.shingles)
        if alike >= LIKE:
            found.append((way != "same", -alike, one, way))
    found.sort(key=lambda one: (one[0], one[1], one[2].case_id))
    came = _outcomes(view, [one.case_id for _, _, one, _ in found[:limit]])
    return tuple(
        Similar(
            case_id=one.case_id,
            title=one.title,
            text=one.text,
            alike=-alike,
            how=way,
            decided_at=moment_or_none(one.decided_at),
            outcome=came.get(one.case_id, {}),
        )
        for _, alike, one, way in found[:limit]
    )


def _outcomes(view: View, case_ids: list[str]) -> dict[str, dict[str, object]]:
    names = ("id", "action", "clause_id", "stance", "purpose", "state", "jurisdictions")
    asked = (
        select(decisions.c.case_id, *(decisions.c[name] for name in names))
        .where(decisions.c.case_id.in_(case_ids), decisions.c.state.in_(("effective", "expired")))
        .order_by(decisions.c.id)
    )
    found: dict[str, dict[str, object]] = {}
    for row in view.rows(asked):  # the latest is written last
        found[row.case_id] = {name: getattr(row, name) for name in names}
        found[row.case_id]["jurisdictions"] = json.loads(row.jurisdictions)
    return found
