"""Text as both databases can hold it, every character still in its place."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

LONGEST_ID = 400  # characters; PostgreSQL refuses longer keys in an index
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # PostgreSQL has no NUL, UTF-8 no lone surrogate


def text(value: str) -> str:
    """The same text, each character that cannot be stored replaced by one that can: offsets stay true."""
    return _UNSTORABLE.sub("\ufffd", value)


def text_or_none(value: str | None) -> str | None:
    """The same for what may be missing."""
    return None if value is None else text(value)


def key(value: str) -> str:
    """An id that fits into an index: one that is too long keeps its beginning and a digest."""
    value = text(value)
    if len(value) <= LONGEST_ID:
        return value
    return f"{value[:300]}#{hashlib.sha256(value.encode()).hexdigest()}"


def value(of: Any) -> Any:
    """The same for everything inside a JSON value; tuples become lists, numbers that JSON lacks their names."""
    if isinstance(of, str):
        return text(of)
    if isinstance(of, Mapping):
        return {text(str(name)): value(inner) for name, inner in of.items()}
    if isinstance(of, Sequence):
        return [value(inner) for inner in of]
    if isinstance(of, float) and not math.isfinite(of):
        return str(of)
    return of
