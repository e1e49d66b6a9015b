"""One-time links: to begin, to be invited, to get a new password. Only a hash is kept, they end, and work once."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, insert, select, update

from tarazu.ledger import canonical
from tarazu.server.people import new_secret
from tarazu.server.refusals import NotFound
from tarazu.server.sessions import hashed
from tarazu.settings import Settings
from tarazu.store import SYSTEM, Actor, Store
from tarazu.store.tables.people import links, people
from tarazu.store.times import ms
from tarazu.store.transaction import Transaction
from tarazu.store.view import View


class Purpose(StrEnum):
    """What a link is for."""

    FIRST_START = "first_start"
    INVITE = "invite"
    RESET = "reset"
    SECOND = "second"  # not sent to anybody: the password was right, the code is missing
    OIDC = "oidc"  # neither: what has to be remembered while somebody is at the other server


SENT = (Purpose.FIRST_START, Purpose.INVITE, Purpose.RESET)


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """A link that still works."""

    purpose: Purpose
    person_id: str | None
    facts: Mapping[str, object]


class Links:
    """Makes and uses links."""

    def __init__(self, store: Store, settings: Settings, clock: Callable[[], datetime]) -> None:
        self.store = store
        self.settings = settings
        self.clock = clock

    def first(self) -> str | None:
        """The address that lets the first person in; None once there is one. An earlier one works no more."""
        with self.store.write(SYSTEM) as tx:
            if tx.value(select(people.c.id).limit(1)) is not None:
                return None
            token = self.make_in(tx, Purpose.FIRST_START, None)
        return self.address(token)

    def send(self, actor: Actor, purpose: Purpose, person_id: str) -> str:
        """A link for somebody; gives its address, which is shown this once. An earlier one works no more."""
        with self.store.write(actor) as tx:
            if tx.value(select(people.c.id).where(people.c.id == person_id, people.c.active == 1)) is None:
                raise NotFound
            token = self.make_in(tx, purpose, person_id)
            tx.log("person.changed", f"person:{person_id}", {"link": str(purpose)})
        return self.address(token)

    def address(self, token: str) -> str:
        """Where the link leads."""
        return f"{self.settings.public_url}/link/{token}"

    def make(
        self,
        purpose: Purpose,
        person_id: str | None,
        facts: Mapping[str, object] | None = None,
        *,
        lasts: timedelta | None = None,
    ) -> str:
        """A link that nobody accounts for; gives its token."""
        with self.store.write(SYSTEM) as tx:
            return self.make_in(tx, purpose, person_id, facts, lasts=lasts)

    def make_in(
        self,
        tx: Transaction,
        purpose: Purpose,
        person_id: str | None,
        facts: Mapping[str, object] | None = None,
        *,
        lasts: timedelta | None = None,
    ) -> str:
        """The same inside a change that is already under way."""
        now = self.clock()
        token = new_secret()
        tx.run(delete(links).where(links.c.expires_at <= ms(now)))
        if purpose in SENT:
            same = links.c.person_id == person_id if person_id else links.c.person_id.is_(None)
            tx.run(delete(links).where(links.c.purpose.in_(SENT), same))
        tx.run(
            insert(links).values(
                token_hash=hashed(token),
                person_id=person_id,
                purpose=purpose,
                facts=canonical.dumps(facts or {}),
                expires_at=ms(now + (lasts or timedelta(hours=self.settings.invite_hours))),
            )
        )
        return token

    def find(self, token: str, *purposes: Purpose) -> Link:
        """A link that works, for one of these purposes; raises NotFound otherwise."""
        with self.store.read() as view:
            return self.find_in(view, token, *purposes)

    def find_in(self, view: View, token: str, *purposes: Purpose) -> Link:
        """The same in a view that is open."""
        row = view.one(
            select(links, people.c.active)
            .outerjoin(people, people.c.id == links.c.person_id)
            .where(
                links.c.token_hash == hashed(token),
                links.c.purpose.in_(purposes or SENT),
                links.c.expires_at > ms(self.clock()),
                links.c.used_at.is_(None),
            )
        )
        if row is None or (row.person_id is not None and not row.active):
            raise NotFound("people.link_over")
        return Link(purpose=Purpose(row.purpose), person_id=row.person_id, facts=json.loads(row.facts))

    def use_in(self, tx: Transaction, token: str, *purposes: Purpose) -> Link:
        """Use a link up, inside the change that it allows. Of two at once, the second gets NotFound."""
        found = self.find_in(tx, token, *purposes)
        used = update(links).where(links.c.token_hash == hashed(token)).values(used_at=ms(tx.at))
        tx.run(used)
        return found

    def spend(self, token: str, *purposes: Purpose) -> Link:
        """Use a link up, as a change of its own."""
        with self.store.write(SYSTEM) as tx:
            return self.use_in(tx, token, *purposes)
