"""FollowTheMoney entities as OpenSanctions publishes them: JSON lines, whole or with listings nested.

Organisations and persons with a listing (`Sanction`, nested or in its own line) are taken. Kinds come from the
topics: crime.terror is terrorism; crime.boss, crime.traffick and what is under it are organised crime; every
other listed party is a `sanctioned_organisation` or a `sanctioned_person`. Authority, programme and dates come
from the listing. It counts everywhere when its authority is the Security Council, else in the listing's countries;
without either it counts in none, and `check` says so. Weak aliases are ambiguous.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tarazu.errors import NotReadable
from tarazu.policy.designations.entity import EVERYWHERE, Designation
from tarazu.policy.designations.importers.days import period
from tarazu.policy.designations.importers.intake import Intake, kind_of
from tarazu.policy.designations.importers.names import Name, names

PERSONS = frozenset({"Person"})
ORGANISATIONS = frozenset({"Organization", "LegalEntity", "Company", "PublicBody"})
TERROR = "crime.terror"
CRIME = ("crime.boss", "crime.traffick")
LISTED = ("sanction", "crime", "wanted", "debarment")
LONGEST = 2**24  # bytes of one line
# The three lists that have importers of their own keep one name, whichever way they come in.
AUTHORITIES = (
    ("security council", "UN", (EVERYWHERE,)),
    ("foreign assets control", "OFAC", ("US",)),
    ("european union", "EU", ("EU",)),
    ("european external action", "EU", ("EU",)),
    ("council of the eu", "EU", ("EU",)),
)


def read(paths: Sequence[Path], intake: Intake) -> None:
    """Take the entities in; a broken line is rejected, the rest is read on."""
    listings: dict[str, list[Any]] = {}
    for path in paths:  # listings first: they may stand before or behind their entity, or in another file
        for _, _, line in _lines(path):
            if line is not None and line["schema"] == "Sanction":
                for ident in _texts(line, "entity"):
                    listings.setdefault(ident, []).append(line)
    for path in paths:
        for number, written, line in _lines(path):
            if line is None:
                intake.reject(path, number, "broken_row", written)
            elif line["schema"] == "Sanction":
                if _texts(line, "entity"):
                    intake.accept()
                else:
                    intake.reject(path, number, "no_such_entity", written)
            else:
                _take(path, number, line, [*_nested(line), *listings.get(line["id"], [])], intake)


def _lines(path: Path) -> Iterator[tuple[int, str, Any]]:
    """Number, beginning and content of every line that is not empty; None where it is no entity."""
    try:
        with path.open("rb") as stream:
            number = 0
            while raw := stream.readline(LONGEST):
                number += 1
                if not raw.strip():
                    continue
                try:
                    line = json.loads(raw)
                except (ValueError, RecursionError):
                    line = None
                whole = (
                    isinstance(line, dict)
                    and isinstance(line.get("id"), str)
                    and isinstance(line.get("schema"), str)
                    and isinstance(line.get("properties"), dict)
                )
                yield number, raw[:200].decode("utf-8", "replace"), line if whole else None
    except OSError as error:
        raise NotReadable(
            f"{path}: {error.strerror or error}. Give the path of entities.ftm.json."
        ) from error


def _texts(line: Any, key: str) -> list[str]:
    values = line["properties"].get(key)
    return [one for one in values if isinstance(one, str)] if isinstance(values, list) else []


def _nested(line: Any) -> list[Any]:
    values = line["properties"].get("sanctions")
    return [
        one
        for one in (values if isinstance(values, list) else [])
        if isinstance(one, dict) and isinstance(one.get("properties"), dict)
    ]


def _take(path: Path, number: int, line: Any, sanctions: list[Any], intake: Intake) -> None:
    ident, schema, topics = "-".join(line["id"].split()), line["schema"], _texts(line, "topics")
    person = schema in PERSONS
    found = list(_names(line, person))
    sample = f"{ident} {schema} {found[0].text if found else ''}"
    if not ident or len(ident) > 200:
        intake.reject(path, number, "no_id", sample)
    elif schema not in PERSONS | ORGANISATIONS:
        intake.reject(path, number, "not_a_party", sample)
    elif not sanctions:
        listed = any(topic.split(".")[0] in LISTED for topic in topics)
        intake.reject(path, number, "no_listing" if listed else "not_listed", sample)
    elif not found:
        intake.reject(path, number, "no_name", sample)
    elif ident in intake.entities:
        intake.reject(path, number, "repeated_id", sample)
    else:
        try:
            designations = [_designation(one) for one in sanctions]
        except ValueError:
            intake.reject(path, number, "bad_date", sample)
            return
        crime = any(topic.startswith(CRIME) for topic in topics)
        intake.add(ident, kind_of(person=person, terror=TERROR in topics, crime=crime), found, designations)
        intake.accept()


def _names(line: Any, person: bool) -> Iterator[Name]:
    caption = line.get("caption")
    for text in [caption] if isinstance(caption, str) else []:
        yield from names(text, person=person)
    for key in ("name", "alias", "previousName", "abbreviation", "weakAlias"):
        for text in _texts(line, key):
            yield from names(text, person=person, weak=key == "weakAlias")


def _designation(sanction: Any) -> Designation:
    said = (_texts(sanction, "authority") or ["unknown authority"])[0].strip() or "unknown authority"
    countries = tuple(sorted({code.upper() for code in _texts(sanction, "country") if len(code) == 2}))
    authority, places = said, countries
    for words, short, where in AUTHORITIES:
        if words in said.lower():
            authority, places = short, where
            break
    starts = [
        period(text, end=False) for key in ("startDate", "listingDate") for text in _texts(sanction, key)
    ]
    ends = [period(text, end=True) for text in _texts(sanction, "endDate")]
    programmes = [*_texts(sanction, "programId"), *_texts(sanction, "program")]
    return Designation(
        authority=authority,
        programme=programmes[0].strip() or None if programmes else None,
        start=min((one for one in starts if one), default=None),
        end=max((one for one in ends if one), default=None),
        jurisdictions=places,
    )
