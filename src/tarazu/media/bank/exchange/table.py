"""A bank as CSV that no spreadsheet can be made to run, and that comes back exactly (local features aside).

Needed is `pdq`, `sha256` or `md5`; every other column may be missing or empty. A video has its frames parted by
blanks in `pdq`, `quality` and `seconds`. Texts are written by the rule of `safe.cells`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TextIO

from tarazu.errors import NotReadable
from tarazu.media.bank.entry import Entry
from tarazu.media.bank.exchange.item import Item, Rejected
from tarazu.media.bank.exchange.lines import records_of
from tarazu.media.bank.state import State
from tarazu.safe.cells import escape, unescape
from tarazu.sightings import PictureHash

COLUMNS = [
    "id", "pdq", "quality", "sha256", "md5", "entity_id", "shows", "label", "source", "expires_at", "state",
    "reason", "added_by", "added_at", "seconds",
]  # fmt: skip
_TEXTS = ("id", "entity_id", "shows", "label", "source", "reason", "added_by")


def read(path: Path) -> Iterator[Item | Rejected]:
    """Read the rows; raises NotReadable where no column is ours."""
    for position, row, sample in records_of(path):
        if position == 1 and not row.keys() & {"pdq", "sha256", "md5"}:
            raise NotReadable(
                f"{path} has no column pdq, sha256 or md5. The first row must name the columns."
            )
        try:
            yield Item(position, _entry(row))
        except ValueError as error:
            yield Rejected.of(position, str(error), sample)


def write(entries: Iterable[Entry], stream: TextIO) -> int:
    """Write the table; returns how many rows."""
    table = csv.writer(stream, lineterminator="\n", quoting=csv.QUOTE_ALL)
    table.writerow(COLUMNS)
    count = 0
    for entry in entries:
        count += 1
        cells = {name: escape(getattr(entry, name) or "") for name in _TEXTS}
        cells |= {
            "pdq": " ".join(one.pdq for one in entry.frames),
            "quality": " ".join(str(one.quality) for one in entry.frames),
            "seconds": " ".join(repr(one.at) for one in entry.frames),
            "sha256": entry.sha256 or "",
            "md5": entry.md5 or "",
            "expires_at": entry.expires_at.isoformat() if entry.expires_at else "",
            "added_at": entry.added_at.isoformat() if entry.added_at else "",
            "state": entry.state or "",
        }
        table.writerow([cells[name] for name in COLUMNS])
    return count


def _entry(row: dict[str, str]) -> Entry:
    cells = {name: row.get(name, "") for name in COLUMNS}
    pdqs, qualities, seconds = (cells[name].split() for name in ("pdq", "quality", "seconds"))
    for name, given in (("quality", qualities), ("seconds", seconds)):
        if given and len(given) != len(pdqs):
            raise ValueError(f"{len(pdqs)} hashes, but {len(given)} in the column {name!r}.")
    frames = tuple(
        PictureHash(pdq=pdq.lower(), quality=int(quality), at=float(at))
        for pdq, quality, at in zip(
            pdqs, qualities or ["100"] * len(pdqs), seconds or ["0"] * len(pdqs), strict=True
        )
    )
    texts = {name: unescape(cells[name]) for name in _TEXTS}
    added_at = datetime.fromisoformat(cells["added_at"]) if cells["added_at"] else None
    if added_at is not None and added_at.tzinfo is None:
        added_at = added_at.replace(tzinfo=UTC)
    return Entry(
        id=texts["id"],
        frames=frames,
        sha256=cells["sha256"].strip().lower() or None,
        md5=cells["md5"].strip().lower() or None,
        entity_id=texts["entity_id"] or None,
        shows=texts["shows"] or None,
        label=texts["label"],
        source=texts["source"],
        reason=texts["reason"],
        added_by=texts["added_by"],
        added_at=added_at,
        expires_at=date.fromisoformat(cells["expires_at"].strip()) if cells["expires_at"].strip() else None,
        state=State(cells["state"].strip()) if cells["state"].strip() else None,
    )
