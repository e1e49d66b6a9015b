"""Financial sanctions of the European Union, in three shapes, told apart by their content.

- the consolidated list in XML (`<export>`, one `<sanctionEntity>` a party);
- the consolidated list as CSV with semicolons (columns `Entity_LogicalId`, `NameAlias_WholeName`, ...: a row a name);
- tables of one regulation (columns `celex`, `programKey`, `name`, `alias`, ...: a row a party).

Kinds come from the programme: TERR, TAQA, EUAQ, HAM and ISIL are terrorism, HTI (gangs in Haiti) is organised
crime; every other programme makes a `sanctioned_organisation` or a `sanctioned_person`. The date is the date of
designation, where given; a listing counts in "EU": write "EU" among the jurisdictions you judge for, for any of
its members. Aliases that the list calls weak are ambiguous.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from unicodedata import combining, normalize

from tarazu.errors import NotReadable, NotValid
from tarazu.policy.designations.entity import Designation
from tarazu.policy.designations.importers.days import day
from tarazu.policy.designations.importers.intake import Intake, kind_of
from tarazu.policy.designations.importers.names import Name, given_first, names

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

AUTHORITY = "EU"
JURISDICTION = "EU"
TERROR = frozenset({"TERR", "TAQA", "EUAQ", "HAM", "ISIL"})
CRIME = frozenset({"HTI"})
LARGEST = 256 * 2**20  # bytes of one file
Row = dict[str, str]


def read(paths: Sequence[Path], intake: Intake) -> None:
    """Take the list in; raises NotReadable or NotValid when a file has none of the three shapes."""
    for path in paths:
        try:
            with path.open("rb") as stream:
                head = stream.read(64)
            if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
                _read_xml(path, intake)
            else:
                _read_table(path, intake)
        except OSError as error:
            raise NotReadable(f"{path}: {error.strerror or error}. Give the path of the list.") from error


def _read_xml(path: Path, intake: Intake) -> None:
    from tarazu.safe.xml import elements

    for number, (line, row) in enumerate(elements(path, ("sanctionEntity",), largest=LARGEST)):
        if number == 0:
            if row.tag != "export":
                raise NotValid(
                    f"{path}:{line}:1: the file begins with <{row.tag}>, not <export>; get the list again"
                )
            intake.version = row.get("generationDate", "")[:10] or None
            continue
        subject = row.find("subjectType")
        person = subject is not None and subject.get("classificationCode", subject.get("code", "")) in (
            "P",
            "person",
        )
        reference = row.get("euReferenceNumber") or row.get("logicalId") or ""
        programmes = [one.get("programme", "") for one in row.findall("regulation")]
        found = [name for one in row.findall("nameAlias") for name in _xml_name(one, person)]
        _take(path, line, intake, reference, person, found, programmes, row.get("designationDate", ""))


def _xml_name(alias: Element, person: bool) -> Iterable[Name]:
    whole = alias.get("wholeName") or " ".join(
        alias.get(f"{part}Name", "") for part in ("first", "middle", "last")
    )
    weak = alias.get("strong", "true") == "false"
    return names(whole, person=person, weak=weak, lang=alias.get("nameLanguage", "").lower())


def _read_table(path: Path, intake: Intake) -> None:
    if path.stat().st_size > LARGEST:
        raise NotReadable(f"{path}: larger than {LARGEST // 2**20} MiB. Is it the right file?")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotReadable(f"{path}: this is no UTF-8 text. Save the file as UTF-8.") from error
    heading = text.partition("\n")[0]
    table = csv.DictReader(
        io.StringIO(text, newline=""), delimiter=";" if heading.count(";") > 3 else ",", restval=""
    )
    columns = set(table.fieldnames or ())
    try:
        rows = [{key: value or "" for key, value in row.items() if isinstance(key, str)} for row in table]
    except csv.Error as error:
        raise NotValid(f"{path}:{table.line_num}:1: this is no CSV ({error}); get the file again") from error
    if {"Entity_LogicalId", "NameAlias_WholeName"} <= columns:
        _read_consolidated(path, rows, intake)
    elif {"celex", "programKey", "schema", "name", "alias", "startDate"} <= columns:
        for number, row in enumerate(rows, 2):
            _take_regulation(path, number, row, intake)
    else:
        raise NotValid(
            f"{path}:1:1: no shape of the EU list has these columns; give the consolidated list (XML or CSV)"
        )


def _read_consolidated(path: Path, rows: list[Row], intake: Intake) -> None:
    parties: dict[str, list[tuple[int, Row]]] = {}
    for number, row in enumerate(rows, 2):
        parties.setdefault(row["Entity_LogicalId"], []).append((number, row))
    for ident, own in parties.items():
        number, first = own[0]
        columns = ("NameAlias_WholeName", "NameAlias_NameLanguage")
        person = (
            first.get("Entity_SubjectType_ClassificationCode", first.get("Entity_SubjectType", ""))
            in "P person"
        )
        written = [tuple(row.get(column, "") for column in columns) for _, row in own]
        found = [name for text, lang in written for name in names(text, person=person, lang=lang.lower())]
        programmes = [row.get("Entity_Regulation_Programme", "") for _, row in own]
        reference = first.get("Entity_EU_ReferenceNumber") or ident
        start = first.get("Entity_DesignationDate", "")
        before = len(intake.rejected)
        _take(path, number, intake, reference if ident else "", person, found, programmes, start)
        for other, row in own[1:]:  # rows of one party share its fate
            if len(intake.rejected) > before:
                intake.reject(path, other, intake.rejected[before].reason, row["NameAlias_WholeName"])
            else:
                intake.accept()


def _take_regulation(path: Path, number: int, row: Row, intake: Intake) -> None:
    if row["schema"] not in ("Person", "Organization", "LegalEntity", "Company", "PublicBody"):
        intake.reject(path, number, "not_a_party", f"{row['schema']} {row['name']}")
        return
    person = row["schema"] == "Person"
    found = [*names(given_first(row["name"]) if person else row["name"], person=person)]
    found += names(row["name"], person=person)
    found += [*names(row["alias"], person=person), *names(row.get("previousName", ""), person=person)]
    found += names(row.get("weakAlias", ""), person=person, weak=True)
    # Rows have no lasting number: the name is what stays the same from one version to the next.
    plain = "".join(one for one in normalize("NFKD", row["name"].lower()) if not combining(one))
    slug = re.sub(r"[\W_]+", "-", plain).strip("-")
    _take(
        path, number, intake, f"{row['celex']}-{slug}", person, found, [row["programKey"]], row["startDate"]
    )


def _take(
    path: Path,
    number: int,
    intake: Intake,
    reference: str,
    person: bool,
    found: list[Name],
    programmes: Iterable[str],
    start: str,
) -> None:
    ident = "eu-" + re.sub(r"[.\s]+", "-", reference.lower().removeprefix("eu."))
    sample = f"{reference} {found[0].text if found else ''}"
    if not reference:
        intake.reject(path, number, "no_id", sample)
    elif not found:
        intake.reject(path, number, "no_name", sample)
    elif ident in intake.entities:
        intake.reject(path, number, "repeated_id", sample)
    else:
        try:
            since = day(start)
        except ValueError:
            intake.reject(path, number, "bad_date", f"{sample} {start}")
            return
        under: list[str | None] = [*dict.fromkeys(filter(None, programmes))]
        parts = {part for programme in under if programme for part in programme.split("-")}
        kind = kind_of(person=person, terror=bool(parts & TERROR), crime=bool(parts & CRIME))
        intake.add(
            ident,
            kind,
            found,
            [
                Designation(authority=AUTHORITY, programme=one, start=since, jurisdictions=(JURISDICTION,))
                for one in under or [None]
            ],
        )
        intake.accept()
