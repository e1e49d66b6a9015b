"""Who asks: a person, a token or nobody, with what they may do."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from tarazu.server.roles import Role
from tarazu.store import Actor


@dataclass(frozen=True, kw_only=True, slots=True)
class Preferences:
    """What a person chose for themselves."""

    lang: str = ""  # empty: what the browser asks for
    theme: str = "auto"  # auto | light | dark
    blur: bool = True  # pictures are blurred until asked
    grey: bool = False  # and shown without colour
    small: bool = False  # and small
    calendar: str = "gregorian"  # gregorian | jalali
    keys: bool = True  # decide by keyboard


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """Somebody who works here."""

    id: str
    login: str
    name: str
    roles: tuple[Role, ...]
    permissions: frozenset[str]
    languages: tuple[str, ...] = ()  # that they read
    skills: tuple[str, ...] = ()
    preferences: Preferences = field(default_factory=Preferences)

    def may(self, permission: str) -> bool:
        """Whether their roles give it."""
        return permission in self.permissions

    @property
    def actor(self) -> Actor:
        """As the store and the ledger know them."""
        return Actor("person", self.id, self.name)


@dataclass(frozen=True, kw_only=True, slots=True)
class TokenBearer:
    """A program with a token."""

    id: str
    name: str
    permissions: frozenset[str]  # its scopes, as far as who made it still has them
    made_by: str

    def may(self, permission: str) -> bool:
        """Whether its scopes give it."""
        return permission in self.permissions

    @property
    def actor(self) -> Actor:
        """As the store and the ledger know it."""
        return Actor("token", self.id, self.name)


@dataclass(frozen=True, kw_only=True, slots=True)
class Visitor:
    """One request: who, from where, with which session."""

    person: Person | None = None
    token: TokenBearer | None = None
    session: str | None = None  # hash of the token of the session
    begun: datetime | None = None  # when that session began
    csrf: str = ""  # what every form must bring back

    @property
    def permissions(self) -> frozenset[str]:
        """What this request may do."""
        who = self.person or self.token
        return who.permissions if who else frozenset()
