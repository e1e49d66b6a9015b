"""Files into a bank and out of it: read = accepted + rejected, each rejected row with its reason and position."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TextIO

from tarazu.errors import NotReadable
from tarazu.media.bank.bank import Bank
from tarazu.media.bank.entry import Entry
from tarazu.media.bank.exchange import hma, table, threatexchange
from tarazu.media.bank.exchange.item import Item, Rejected
from tarazu.media.bank.state import State

_QUOTED = re.compile(r"'[^']*'|\d+")


class Form(StrEnum):
    """The files that are known."""

    THREATEXCHANGE = "threatexchange"  # a signal a line
    THREATEXCHANGE_CSV = "threatexchange-csv"  # as `tx dataset -P --csv` prints
    HMA = "hma"
    CSV = "csv"  # everything but local features


@dataclass(frozen=True)
class Taken:
    """What came of an import."""

    form: Form
    accepted: int
    rejected: list[Rejected]

    @property
    def read(self) -> int:
        """How many rows there were."""
        return self.accepted + len(self.rejected)

    @property
    def reasons(self) -> list[tuple[str, int]]:
        """Why rows were rejected, the commonest reason first, with "..." for what only one row says."""
        return Counter(_QUOTED.sub("...", one.reason) for one in self.rejected).most_common()


def take(
    bank: Bank, path: Path, form: Form | None = None, *, by: str, trusted: bool = False, reason: str = ""
) -> Taken:
    """Read a file into a bank. Its entries are quarantined unless the import is trusted."""
    form = form or recognised(path)
    rejected: list[Rejected] = []
    positions: list[int] = []
    added = bank.add_many(
        _sound(_read(path, form, bank), rejected, positions),
        by=by,
        trusted=trusted,
        reason=reason or f"imported from {path.name}",
    )
    for place, why in added.refused:
        rejected.append(Rejected.of(positions[place], why))
    rejected.sort(key=lambda one: one.position)
    return Taken(form, len(added.ids), rejected)


def give(bank: Bank, stream: TextIO, form: Form, *, states: frozenset[State] | None = None) -> int:
    """Write a bank to an open text file; returns how many lines or rows.

    `states`: which entries; by default all where the form can say the state (hma, csv), else the active ones.
    """
    says_state = form in (Form.HMA, Form.CSV)
    chosen = states or (frozenset(State) if says_state else frozenset({State.ACTIVE}))
    entries = (entry for entry in bank.entries() if entry.state in chosen)
    match form:
        case Form.THREATEXCHANGE:
            return threatexchange.write(entries, stream)
        case Form.THREATEXCHANGE_CSV:
            about = bank.about
            return threatexchange.write_csv(entries, stream, bank=about.name, negative=about.negative)
        case Form.HMA:
            return hma.write(entries, stream, bank=bank.about.name)
        case Form.CSV:
            return table.write(entries, stream)


def recognised(path: Path) -> Form:
    """Return which form a file has, by how it begins; raises NotReadable where it begins with nothing."""
    if not path.is_file():
        raise NotReadable(f"{path} is not there. Give the path of a file to import.")
    with path.open(encoding="utf-8-sig", errors="replace") as stream:
        head = stream.read(4000).lstrip()
    if not head:
        raise NotReadable(f"{path} is empty. Give a file with known pictures.")
    if head[0] in "{[":
        return Form.HMA
    columns = {name.strip().strip('"').lower() for name in head.splitlines()[0].split(",")}
    if "signal_str" in columns:
        return Form.THREATEXCHANGE_CSV
    return Form.CSV if columns & {"pdq", "sha256", "md5", "id"} else Form.THREATEXCHANGE


def _read(path: Path, form: Form, bank: Bank) -> Iterator[Item | Rejected]:
    if not path.is_file():
        raise NotReadable(f"{path} is not there. Give the path of a file to import.")
    match form:
        case Form.THREATEXCHANGE | Form.THREATEXCHANGE_CSV:
            return threatexchange.read(path, negative=bank.about.negative)
        case Form.HMA:
            return hma.read(path)
        case Form.CSV:
            return table.read(path)


def _sound(
    items: Iterator[Item | Rejected], rejected: list[Rejected], positions: list[int]
) -> Iterator[Entry]:
    for one in items:
        if isinstance(one, Rejected):
            rejected.append(one)
        else:
            positions.append(one.position)
            yield one.entry
