"""Erasing: what a case says and shows goes; that it was decided, when, by whom and under which rule stays.

What stays: ids of the platform that an effective decision needs to be taken back, kinds, times, clauses, versions, the
outcome. What goes: texts, names, pictures' hashes, words for search, contacts, reasons in free text, statements,
appeals, and body and key of every entry of the ledger about the case, which leaves the chain whole.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, exists, select, update

from tarazu.ledger import canonical
from tarazu.store.ledger import erase_bodies
from tarazu.store.tables.automation import erasures
from tarazu.store.tables.cases import (
    case_bands,
    case_items,
    case_keys,
    case_pictures,
    case_words,
    cases,
    escalations,
    findings,
    items,
    reports,
)
from tarazu.store.tables.decisions import appeals, decisions, notices
from tarazu.store.tables.ledger import ledger
from tarazu.store.tables.quality import golden
from tarazu.store.transaction import Transaction

GONE = "erased-"  # what stands where a digest or key may not be empty
EMPTY: Mapping[str, str | None] = {
    **dict.fromkeys(("author_id", "author_name", "text", "url")),
    "media": "[]",
    "context": "{}",
}  # of an item
_ITEM = ("id", "role", "kind", "platform", "external_id", "lang", "created_at")
_CASE = ("id", "kind", "severity", "certainty", "reach", "jurisdiction", "sources", "reports", "opened_at")


def erase(tx: Transaction, case_id: str) -> tuple[int, int]:
    """Erase what a case holds; gives how many items and how many bodies of the ledger went. For one transaction."""
    decided = [row.id for row in tx.rows(select(decisions.c.id).where(decisions.c.case_id == case_id))]
    given = [row.id for row in tx.rows(select(notices.c.id).where(notices.c.decision_id.in_(decided)))]
    made = [row.id for row in tx.rows(select(appeals.c.id).where(appeals.c.decision_id.in_(decided)))]
    filed = [row.id for row in tx.rows(select(reports.c.id).where(reports.c.case_id == case_id))]
    gone = _items(tx, case_id)
    for table in (case_words, case_keys, case_bands, case_pictures, escalations, golden):
        tx.run(delete(table).where(table.c.case_id == case_id))
    tx.run(update(findings).where(findings.c.case_id == case_id).values(body="{}"))
    values = {"title": "", "key": f"{GONE}{case_id}"}
    tx.run(update(cases).where(cases.c.id == case_id).values(**values))
    said: dict[str, str | None] = dict.fromkeys(("external_id", "reporter", "contact", "comment", "answer"))
    tx.run(update(reports).where(reports.c.case_id == case_id).values({**said, "reason": ""}))
    for row in tx.rows(select(decisions.c.id, decisions.c.facts).where(decisions.c.id.in_(decided))):
        facts = bare(row.facts)
        kept: dict[str, str | None] = {"facts": facts, "evidence_digest": canonical.digest_text(facts)}
        kept |= {"reason": "", "second_reason": None}
        tx.run(update(decisions).where(decisions.c.id == row.id).values(**kept))
    for one in given:  # nobody can open a link to what is gone
        tx.run(update(notices).where(notices.c.id == one).values(body="{}", token_hash=f"{GONE}{one}"))
    tx.run(update(appeals).where(appeals.c.id.in_(made)).values(text="", answer=None))
    subjects = [f"case:{case_id}"]
    for kind, ids in (("decision", decided), ("notice", given), ("appeal", made), ("report", filed)):
        subjects += [f"{kind}:{one}" for one in ids]
    return gone, _bodies(tx, subjects, case_id)


def bare(facts: str) -> str:
    """Frozen evidence without anything anybody wrote: enough to undo, to count and to explain under which rule.

    The digest of what was frozen stays in it: who kept a copy of the evidence can still show that it is the one.
    """
    whole: dict[str, Any] = json.loads(facts)
    if "items" not in whole:
        return facts  # of an undoing: ids only
    kept = {
        "erased": True,
        "evidence": canonical.digest_text(facts),
        "case": {**_only(whole["case"], _CASE), "title": ""},
        "items": [{**_only(one, _ITEM), **_NOTHING} for one in whole["items"]],
        "findings": [{**one, "body": {}} for one in whole["findings"]],
        "reports": [{**one, "reason": ""} for one in whole["reports"]],
        **{name: whole.get(name) for name in ("versions", "policy", "clause", "choice")},
    }
    if isinstance(kept["choice"], dict):
        kept["choice"] = {**kept["choice"], "exclude": []}
    return canonical.dumps(kept)


_NOTHING: Mapping[str, object] = {"author_id": None, "text": None, "url": None, "media": [], "digest": ""}


def _items(tx: Transaction, case_id: str) -> int:
    """Empty the items that no other case needs."""
    other = case_items.alias()
    needed = exists().where(
        other.c.item_id == case_items.c.item_id,
        other.c.case_id != case_id,
        ~exists().where(erasures.c.case_id == other.c.case_id),
    )
    asked = select(case_items.c.item_id).where(case_items.c.case_id == case_id, ~needed)
    ids = [row.item_id for row in tx.rows(asked)]
    for one in ids:
        values = {**EMPTY, "digest": f"{GONE}{one}"}
        tx.run(update(items).where(items.c.id == one).values(**values))
    return len(ids)


def _bodies(tx: Transaction, subjects: list[str], case_id: str) -> int:
    numbers: list[int] = []
    for start in range(0, len(subjects), 500):
        asked = select(ledger.c.seq).where(ledger.c.subject.in_(subjects[start : start + 500]))
        numbers += [row.seq for row in tx.rows(asked)]
    return erase_bodies(tx, sorted(numbers), {"case": case_id})


def _only(of: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: of[name] for name in names if name in of}
