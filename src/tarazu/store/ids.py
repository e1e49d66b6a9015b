"""Ids: 26 characters that sort by the time they were made."""

from __future__ import annotations

import os
import time

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U


def new_id(at_ms: int | None = None) -> str:
    """48 bits of milliseconds, 80 random bits. `at_ms` is for tests and imports; default now."""
    at = time.time_ns() // 1_000_000 if at_ms is None else at_ms
    if not 0 <= at < 1 << 48:
        raise ValueError("a time outside 1970 to 10889 has no id")
    number = at << 80 | int.from_bytes(os.urandom(10), "big")
    return "".join(_LETTERS[number >> shift & 31] for shift in range(125, -1, -5))


def is_id(text: str) -> bool:
    """Whether `text` has the form of an id."""
    return len(text) == 26 and text[0] in "01234567" and all(letter in _LETTERS for letter in text)
