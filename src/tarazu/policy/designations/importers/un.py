"""The United Nations Security Council Consolidated List, in its XML.

Kinds come from `UN_LIST_TYPE`, the sanctions regime: Al-Qaida and Taliban lists, and Somalia's of Al-Shabaab, are
terrorist organisations, Haiti's are organised crime; persons on one of these are `person`. Whoever is listed for
proliferation, arms or a war is a `sanctioned_organisation` or a `sanctioned_person`. The regime is the programme,
the date is `LISTED_ON`, and a listing of the Council counts everywhere. Aliases of low quality are ambiguous.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tarazu.errors import NotValid
from tarazu.policy.designations.entity import Designation
from tarazu.policy.designations.importers.days import day
from tarazu.policy.designations.importers.intake import Intake, kind_of
from tarazu.policy.designations.importers.names import Name, names

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

AUTHORITY = "UN"
TERROR = frozenset({"Al-Qaida", "Taliban", "Somalia"})
CRIME = frozenset({"Haiti"})


def read(paths: Sequence[Path], intake: Intake) -> None:
    """Take the list in; raises NotReadable or NotValid when a file is no such list."""
    from tarazu.safe.xml import elements

    for path in paths:
        for number, (line, row) in enumerate(elements(path, ("INDIVIDUAL", "ENTITY"))):
            if number == 0:
                if row.tag != "CONSOLIDATED_LIST":
                    raise NotValid(
                        f"{path}:{line}:1: the file begins with <{row.tag}>, not <CONSOLIDATED_LIST>; "
                        "get the consolidated list of the United Nations in XML"
                    )
                intake.version = row.get("dateGenerated", "")[:10] or None
                continue
            _take(path, line, row, intake)


def _take(path: Path, line: int, row: Element, intake: Intake) -> None:
    person = row.tag == "INDIVIDUAL"
    reference, regime = _text(row, "REFERENCE_NUMBER"), _text(row, "UN_LIST_TYPE")
    found = list(_names(row, person))
    sample = f"{reference} {found[0].text if found else ''}"
    ident = f"un-{reference.lower().replace('.', '-')}"
    if not reference or " " in reference:
        intake.reject(path, line, "no_id", sample)
    elif not found:
        intake.reject(path, line, "no_name", sample)
    elif ident in intake.entities:
        intake.reject(path, line, "repeated_id", sample)
    else:
        try:
            start, end = day(_text(row, "LISTED_ON")), day(_text(row, "DELISTED_ON"))
        except ValueError:
            intake.reject(path, line, "bad_date", f"{sample} {_text(row, 'LISTED_ON')}")
            return
        kind = kind_of(person=person, terror=regime in TERROR, crime=regime in CRIME)
        listing = Designation(authority=AUTHORITY, programme=regime or None, start=start, end=end)
        intake.add(ident, kind, found, [listing])
        intake.accept()


def _names(row: Element, person: bool) -> Iterator[Name]:
    parts = [_text(row, f"{number}_NAME") for number in ("FIRST", "SECOND", "THIRD", "FOURTH")]
    yield from names(" ".join(filter(None, parts)), person=False)
    yield from names(_text(row, "NAME_ORIGINAL_SCRIPT"), person=person)
    for alias in row.iter("INDIVIDUAL_ALIAS" if person else "ENTITY_ALIAS"):
        weak = _text(alias, "QUALITY").lower() == "low"
        yield from names(_text(alias, "ALIAS_NAME"), person=person, weak=weak)


def _text(row: Element, tag: str) -> str:
    return (row.findtext(tag) or "").strip()
