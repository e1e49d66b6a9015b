"""What comes in from a public list, and what does not: every row is accepted or rejected with a reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from tarazu.policy.designations.entity import Alias, Designation, Entity
from tarazu.policy.designations.entity_list import EntityList
from tarazu.policy.designations.importers.names import Name

REASONS = {
    "no_id": "the row has no id, so a later list could not be compared",
    "no_name": "the row has no name",
    "repeated_id": "another row has this id already",
    "bad_date": "a date that is none",
    "no_such_entity": "the row belongs to an id that is not in the list",
    "not_a_party": "a ship, an aircraft, an address: neither an organisation nor a person",
    "not_listed": "nothing says that this is sanctioned or criminal",
    "no_listing": "topics call it listed, but no authority's listing of it is in the file",
    "broken_row": "too few columns, or no JSON",
}


@dataclass(frozen=True, kw_only=True)
class Rejected:
    """A row that was not taken."""

    file: str
    row: int  # line of the file (XML, JSON lines) or row of the table, from 1, the heading included
    reason: str  # a key of REASONS
    sample: str  # what stands there, cut


@dataclass(frozen=True, kw_only=True)
class Imported:
    """An imported list; `read` is `accepted` and the rejected rows, none is missing."""

    entities: EntityList
    read: int
    accepted: int
    rejected: tuple[Rejected, ...]

    @property
    def reasons(self) -> dict[str, int]:
        """Rejected rows by reason, the most frequent first."""
        return dict(Counter(one.reason for one in self.rejected).most_common())


class Intake:
    """Collects entities and counts rows while a list is read."""

    def __init__(self) -> None:
        self.read = 0
        self.accepted = 0
        self.rejected: list[Rejected] = []
        self.entities: dict[str, Entity] = {}
        self.version: str | None = None

    def reject(self, file: object, row: int, reason: str, sample: str) -> None:
        """Count a row that is not taken."""
        assert reason in REASONS
        self.read += 1
        shown = " ".join(sample.split())[:80]
        self.rejected.append(Rejected(file=str(file), row=row, reason=reason, sample=shown))

    def accept(self) -> None:
        """Count a row that is taken, as an entity or as a part of one."""
        self.read += 1
        self.accepted += 1

    def add(self, ident: str, kind: str, names: Iterable[Name], designations: Iterable[Designation]) -> None:
        """Take an entity; the first name is the one to call it by. The row is counted by the caller."""
        aliases: dict[str, Alias] = {}
        for name in names:
            known = aliases.get(name.text)
            # What one row calls weak and another does not, is not weak.
            weak = name.weak and (known is None or known.ambiguous)
            aliases[name.text] = Alias(
                text=name.text, lang=known.lang if known else name.lang, ambiguous=weak
            )
        self.entities[ident] = Entity(
            id=ident,
            kind=kind,
            name=next(iter(aliases)),
            aliases=tuple(aliases.values()),
            designations=tuple(dict.fromkeys(designations)),
        )

    def extend(self, ident: str, names: Iterable[Name]) -> None:
        """Add names to an entity that is in."""
        entity = self.entities[ident]
        known = {one.text for one in entity.aliases}
        more = [
            Alias(text=one.text, lang=one.lang, ambiguous=one.weak) for one in names if one.text not in known
        ]
        self.entities[ident] = replace(entity, aliases=(*entity.aliases, *dict.fromkeys(more)))

    def done(self, name: str) -> Imported:
        """The list, by id, with ordinary words among its names marked."""
        ordered = [self.entities[ident] for ident in sorted(self.entities)]
        listed = EntityList(entities=tuple(_marked(ordered)), name=name, version=self.version)
        return Imported(
            entities=listed, read=self.read, accepted=self.accepted, rejected=tuple(self.rejected)
        )


def _marked(entities: list[Entity]) -> list[Entity]:
    from tarazu.policy.designations.ordinary import ordinary

    flat = [(alias.text, entity.kind.endswith("person")) for entity in entities for alias in entity.aliases]
    marks = iter(ordinary([text for text, _ in flat], [person for _, person in flat]))
    return [
        replace(
            entity,
            aliases=tuple(
                replace(one, ambiguous=one.ambiguous or mark)
                for one, mark in zip(entity.aliases, marks, strict=False)
            ),
        )
        for entity in entities
    ]


def kind_of(*, person: bool, terror: bool, crime: bool) -> str:
    """The kind of a listed party, from what its list says it is listed for."""
    if person:
        return "person" if terror or crime else "sanctioned_person"
    if terror:
        return "terrorist_organisation"
    return "organised_crime" if crime else "sanctioned_organisation"
