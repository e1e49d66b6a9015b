"""The files of `threatexchange` (python-threatexchange, `tx`).

Read: the signal file of its `local_file` exchange (a line `TYPE SIGNAL`, or the signal alone); what
`tx dataset -P` prints (`TYPE SIGNAL 'COLLABORATION' CATEGORY TAG,TAG`, without the type or the collaboration
where only one was asked for); and with `--csv` (columns `signal_type, signal_str, collab, category, tags`).
Written: the signal file, which `tx config collab edit local_file` takes, or the CSV. A line holds one signal, so
an entry with a hash and two digests is three.

| category | here |
|---|---|
| POSITIVE_CLASS | active, if the import is trusted |
| INVESTIGATION_SEED, DISPUTED | quarantined |
| NEGATIVE_CLASS | rejected: known to match what it should not. A negative bank takes it |
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TextIO

from tarazu.media.bank.entry import Entry
from tarazu.media.bank.exchange.item import Item, Rejected
from tarazu.media.bank.exchange.lines import lines_of, records_of
from tarazu.media.bank.exchange.signals import MD5, PDQ, known, of_signals, signals_of
from tarazu.media.bank.state import State

COLUMNS = ["signal_type", "signal_str", "collab", "category", "tags"]
_PRINTED = re.compile(
    r"""(?P<signal>\[.*?\]|\S+)(?:\s+(?P<quote>['"])(?P<collab>.*)(?P=quote))?\s+"""
    r"(?P<category>POSITIVE_CLASS|NEGATIVE_CLASS|INVESTIGATION_SEED|DISPUTED)(?:\s+(?P<tags>\S.*))?"
)
_BARE = {64: PDQ, 32: MD5}
_STATES = {
    "POSITIVE_CLASS": State.ACTIVE,
    "INVESTIGATION_SEED": State.QUARANTINED,
    "DISPUTED": State.QUARANTINED,
    "NEGATIVE_CLASS": None,
    "": None,
}


def read(path: Path, *, negative: bool) -> Iterator[Item | Rejected]:
    """Read any of the three; `negative`: whether the bank is."""
    with path.open(encoding="utf-8", errors="replace", newline="") as stream:
        head = stream.readline(1000)
    if "signal_str" in head.lower().replace('"', "").split(","):
        yield from _read_csv(path, negative)
        return
    for position, line in lines_of(path):
        text = line.strip()
        if text:
            yield _item(position, line, *_parts(text), negative)


def write(entries: Iterable[Entry], stream: TextIO) -> int:
    """Write the signal file; returns how many lines."""
    count = 0
    for entry in entries:
        for name, signal in signals_of(entry).items():
            stream.write(f"{name} {signal}\n")
            count += 1
    return count


def write_csv(entries: Iterable[Entry], stream: TextIO, *, bank: str, negative: bool) -> int:
    """Write what `tx dataset -P --csv` would print; returns how many rows."""
    table = csv.writer(stream, lineterminator="\n")
    table.writerow(COLUMNS)
    count = 0
    for entry in entries:
        seed = "POSITIVE_CLASS" if entry.state is State.ACTIVE else "INVESTIGATION_SEED"
        told = (("entity", entry.entity_id), ("shows", entry.shows))
        tags = " ".join(f"{name}:{word}" for name, word in told if word and not re.search(r"[\s,]", word))
        for name, signal in signals_of(entry).items():
            table.writerow([name, signal, bank, "NEGATIVE_CLASS" if negative else seed, tags])
            count += 1
    return count


def _read_csv(path: Path, negative: bool) -> Iterator[Item | Rejected]:
    for position, row, sample in records_of(path):
        name, signal = row.get("signal_type", ""), row.get("signal_str", "")
        tags = row.get("tags", "").split()
        yield _item(
            position, sample, name, signal, row.get("collab", ""), row.get("category", ""), tags, negative
        )


def _parts(text: str) -> tuple[str, str, str, str, list[str]]:
    name, _, signal = text.partition(" ")
    if re.fullmatch("[0-9a-fA-F]{32}|[0-9a-fA-F]{64}", name):  # the type is left out where all have the same
        name, signal = _BARE[len(name)], text
    printed = _PRINTED.fullmatch(signal.strip())
    if printed is None:
        return name, signal.strip(), "", "", []
    tags = [tag for tag in (printed["tags"] or "").split(",") if tag]
    return name, printed["signal"], printed["collab"] or "", printed["category"], tags


def _item(
    position: int,
    line: str,
    name: str,
    signal: str,
    collab: str,
    category: str,
    tags: list[str],
    negative: bool,
) -> Item | Rejected:
    if not known(name):
        reason = f"Signals of the type {name[:40]!r} are not kept; pdq, vpdq, video_md5 and video_sha256 are."
        return Rejected.of(position, reason if name else "No signal: write TYPE SIGNAL.", line)
    if category not in _STATES:
        return Rejected.of(position, f"There is no category {category[:40]!r}.", line)
    if category == "NEGATIVE_CLASS" and not negative:
        reason = "NEGATIVE_CLASS: it is known to match what it should not. A negative bank takes it."
        return Rejected.of(position, reason, line)
    try:
        told = of_signals({name: signal})
    except ValueError as error:
        return Rejected.of(position, str(error), line)
    said = dict(tag.split(":", 1) for tag in tags if tag.startswith(("entity:", "shows:")))
    entry = Entry(
        **told,  # type: ignore[arg-type]
        entity_id=said.get("entity") or None,
        shows=said.get("shows") or None,
        label=" ".join(tag for tag in tags if not tag.startswith(("entity:", "shows:"))),
        source=collab,
        state=_STATES[category],
    )
    return Item(position, entry)
