"""The list of Specially Designated Nationals of the US Office of Foreign Assets Control: sdn.csv and alt.csv.

The files have no heading; `-0-` is nothing. Kinds come from the programme: FTO and SDGT are terrorism; TCO, SDNT,
SDNTK and ILLICIT-DRUGS are organised crime; every other programme makes a `sanctioned_organisation` or a
`sanctioned_person`. Ships and aircraft are rejected. The files carry no dates, so a listing has stood since ever:
complete `from` by hand where older posts are judged. A listing counts in the United States. Aliases that stand in
quotes among the remarks are the list's weak ones, and ambiguous.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from tarazu.errors import NotReadable, NotValid
from tarazu.policy.designations.entity import Designation
from tarazu.policy.designations.importers.intake import Intake, kind_of
from tarazu.policy.designations.importers.names import Name, names

AUTHORITY = "OFAC"
JURISDICTION = "US"
TERROR = ("FTO", "SDGT")
CRIME = ("TCO", "SDNT", "SDNTK", "ILLICIT-DRUGS")
LARGEST = 64 * 2**20  # bytes of one file
SDN, ALT = 12, 5  # columns
_WEAK = re.compile(r"\b[afn]\.k\.a\. '(.+?)'(?=[;.]|$)")


def read(paths: Sequence[Path], intake: Intake) -> None:
    """Take the list in; alt.csv beside the list is read too unless a file of aliases is given."""
    tables = {path: rows_of(path) for path in paths}
    widths = {path: max((len(row) for row in rows), default=0) for path, rows in tables.items()}
    for path, width in widths.items():
        if width not in (SDN, ALT):
            raise NotValid(
                f"{path}:1:1: {width} columns, where sdn.csv has {SDN} and alt.csv {ALT}; give these two files"
            )
    beside = [path.with_name("alt.csv") for path, width in widths.items() if width == SDN]
    if ALT not in widths.values():
        tables |= {path: rows_of(path) for path in beside if path.exists()}
    if SDN not in widths.values():
        raise NotValid(f"{paths[0]}:1:1: only aliases are given; give sdn.csv too")
    persons: set[str] = set()
    for columns in (SDN, ALT):  # parties first: aliases refer to them
        for path, rows in tables.items():
            if max(map(len, rows), default=0) == columns:
                for number, row in enumerate(rows, 1):
                    _take(path, number, row, columns, intake, persons)


def rows_of(path: Path) -> list[list[str]]:
    """The rows of a file, `-0-` emptied; the sign for the end of a file in DOS is no row."""
    try:
        raw = path.read_bytes()[: LARGEST + 1]
    except OSError as error:
        raise NotReadable(f"{path}: {error.strerror or error}. Give the path of sdn.csv.") from error
    if len(raw) > LARGEST:
        raise NotReadable(f"{path}: larger than {LARGEST // 2**20} MiB. Is it the right file?")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", "replace")
    try:
        rows = list(csv.reader(io.StringIO(text.rstrip("\x1a\r\n"), newline="")))
    except csv.Error as error:
        raise NotValid(f"{path}:1:1: this is no CSV ({error}); get the file again") from error
    return [[cell.strip() if cell.strip() != "-0-" else "" for cell in row] for row in rows]


def _take(path: Path, number: int, row: list[str], columns: int, intake: Intake, persons: set[str]) -> None:
    sample = ", ".join(row[:4])
    if len(row) != columns:
        intake.reject(path, number, "broken_row", sample)
        return
    ident = f"ofac-{row[0]}"
    if not row[0].isdecimal():
        intake.reject(path, number, "no_id", sample)
    elif columns == ALT:
        found = list(names(row[3], person=ident in persons))
        if ident not in intake.entities:
            intake.reject(path, number, "no_such_entity", sample)
        elif not found:
            intake.reject(path, number, "no_name", sample)
        else:
            intake.extend(ident, found)
            intake.accept()
    elif row[2] not in ("", "individual", "entity"):
        intake.reject(path, number, "not_a_party", sample)
    elif ident in intake.entities:
        intake.reject(path, number, "repeated_id", sample)
    else:
        _take_party(path, number, row, intake, persons)


def _take_party(path: Path, number: int, row: list[str], intake: Intake, persons: set[str]) -> None:
    ident, person = f"ofac-{row[0]}", row[2] == "individual"
    found = list(_names(row, person))
    if not found:
        intake.reject(path, number, "no_name", ", ".join(row[:4]))
        return
    if person:
        persons.add(ident)
    programmes = [one for one in re.split(r"\]\s*\[|;", row[3].strip("[] ")) if one]
    kind = kind_of(
        person=person,
        terror=any(one.startswith(TERROR) for one in programmes),
        crime=any(one.startswith(CRIME) for one in programmes),
    )
    listings = [
        Designation(authority=AUTHORITY, programme=one, jurisdictions=(JURISDICTION,))
        for one in programmes or [None]
    ]
    intake.add(ident, kind, found, listings)
    intake.accept()


def _names(row: list[str], person: bool) -> Iterator[Name]:
    yield from names(row[1], person=person)
    for quoted in _WEAK.findall(row[11]):
        yield from names(quoted, person=person, weak=True)
