"""People: who they are, their roles. Every change is in the ledger; nobody has a default password."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update

from tarazu.ledger import canonical
from tarazu.server.refusals import Conflict, NotFound, Unusable
from tarazu.server.roles import Role, permissions
from tarazu.server.visitor import Person, Preferences
from tarazu.store import Actor, Store
from tarazu.store.ids import new_id
from tarazu.store.tables.people import people
from tarazu.store.times import moment, ms
from tarazu.store.transaction import Transaction

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._@+-]{1,63}")


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonRow:
    """One line of the list of people."""

    person: Person
    email: str | None
    active: bool
    joined: bool  # has a way to sign in
    made_at: datetime


class People:
    """Reads and changes people."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self.store = store
        self.clock = clock

    def all(self) -> list[PersonRow]:
        """Everybody, by name."""
        with self.store.read() as view:
            rows = view.rows(select(people).order_by(people.c.active.desc(), people.c.name, people.c.id))
        return [_row(row) for row in rows]

    def row(self, person_id: str) -> PersonRow:
        """One person, active or not; raises NotFound."""
        with self.store.read() as view:
            found = view.one(select(people).where(people.c.id == person_id))
        if found is None:
            raise NotFound
        return _row(found)

    def nobody(self) -> bool:
        """Whether nobody has been added yet."""
        with self.store.read() as view:
            return view.value(select(people.c.id).limit(1)) is None

    def person(self, person_id: str) -> Person | None:
        """One active person."""
        with self.store.read() as view:
            row = view.one(select(people).where(people.c.id == person_id, people.c.active == 1))
        return person_of(row) if row else None

    def by_login(self, login: str) -> tuple[str, str | None] | None:
        """Id and kept password of an active person."""
        with self.store.read() as view:
            row = view.one(select(people).where(people.c.login == login.casefold(), people.c.active == 1))
        return (row.id, row.password_hash) if row else None

    def by_subject(self, subject: str) -> str | None:
        """The active person who connected this account of their organisation."""
        with self.store.read() as view:
            found: str | None = view.value(
                select(people.c.id).where(people.c.oidc_subject == subject, people.c.active == 1)
            )
        return found

    def by_email(self, email: str) -> str | None:
        """The only active person with this address, who has connected no account yet."""
        with self.store.read() as view:
            rows = view.rows(
                select(people.c.id).where(
                    func.lower(people.c.email) == email, people.c.active == 1, people.c.oidc_subject.is_(None)
                )
            )
        return rows[0].id if len(rows) == 1 else None

    def connect(self, person_id: str, subject: str) -> None:
        """Connect an account of an organisation."""
        with self.store.write(Actor("person", person_id)) as tx:
            taken = tx.value(select(people.c.id).where(people.c.oidc_subject == subject))
            if taken not in (None, person_id):
                raise Conflict("people.oidc_taken")
            tx.run(update(people).where(people.c.id == person_id).values(oidc_subject=subject))
            tx.log("person.changed", f"person:{person_id}", {"oidc": True})

    def add(
        self,
        actor: Actor | None,
        *,
        login: str,
        name: str,
        roles: Iterable[Role | str],
        email: str | None = None,
        password_hash: str | None = None,
        languages: Iterable[str] = (),
        skills: Iterable[str] = (),
    ) -> str:
        """Add somebody; gives their id. Without an actor they add themselves: the first person."""
        made = new_id(ms(self.clock()))
        with self.store.write(actor or Actor("person", made)) as tx:
            self.add_in(
                tx, made, login=login, name=name, roles=roles, email=email, password_hash=password_hash,
                languages=languages, skills=skills,
            )  # fmt: skip
        return made

    def add_in(
        self,
        tx: Transaction,
        person_id: str,
        *,
        login: str,
        name: str,
        roles: Iterable[Role | str],
        email: str | None = None,
        password_hash: str | None = None,
        languages: Iterable[str] = (),
        skills: Iterable[str] = (),
    ) -> None:
        """The same inside a change that is already under way."""
        login = login.strip().casefold()
        given = sorted({Role(role) for role in roles})
        if not _LOGIN.fullmatch(login):
            raise Unusable("people.login_form")
        if not name.strip() or len(name) > 200:
            raise Unusable("people.name_form")
        if tx.value(select(people.c.id).where(people.c.login == login)) is not None:
            raise Conflict("people.login_taken", login=login)
        tx.run(
            insert(people).values(
                id=person_id,
                login=login,
                name=name.strip(),
                email=(email or "").strip() or None,
                password_hash=password_hash,
                roles=canonical.dumps(given),
                languages=canonical.dumps(sorted(set(languages))),
                skills=canonical.dumps(sorted(set(skills))),
                settings="{}",
                active=1,
                made_at=ms(self.clock()),
            )
        )
        tx.log("person.added", f"person:{person_id}", {"login": login, "name": name.strip(), "roles": given})

    def change(
        self,
        actor: Actor,
        person_id: str,
        *,
        roles: Iterable[Role | str] | None = None,
        languages: Iterable[str] | None = None,
        skills: Iterable[str] | None = None,
        active: bool | None = None,
    ) -> None:
        """Change what an admin may change. The last active admin stays one. Who is taken out is signed out."""
        from tarazu.server.sessions import Sessions

        new: dict[str, object] = {}
        if roles is not None:
            new["roles"] = canonical.dumps(sorted({Role(role) for role in roles}))
        if languages is not None:
            new["languages"] = canonical.dumps(sorted(set(languages)))
        if skills is not None:
            new["skills"] = canonical.dumps(sorted(set(skills)))
        if active is not None:
            new["active"] = int(active)
        if not new:
            return
        with self.store.write(actor) as tx:
            before = tx.one(select(people).where(people.c.id == person_id))
            if before is None:
                raise NotFound
            new = {key: value for key, value in new.items() if value != getattr(before, key)}
            if not new:
                return
            tx.run(update(people).where(people.c.id == person_id).values(new))
            admins = [
                row
                for row in tx.rows(select(people.c.roles).where(people.c.active == 1))
                if Role.ADMIN in json.loads(row.roles)
            ]
            if not admins:
                raise Unusable("people.last_admin")
            if "roles" in new or "active" in new:
                Sessions.end_all_in(tx, person_id)
            facts = {key: json.loads(str(value)) for key, value in new.items()}
            tx.log("person.changed", f"person:{person_id}", facts)

    def prefer(self, person_id: str, preferences: Preferences) -> None:
        """Keep what somebody chose for themselves."""
        with self.store.write(Actor("person", person_id)) as tx:
            kept = canonical.dumps(asdict(preferences))
            tx.run(update(people).where(people.c.id == person_id).values(settings=kept))
            tx.log("person.changed", f"person:{person_id}", {"preferences": True})

    def set_password(self, tx: Transaction, person_id: str, password_hash: str) -> None:
        """Set a password, inside a change that is already under way."""
        tx.run(update(people).where(people.c.id == person_id).values(password_hash=password_hash))
        tx.log("person.changed", f"person:{person_id}", {"password": True})

    def keep_password(self, person_id: str, password_hash: str) -> None:
        """Set a password, as a change of its own."""
        with self.store.write(Actor("person", person_id)) as tx:
            self.set_password(tx, person_id, password_hash)

    def count(self) -> int:
        """How many people are active."""
        with self.store.read() as view:
            return int(view.value(select(func.count()).select_from(people).where(people.c.active == 1)))


def person_of(row: Any) -> Person:
    """A row of `people` -> a person."""
    roles = tuple(Role(role) for role in json.loads(row.roles))
    kept = json.loads(row.settings)
    known = {one.name for one in fields(Preferences)}
    return Person(
        id=row.id,
        login=row.login,
        name=row.name,
        roles=roles,
        permissions=permissions(roles),
        languages=tuple(json.loads(row.languages)),
        skills=tuple(json.loads(row.skills)),
        preferences=Preferences(**{key: value for key, value in kept.items() if key in known}),
    )


def _row(row: Any) -> PersonRow:
    return PersonRow(
        person=person_of(row),
        email=row.email,
        active=bool(row.active),
        joined=bool(row.password_hash or row.oidc_subject),
        made_at=moment(row.made_at),
    )


def new_secret() -> str:
    """A token that nobody can guess: 256 random bits."""
    return secrets.token_urlsafe(32)
