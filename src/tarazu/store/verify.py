"""Is the store whole? Its file, its references, its frozen evidence and its ledger."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Table, and_, exists, select, text

from tarazu.ledger import canonical
from tarazu.ledger.check import Report
from tarazu.ledger.checkpoint import Signed
from tarazu.ledger.signing import PublicKey
from tarazu.store import ledger
from tarazu.store.metadata import METADATA, frozen
from tarazu.store.store import Store
from tarazu.store.view import View

_TOLD = 5  # faults of a kind that are named


@dataclass(slots=True)
class Verified:
    """What was looked at, and a sentence for every fault."""

    ledger: Report
    tables: int = 0
    digests: int = 0  # frozen rows that are as they were
    faults: list[str] = field(default_factory=list)


def verify(store: Store, published: Iterable[Signed] = (), keys: Sequence[PublicKey] = ()) -> Verified:
    """Look at everything in one moment of the store; changes nothing."""
    trusted = list(keys)
    if not trusted and store.key is not None:
        trusted = [ledger.Ledger(store).signer.public()]
    with store.read() as view:
        made = Verified(ledger.verify(view, published, trusted))
        if made.ledger.fault is not None:
            made.faults.append(str(made.ledger.fault))
        if store.dialect == "sqlite":
            told = [row[0] for row in view.connection.execute(text("PRAGMA integrity_check(5)"))]
            made.faults += [f"The file is damaged: {line}." for line in told if line != "ok"]
        for table in METADATA.sorted_tables:
            made.tables += 1
            made.faults += _references(view, table)
            digests(view, table, made)
    return made


def _references(view: View, table: Table) -> list[str]:
    faults = []
    for key in table.foreign_key_constraints:
        parent = key.referred_table.alias()
        pairs = [(element.parent, parent.c[element.column.name]) for element in key.elements]
        there = exists().where(and_(*(child == other for child, other in pairs)))
        lost = select(*table.primary_key.columns).where(
            and_(*(child.is_not(None) for child, _ in pairs)), ~there.correlate(table)
        )
        for row in view.rows(lost.limit(_TOLD)):
            faults.append(
                f"{table.name} {'/'.join(map(str, row))} refers to no row of {key.referred_table.name}."
            )
    return faults


def digests(view: View, table: Table, made: Verified) -> None:
    """Hold the frozen columns of a table to their digests; an empty one was erased, for which the ledger accounts."""
    for digest, source in frozen(table):
        wanted = select(*table.primary_key.columns, source, digest).where(source.is_not(None))
        named = 0
        for row in view.each(wanted):
            *key, value, expected = tuple[Any, ...](row)
            if canonical.digest_text(value) == expected:
                made.digests += 1
            elif named < _TOLD:
                named += 1
                which = "/".join(map(str, key))
                made.faults.append(f"{table.name} {which}: {source.name} is not what was frozen with it.")
