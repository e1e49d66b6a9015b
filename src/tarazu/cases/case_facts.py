"""What a rule may look at: the facts of a case as they were at a moment, read for many cases at once."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from tarazu.cases.shelf import parts
from tarazu.store.tables.cases import cases, findings, items, reports
from tarazu.store.tables.decisions import decisions, strikes
from tarazu.store.times import ms
from tarazu.store.view import View

OWN = ("violation", "media_match", "network")  # found by looking at it, not by being told


@dataclass(frozen=True, kw_only=True)
class CaseFacts:
    """A case as a condition sees it."""

    case_id: str
    state: str
    words: Mapping[str, frozenset[str]]
    numbers: Mapping[str, float]
    text: str = field(repr=False, default="")
    found: bool = False  # something was found by looking at it; else it was only reported
    ordered: bool = False  # an authority ordered something about it
    stance: str | None = None  # as read, for the decision
    purpose: str | None = None
    jurisdiction: str | None = None


def facts(view: View, case_ids: Sequence[str], at: datetime | Mapping[str, datetime]) -> dict[str, CaseFacts]:
    """The facts of some cases. `at` is when: strikes and findings from later do not count."""
    made: dict[str, CaseFacts] = {}
    for some in parts(case_ids):
        asked = (
            select(cases, items.c.text, items.c.author_id, items.c.platform, items.c.external_id)
            .join(items, items.c.id == cases.c.item_id)
            .where(cases.c.id.in_(some))
        )
        rows = view.rows(asked)
        when = {row.id: ms(at if isinstance(at, datetime) else at[row.id]) for row in rows}
        found = _findings(view, some, when)
        struck = _strikes(view, {row.author_id or row.external_id for row in rows})
        orders = select(reports.c.case_id).where(
            reports.c.case_id.in_(some), reports.c.kind == "government_order"
        )
        ordered = {row.case_id for row in view.rows(orders)}
        for row in rows:
            author = (row.author_id or row.external_id, row.platform)
            weight = sum(
                worth for worth, begins, ends in struck.get(author, ()) if begins < when[row.id] < ends
            )
            made[row.id] = _facts(row, found.get(row.id, []), weight, row.id in ordered)
    return made


def _facts(row: Row[Any], found: Sequence[Row[Any]], strikes_: float, ordered: bool) -> CaseFacts:
    # The latest about the main item speaks, as for a person who opens the case.
    last = next((one for one in found if one.item_id == row.item_id), found[0] if found else None)
    body: Mapping[str, Any] = json.loads(last.body) if last is not None else {}
    entities = {one["entity_id"] for one in _dicts(body.get("grounds")) if one.get("entity_id")}
    stances = [one for one in _dicts(body.get("stances")) if one.get("entity_id") in entities]
    stances.sort(key=lambda one: -float(one.get("confidence", 0)))
    matches = [
        match
        for seen in _dicts(body.get("media"))
        for match in _dicts(seen.get("matches"))
        if match.get("decides", True)
    ]
    known = [] if any(one.get("negative") for one in matches) else matches
    clauses = [str(one) for one in body.get("clauses") or ()] or [row.clause_id]
    words: dict[str, Iterable[str | None]] = {
        "kind": (row.kind,),
        "lang": (row.lang,),
        "platform": (row.platform,),
        "severity": (row.severity,),
        "source": json.loads(row.sources),
        "finding": [one.kind for one in found],
        "outcome": (body.get("verdict"),),
        "clause": clauses if last is not None else (),
        "entity": entities | {one.get("entity_id") for one in known},
        "stance": [one.get("stance") for one in stances],
        "purpose": (body.get("purpose"),),
        "bank": [one.get("bank") for one in known],
    }
    return CaseFacts(
        case_id=row.id,
        state=row.state,
        words={key: frozenset(one for one in said if one) for key, said in words.items()},
        numbers={
            "certainty": 0.0 if last is None else float(last.certainty),
            "reach": float(row.reach),
            "reports": float(row.reports),
            "author_strikes": strikes_,
        },
        text=row.text or "",
        found=last is not None,
        ordered=ordered,
        stance=stances[0].get("stance") if stances else None,
        purpose=body.get("purpose"),
        jurisdiction=row.jurisdiction,
    )


def _findings(view: View, some: Sequence[str], when: Mapping[str, int]) -> dict[str, list[Row[Any]]]:
    asked = (
        select(findings)
        .where(findings.c.case_id.in_(some), findings.c.kind.in_(OWN))
        .order_by(findings.c.found_at.desc(), findings.c.id.desc())
    )
    found: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in view.rows(asked):
        if row.found_at <= when.get(row.case_id, 0):
            found[row.case_id].append(row)
    return found


def _strikes(view: View, accounts: set[str]) -> dict[tuple[str, str], list[tuple[float, int, int]]]:
    found: dict[tuple[str, str], list[tuple[float, int, int]]] = defaultdict(list)
    for some in parts(sorted(accounts)):
        asked = (
            select(strikes)
            .join(decisions, decisions.c.id == strikes.c.decision_id)
            .where(strikes.c.account_id.in_(some), strikes.c.revoked_at.is_(None))
            .where(decisions.c.state.in_(("effective", "expired")))
        )
        for row in view.rows(asked):
            found[row.account_id, row.platform].append((float(row.weight), row.at, row.expires_at))
    return found


def _dicts(value: object) -> list[dict[str, Any]]:
    """The mappings of a list that may be anything: a finding is kept as it was found, by whatever version."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
