"""How often somebody may do something: one row a key, counted in the store, so several processes share it."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select, update

from tarazu.server.refusals import TooOften
from tarazu.settings import Settings
from tarazu.store import SYSTEM, Store
from tarazu.store.tables.people import attempts
from tarazu.store.times import ms


@dataclass(frozen=True, slots=True)
class Allowance:
    """`burst` at once, then one every `every` milliseconds."""

    burst: int
    every: int


class Rates:
    """The generic cell rate algorithm: what is kept is when the allowance will be whole again."""

    def __init__(self, store: Store, settings: Settings, clock: Callable[[], datetime]) -> None:
        self.store = store
        self.clock = clock
        self._limits = settings.limits
        self._key = settings.key("rates")

    def take(self, *wanted: tuple[str, Allowance]) -> None:
        """Use one of each, or none and raise TooOften."""
        now = ms(self.clock())
        with self.store.write(SYSTEM) as tx:
            tx.run(delete(attempts).where(attempts.c.at < now))
            for name, allowed in wanted:
                key = self._hidden(name)
                at = tx.value(select(attempts.c.at).where(attempts.c.key == key))
                whole = max(at or now, now) + allowed.every
                if whole - now > allowed.burst * allowed.every:
                    raise TooOften(max(1, -(-(whole - now - allowed.burst * allowed.every) // 1000)))
                if at is None:
                    tx.run(insert(attempts).values(key=key, at=whole))
                else:
                    tx.run(update(attempts).where(attempts.c.key == key).values(at=whole))

    def forget(self, name: str) -> None:
        """Make an allowance whole again."""
        with self.store.write(SYSTEM) as tx:
            tx.run(delete(attempts).where(attempts.c.key == self._hidden(name)))

    def login(self, login: str, address: str) -> None:
        """A try to sign in. Nobody can lock somebody else out for long: the tight limit is on the pair."""
        each = self._limits.login_per_minute
        self.take(
            (f"login:{login}@{network(address)}", Allowance(each, 60_000 // each)),
            (f"login:{login}", Allowance(each * 10, 60_000 // each // 2)),
            (f"login@{network(address)}", Allowance(each * 6, 60_000 // each // 2)),
        )

    def signed_in(self, login: str, address: str) -> None:
        """The password was right: the tries before count no more."""
        self.forget(f"login:{login}@{network(address)}")

    def code(self, person_id: str) -> None:
        """A try of a second factor: three codes are right at any time, of a million."""
        self.take((f"code:{person_id}", Allowance(5, 60_000)))

    def again(self, person_id: str) -> None:
        """Somebody signed in says their password again."""
        self.take((f"again:{person_id}", Allowance(5, 60_000)))

    def away(self, address: str) -> None:
        """A browser is sent to another server to sign in."""
        self.take((f"away@{network(address)}", Allowance(30, 2_000)))

    def form(self, name: str, address: str) -> None:
        """A public form was sent."""
        each = self._limits.forms_per_hour
        self.take((f"form:{name}@{network(address)}", Allowance(each, 3_600_000 // each)))

    def api(self, token_id: str) -> None:
        """A request with a token."""
        each = self._limits.api_per_minute
        self.take((f"api:{token_id}", Allowance(each, max(1, 60_000 // each))))

    def _hidden(self, name: str) -> str:
        return hmac.digest(self._key, name.encode(), hashlib.sha256).hex()


def network(address: str) -> str:
    """An address; for IPv6 its /64, because one household has as many addresses as it likes."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
