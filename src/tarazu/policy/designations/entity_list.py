"""A list of designated entities, whole and checked."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from functools import cached_property

from tarazu.policy.designations.entity import Entity

# Kinds that clauses speak of. A list may have others; then a clause covers them only by that very word.
KINDS = ("terrorist_organisation", "organised_crime", "hate_group", "person")
# What importers call those whom a list names for something else: trade, arms, corruption, a war.
SANCTIONED = ("sanctioned_organisation", "sanctioned_person")


@dataclass(frozen=True, kw_only=True)
class EntityList:
    """Entities in the order of their files; ids are unique."""

    entities: tuple[Entity, ...]
    name: str | None = None  # of several files: their names joined by "+"
    version: str | None = None  # likewise
    remarks: tuple[
        str, ...
    ] = ()  # what the files leave unsaid, `FILE:line:column: ...`; not part of the content

    @cached_property
    def by_id(self) -> dict[str, Entity]:
        """Every entity by its id."""
        return {entity.id: entity for entity in self.entities}

    @cached_property
    def digest(self) -> str:
        """SHA-256 of what the list says: the same for YAML and JSON, and for any layout of the file."""
        said = [self.name, self.version, [asdict(entity) for entity in self.entities]]
        return hashlib.sha256(json.dumps(said, default=str, sort_keys=True).encode()).hexdigest()
