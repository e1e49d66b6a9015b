"""Passwords: argon2id, a few at a time, and the same effort for a login that does not exist."""

from __future__ import annotations

import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 12  # characters; length is what counts (NIST SP 800-63B), so no rule about signs
LONGEST = 256


class Passwords:
    """Makes and checks hashes of passwords."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()  # RFC 9106, second choice: 64 MiB, 3 passes
        self._turns = threading.BoundedSemaphore(
            2
        )  # 64 MiB each: many logins at once must not fill the memory
        self._nobody = self.hash("a password that nobody has")

    def hash(self, password: str) -> str:
        """What is kept."""
        with self._turns:
            return self._hasher.hash(password)

    def right(self, kept: str | None, password: str) -> bool:
        """Whether it is the password; takes as long where there is none."""
        try:
            with self._turns:
                self._hasher.verify(kept or self._nobody, password)
        except (VerificationError, InvalidHashError):
            return False
        return kept is not None

    def stale(self, kept: str) -> bool:
        """Whether it was made with less effort than is asked for today."""
        return self._hasher.check_needs_rehash(kept)


def fault(password: str, *names: str) -> str | None:
    """Why a new password will not do: a key of the catalogue `people`, or None."""
    if len(password) < SHORTEST:
        return "people.password_short"
    if len(password) > LONGEST:
        return "people.password_long"
    low = password.casefold()
    if len(set(low)) < 4 or any(
        len(name) > 3 and low in (name.casefold(), name.casefold() * 2) for name in names
    ):
        return "people.password_plain"
    return None
