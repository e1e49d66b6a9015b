"""Tokens of programs: scopes, an end, and only a hash is kept. A token never does what its maker may not do."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import insert, select, update

from tarazu.ledger import canonical
from tarazu.server.refusals import Forbidden, NotFound, Unusable
from tarazu.server.roles import PERMISSIONS, permissions
from tarazu.server.sessions import hashed
from tarazu.server.visitor import Person, TokenBearer
from tarazu.store import SYSTEM, Store
from tarazu.store.ids import new_id
from tarazu.store.tables.people import people, token_uses, tokens
from tarazu.store.times import moment, moment_or_none, ms

PREFIX = "tarazu_"  # so that scanners for leaked secrets can find one
LONGEST = timedelta(days=366)
_TOUCH = 60_000


@dataclass(frozen=True, kw_only=True, slots=True)
class TokenRow:
    """One token in the list."""

    id: str
    name: str
    scopes: tuple[str, ...]
    made_by: str
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


class Tokens:
    """Makes, finds and revokes tokens."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self.store = store
        self.clock = clock

    def make(self, person: Person, name: str, scopes: Iterable[str], days: int = 90) -> tuple[str, str]:
        """A new token: its id, and the token itself, which is shown this once."""
        wanted = sorted(set(scopes))
        if not name.strip() or len(name) > 200 or not wanted or not 1 <= days <= LONGEST.days:
            raise Unusable("people.token_form")
        for one in wanted:
            if one not in PERMISSIONS or not person.may(one):
                raise Forbidden(one)
        made, secret, at = new_id(ms(self.clock())), PREFIX + secrets.token_urlsafe(32), self.clock()
        with self.store.write(person.actor) as tx:
            tx.run(
                insert(tokens).values(
                    id=made,
                    name=name.strip(),
                    token_hash=hashed(secret),
                    scopes=canonical.dumps(wanted),
                    made_by=person.id,
                    made_at=ms(at),
                    expires_at=ms(at + timedelta(days=days)),
                )
            )
            tx.log("token.made", f"token:{made}", {"name": name.strip(), "scopes": wanted, "days": days})
        return made, secret

    def find(self, secret: str) -> TokenBearer | None:
        """Who has this token, if it still works and its maker is still here."""
        if not secret.startswith(PREFIX) or len(secret) > 100:
            return None
        now = ms(self.clock())
        with self.store.read() as view:
            row = view.one(
                select(tokens, people.c.roles, token_uses.c.used_at)
                .join(people, people.c.id == tokens.c.made_by)
                .outerjoin(token_uses, token_uses.c.token_id == tokens.c.id)
                .where(
                    tokens.c.token_hash == hashed(secret),
                    tokens.c.expires_at > now,
                    tokens.c.revoked_at.is_(None),
                    people.c.active == 1,
                )
            )
        if row is None:
            return None
        if now - (row.used_at or 0) >= _TOUCH:
            self._used(row.id, now)
        allowed = frozenset(json.loads(row.scopes)) & permissions(json.loads(row.roles))
        return TokenBearer(id=row.id, name=row.name, permissions=allowed, made_by=row.made_by)

    def revoke(self, person: Person, token_id: str) -> None:
        """End a token at once."""
        with self.store.write(person.actor) as tx:
            live = (tokens.c.id == token_id) & tokens.c.revoked_at.is_(None)
            if not tx.run(update(tokens).where(live).values(revoked_at=ms(self.clock()))):
                raise NotFound
            tx.log("token.revoked", f"token:{token_id}")

    def all(self) -> list[TokenRow]:
        """Every token, the newest first."""
        with self.store.read() as view:
            rows = view.rows(
                select(tokens, token_uses.c.used_at)
                .outerjoin(token_uses, token_uses.c.token_id == tokens.c.id)
                .order_by(tokens.c.id.desc())
            )
        return [
            TokenRow(
                id=row.id,
                name=row.name,
                scopes=tuple(json.loads(row.scopes)),
                made_by=row.made_by,
                made_at=moment(row.made_at),
                expires_at=moment(row.expires_at),
                used_at=moment_or_none(row.used_at),
                revoked_at=moment_or_none(row.revoked_at),
            )
            for row in rows
        ]

    def _used(self, token_id: str, at: int) -> None:
        with self.store.write(SYSTEM) as tx:
            if not tx.run(update(token_uses).where(token_uses.c.token_id == token_id).values(used_at=at)):
                tx.run(insert(token_uses).values(token_id=token_id, used_at=at))
