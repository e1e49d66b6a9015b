"""What the domain gives, as JSON: dataclasses by their fields, times in ISO 8601, nothing that is a secret."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, timedelta
from enum import Enum
from typing import Any

SECRET = frozenset({"token_hash", "links", "contact", "asked", "asked_for"})  # never given out


def plain(value: Any) -> Any:
    """JSON of anything the domain gives."""
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value) if one.name not in SECRET}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, date):  # a datetime is one, too
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(name): plain(one) for name, one in value.items() if name not in SECRET}
    if isinstance(value, tuple | list | set | frozenset):
        return [plain(one) for one in value]
    return value
