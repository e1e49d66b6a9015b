"""One way to write a value as text, so that the same value always has the same digest."""

from __future__ import annotations

import hashlib
import json


def dumps(value: object) -> str:
    """JSON with sorted keys, no spaces, letters as they are; NaN and infinity are refused (ValueError)."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))


def digest(value: object) -> str:
    """SHA-256 of the canonical text of `value`, as 64 hex digits."""
    return digest_text(dumps(value))


def digest_text(text: str) -> str:
    """SHA-256 of text in UTF-8, as 64 hex digits."""
    return hashlib.sha256(text.encode()).hexdigest()
