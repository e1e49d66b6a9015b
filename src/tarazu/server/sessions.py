"""Sessions: a random token in a cookie, its hash in the store; they end by themselves, and can be ended."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update

from tarazu.server import csrf
from tarazu.server.people import person_of
from tarazu.server.visitor import Visitor
from tarazu.settings import Settings
from tarazu.store import SYSTEM, Actor, Store
from tarazu.store.tables.people import people, sessions
from tarazu.store.times import moment, ms
from tarazu.store.transaction import Transaction

_TOUCH = 60_000  # how many ms old `seen_at` may get: reading pages must not write at every request


def hashed(token: str) -> str:
    """What is kept of a token. It is random and long, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


@dataclass(frozen=True, kw_only=True, slots=True)
class SessionRow:
    """One session in the list of one's own."""

    id: str  # hash of its token
    made_at: datetime
    seen_at: datetime
    method: str
    agent: str


class Sessions:
    """Begins, finds and ends sessions."""

    def __init__(self, store: Store, settings: Settings, clock: Callable[[], datetime]) -> None:
        self.store = store
        self.settings = settings
        self.clock = clock

    def begin(self, person_id: str, method: str, agent: str = "") -> str:
        """A new session; gives the token for the cookie. Always a fresh one, so none can be fixed beforehand."""
        with self.store.write(Actor("person", person_id)) as tx:
            return self.begin_in(tx, person_id, method, agent)

    def begin_in(self, tx: Transaction, person_id: str, method: str, agent: str = "") -> str:
        """The same inside a change that is already under way."""
        token = secrets.token_urlsafe(32)
        at = ms(self.clock())
        tx.run(delete(sessions).where(sessions.c.expires_at <= at))
        tx.run(
            insert(sessions).values(
                token_hash=hashed(token),
                person_id=person_id,
                made_at=at,
                seen_at=at,
                expires_at=at + self.settings.session_hours * 3_600_000,
                method=method,
                agent=browser(agent),
            )
        )
        tx.log("session.begun", f"person:{person_id}", {"method": method})
        return token

    def find(self, token: str) -> Visitor:
        """Who has this token; a visitor without a person where it is over, or never was."""
        if not 20 <= len(token) <= 100:
            return Visitor()
        now = self.clock()
        wanted = (
            select(people, sessions.c.token_hash, sessions.c.seen_at, sessions.c.made_at.label("begun"))
            .join(sessions, sessions.c.person_id == people.c.id)
            .where(
                sessions.c.token_hash == hashed(token),
                sessions.c.expires_at > ms(now),
                sessions.c.seen_at > ms(now - timedelta(minutes=self.settings.idle_minutes)),
                people.c.active == 1,
            )
        )
        with self.store.read() as view:
            row = view.one(wanted)
        if row is None:
            return Visitor()
        if ms(now) - row.seen_at >= _TOUCH:
            with self.store.write(SYSTEM) as tx:
                tx.run(
                    update(sessions).where(sessions.c.token_hash == row.token_hash).values(seen_at=ms(now))
                )
        return Visitor(
            person=person_of(row),
            session=row.token_hash,
            begun=moment(row.begun),
            csrf=csrf.of_session(self.settings, token),
        )

    def of(self, person_id: str) -> list[SessionRow]:
        """The sessions of one person that still live, the latest first."""
        now = self.clock()
        with self.store.read() as view:
            rows = view.rows(
                select(sessions)
                .where(
                    sessions.c.person_id == person_id,
                    sessions.c.expires_at > ms(now),
                    sessions.c.seen_at > ms(now - timedelta(minutes=self.settings.idle_minutes)),
                )
                .order_by(sessions.c.seen_at.desc(), sessions.c.token_hash)
            )
        return [
            SessionRow(
                id=row.token_hash,
                made_at=moment(row.made_at),
                seen_at=moment(row.seen_at),
                method=row.method,
                agent=row.agent,
            )
            for row in rows
        ]

    def end(self, person_id: str, session: str) -> bool:
        """End one session of this person."""
        with self.store.write(Actor("person", person_id)) as tx:
            mine = (sessions.c.person_id == person_id) & (sessions.c.token_hash == session)
            return tx.run(delete(sessions).where(mine)) == 1

    @staticmethod
    def end_all_in(tx: Transaction, person_id: str, *, but: str | None = None) -> int:
        """End every session of a person, inside the change that is the reason for it."""
        of_them = sessions.c.person_id == person_id
        if but is not None:
            of_them &= sessions.c.token_hash != but
        return tx.run(delete(sessions).where(of_them))


def browser(agent: str) -> str:
    """`Firefox, Linux`: enough to know one's own sessions apart, and nothing that tells people apart."""
    kinds = ("Edg", "Firefox", "Chrome", "Safari", "curl", "python")
    systems = ("Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux")
    found = [next((one for one in names if one in agent), "") for names in (kinds, systems)]
    return ", ".join(one for one in found if one)
