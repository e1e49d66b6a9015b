"""Entity lists: who is designated, by which names, by whom, since when, and where that counts."""

from tarazu.policy.designations.entity import EVERYWHERE, Alias, Designation, Entity
from tarazu.policy.designations.entity_list import KINDS, EntityList
from tarazu.policy.designations.reading import parse_entities, read_entities
from tarazu.policy.designations.writing import write_entities

__all__ = [
    "EVERYWHERE",
    "KINDS",
    "Alias",
    "Designation",
    "Entity",
    "EntityList",
    "parse_entities",
    "read_entities",
    "write_entities",
]
