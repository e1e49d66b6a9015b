"""Second factors: their secrets are sealed with a key outside the store; no code works twice."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import delete, insert, select, update

from tarazu.server import totp
from tarazu.settings import Settings
from tarazu.store import Actor, Store
from tarazu.store.tables.people import second_factors
from tarazu.store.transaction import Transaction
from tarazu.store.view import View

_NONCE = 12


class SecondFactors:
    """Begins, confirms, checks and removes the second factor of a person."""

    def __init__(self, store: Store, settings: Settings, clock: Callable[[], datetime]) -> None:
        self.store = store
        self.clock = clock
        self._key = settings.key("second-factor")

    def has(self, person_id: str) -> bool:
        """Whether a code is asked for."""
        with self.store.read() as view:
            return self.has_in(view, person_id)

    @staticmethod
    def has_in(view: View, person_id: str) -> bool:
        """The same in a view that is open."""
        mine = second_factors.c.person_id == person_id
        return bool(view.value(select(second_factors.c.confirmed).where(mine)))

    def begin(self, person_id: str) -> bytes:
        """A new secret, of no effect until a first code was right. Keeps one that is already confirmed."""
        secret = totp.new_secret()
        with self.store.write(Actor("person", person_id)) as tx:
            mine = second_factors.c.person_id == person_id
            tx.run(delete(second_factors).where(mine, second_factors.c.confirmed == 0))
            if tx.value(select(second_factors.c.confirmed).where(mine)) is None:
                sealed = self._seal(person_id, secret)
                tx.run(insert(second_factors).values(person_id=person_id, secret=sealed, confirmed=0, step=0))
        return secret

    def pending(self, person_id: str) -> bytes | None:
        """The secret that waits for its first code."""
        with self.store.read() as view:
            row = view.one(
                select(second_factors).where(
                    second_factors.c.person_id == person_id, second_factors.c.confirmed == 0
                )
            )
        return self._open(person_id, row.secret) if row else None

    def check(self, person_id: str, given: str, *, confirm: bool = False) -> bool:
        """Whether this code is right, and not used before; uses it. `confirm` makes a new secret count."""
        with self.store.write(Actor("person", person_id)) as tx:
            mine = second_factors.c.person_id == person_id
            row = tx.one(select(second_factors).where(mine, second_factors.c.confirmed == int(not confirm)))
            if row is None:
                return False
            step = totp.matching(self._open(person_id, row.secret), given, self.clock(), row.step)
            if step is None:
                return False
            tx.run(update(second_factors).where(mine).values(step=step, confirmed=1))
            if confirm:
                tx.log("person.changed", f"person:{person_id}", {"second_factor": True})
            return True

    @staticmethod
    def remove_in(tx: Transaction, person_id: str) -> None:
        """Ask for no code any more, inside a change that is already under way."""
        if tx.run(delete(second_factors).where(second_factors.c.person_id == person_id)):
            tx.log("person.changed", f"person:{person_id}", {"second_factor": False})

    def _seal(self, person_id: str, secret: bytes) -> bytes:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        nonce = os.urandom(_NONCE)
        return nonce + AESGCM(self._key).encrypt(nonce, secret, person_id.encode())

    def _open(self, person_id: str, sealed: bytes) -> bytes:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        return AESGCM(self._key).decrypt(sealed[:_NONCE], sealed[_NONCE:], person_id.encode())
