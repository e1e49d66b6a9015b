"""What filing reads and writes, in a few statements whatever the number of items."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import bindparam, delete, insert, select, update

from tarazu.cases import clean, rows
from tarazu.cases.case import CaseState
from tarazu.cases.draft import WORDS, Draft
from tarazu.cases.finding import Found
from tarazu.cases.key import Key, keys
from tarazu.store.tables.cases import (
    case_bands,
    case_items,
    case_keys,
    case_pictures,
    case_words,
    cases,
    findings,
    items,
    reports,
)
from tarazu.store.view import View

if TYPE_CHECKING:
    from tarazu.cases.filing import Filing

T = TypeVar("T")
AT_ONCE = 2_000  # values of one IN
_TABLES = {
    "case_items": case_items,
    "keys": case_keys,
    "bands": case_bands,
    "pictures": case_pictures,
    "findings": findings,
}
_KEPT = {
    "id",
    "opened_at",
    "decided_at",
    "state",
    "kind",
    "item_id",
    "key",
    "title",
}  # never changed by filing


def known(filing: Filing, found: Sequence[Found]) -> None:
    """Look up earlier snapshots of the items, their cases and what was found about them."""
    tx = filing.tx
    names = {clean.key(one.item.external_id) for one in found}
    there: list[str] = []
    wanted = (items.c.id, items.c.platform, items.c.kind, items.c.external_id, items.c.digest)
    for part in parts(names):
        for row in tx.rows(select(*wanted).where(items.c.external_id.in_(part)).order_by(items.c.id)):
            name = (row.external_id, row.kind, row.platform)
            filing.snapshots[(*name, row.digest)] = row.id
            filing.versions[name].append(row.id)
            there.append(row.id)
    ids: set[str] = set()
    for part in parts(there):
        links = select(case_items.c.item_id, case_items.c.case_id).where(case_items.c.item_id.in_(part))
        for row in tx.rows(links.order_by(case_items.c.case_id)):
            filing.of_item[row.item_id].append(row.case_id)
            ids.add(row.case_id)
        said = select(findings.c.item_id, findings.c.signature).where(findings.c.item_id.in_(part))
        filing.signatures.update((row.item_id, row.signature) for row in tx.rows(said))
    drafts(filing, ids)


def alike(filing: Filing, made: Sequence[Key]) -> None:
    """Look up the open cases that the keys could belong to."""
    tx, ids = filing.tx, set[str]()
    # The state is looked at here and not in SQL: SQLite would walk all open cases for it.
    for part in parts({key.exact for key in made}):
        asked = select(case_keys, cases.c.state).join(cases, cases.c.id == case_keys.c.case_id)
        for row in tx.rows(asked.where(case_keys.c.value.in_(part)).order_by(case_keys.c.case_id)):
            if row.state == CaseState.OPEN:
                filing.by_key[row.value].append((row.case_id, row.media))
                ids.add(row.case_id)
    for numbers in parts({band for key in made for band in key.bands}):
        met = select(case_bands, cases.c.state).join(cases, cases.c.id == case_bands.c.case_id)
        for row in tx.rows(met.where(case_bands.c.value.in_(numbers)).order_by(case_bands.c.case_id)):
            if row.state == CaseState.OPEN:
                filing.by_band[row.value].append(row.case_id)
                ids.add(row.case_id)
            else:
                filing.over_band[row.value].append(row.case_id)
    for key in made:
        if key.pictures and not key.near:
            ids.update(filing.pictures.near(key.pictures))
    drafts(filing, ids)
    abouts(filing, [id_ for id_ in ids if filing.drafts[id_].about is None])


def drafts(filing: Filing, ids: Iterable[str]) -> None:
    """Take cases to hand."""
    for part in parts(id_ for id_ in ids if id_ not in filing.drafts):
        orders = set(open_orders(filing.tx, part))
        for row in filing.tx.rows(select(cases).where(cases.c.id.in_(part))):
            filing.drafts[row.id] = Draft.of(row, order=row.id in orders)


def open_orders(view: View, ids: Sequence[str]) -> Iterator[str]:
    """Those cases that have a government order which is neither decided nor refused."""
    asked = select(reports.c.case_id).where(
        reports.c.case_id.in_(ids), reports.c.kind == "government_order", reports.c.state == "open"
    )
    yield from (row.case_id for row in view.rows(asked))


def abouts(filing: Filing, ids: Sequence[str]) -> None:
    """Give cases the key of their main item."""
    for part in parts(ids):
        asked = select(items, cases.c.id.label("case_id")).join(cases, cases.c.item_id == items.c.id)
        found = filing.tx.rows(asked.where(cases.c.id.in_(part)))
        for row, key in zip(found, keys([rows.item(row) for row in found]), strict=True):
            filing.drafts[row.case_id].about = key


def write(filing: Filing) -> None:
    """Write what was filed."""
    tx, at = filing.tx, filing.at
    new = [one for one in filing.drafts.values() if one.new]
    changed = [one for one in filing.drafts.values() if one.changed and not one.new]
    tx.run(insert(items), filing.rows["items"])
    tx.run(insert(cases), [one.row(at) for one in new])
    if changed:
        columns = [column.name for column in cases.c if column.name not in _KEPT]
        values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in columns}
        taken = {"id", *columns}
        given = [
            {f"new_{name}": value for name, value in one.row(at).items() if name in taken} for one in changed
        ]
        tx.run(update(cases).where(cases.c.id == bindparam("new_id")).values(values), given)
    if filing.gone:
        where = (case_bands.c.value == bindparam("band")) & (case_bands.c.case_id == bindparam("case"))
        tx.run(delete(case_bands).where(where), filing.gone)
    for name, table in _TABLES.items():
        tx.run(insert(table), filing.rows[name])
    tx.run(insert(case_words), [{"case_id": one.id, "words": words_of(one.words)} for one in new])
    _add_words(filing, [one for one in changed if one.words])
    for one in new:
        tx.log(
            "case.opened", f"case:{one.id}", {"kind": one.kind, "items": one.added, "sources": one.sources}
        )
    for one in changed:
        if one.added:
            tx.log("case.joined", f"case:{one.id}", {"items": one.added, "sources": one.sources})


def words_of(parts_: Iterable[str], before: str = "") -> str:
    """Words for search, with a space before each."""
    return f"{before} {' '.join(parts_)} "[:WORDS]


def _add_words(filing: Filing, changed: Sequence[Draft]) -> None:
    for part in parts(changed):
        asked = select(case_words).where(case_words.c.case_id.in_([one.id for one in part]))
        before = {row.case_id: row.words for row in filing.tx.rows(asked)}
        given = [
            {"of": one.id, "said": words_of(one.words, before.get(one.id, "").rstrip())}
            for one in part
            if len(before.get(one.id, "")) < WORDS
        ]
        change = update(case_words).where(case_words.c.case_id == bindparam("of"))
        filing.tx.run(change.values(words=bindparam("said")), given)


def parts(values: Iterable[T]) -> Iterator[list[T]]:
    """Some at a time."""
    whole = list(values)
    for start in range(0, len(whole), AT_ONCE):
        yield whole[start : start + AT_ONCE]
