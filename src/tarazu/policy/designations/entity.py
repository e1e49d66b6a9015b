"""A designated entity: who, by which names, designated by whom, since when, and where that counts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

EVERYWHERE = "*"  # a designation that counts in every jurisdiction, such as the Security Council's


@dataclass(frozen=True, kw_only=True)
class Designation:
    """One authority's listing of an entity."""

    authority: str  # who lists it, for example "United Nations Security Council"
    programme: str | None = None  # under which programme or resolution
    start: date | None = None  # first day in force; None: since ever
    end: date | None = None  # first day no longer in force (the delisting); None: still in force
    jurisdictions: tuple[str, ...] = (EVERYWHERE,)  # ISO 3166 codes, "EU", or "*" for all

    def in_force(self, on: date) -> bool:
        """Whether the listing stands on that day."""
        return (self.start is None or self.start <= on) and (self.end is None or on < self.end)

    def counts_in(self, jurisdiction: str) -> bool:
        """Whether the listing counts in a jurisdiction."""
        return EVERYWHERE in self.jurisdictions or jurisdiction in self.jurisdictions


@dataclass(frozen=True, kw_only=True)
class Alias:
    """One way to write an entity's name, or a slogan that is its own."""

    text: str
    lang: str = "und"  # BCP 47; "und" when the list does not say
    ambiguous: bool = False  # an ordinary word too: links only beside one of `context`, or another mention
    context: tuple[str, ...] = ()  # words that decide an ambiguous alias, in any language
    slogan: bool = False  # words of the entity's own that name it without its name


@dataclass(frozen=True, kw_only=True)
class Entity:
    """An organisation or person of an operator's list."""

    id: str
    kind: str  # terrorist_organisation | organised_crime | hate_group | person | any other word of the operator's
    name: str
    aliases: tuple[Alias, ...]  # every way it is written, the name and the slogans among them
    emblems: tuple[str, ...] = ()  # PDQ hashes of its emblems, 64 hex digits each
    designations: tuple[Designation, ...] = ()

    def designated(self, on: date, jurisdictions: Collection[str] = ()) -> tuple[Designation, ...]:
        """Return the listings in force on that day in at least one of the jurisdictions (none given: anywhere)."""
        return tuple(
            listing
            for listing in self.designations
            if listing.in_force(on)
            and (not jurisdictions or any(listing.counts_in(place) for place in jurisdictions))
        )
