"""Who does something: every entry of the ledger names one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ActorKind(StrEnum):
    """What sort of somebody."""

    PERSON = "person"
    RULE = "rule"
    SYSTEM = "system"
    TOKEN = "token"


@dataclass(frozen=True, slots=True)
class Actor:
    """The id goes into the ledger for ever; the name is for the screen and is kept nowhere."""

    kind: ActorKind | str
    id: str
    name: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", ActorKind(self.kind))
        if not self.id:
            raise ValueError("an actor without an id")


SYSTEM = Actor(ActorKind.SYSTEM, "system", "Tarazu")
