"""What a bank says of itself."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from tarazu.media.bank import rows


@dataclass(frozen=True, kw_only=True)
class About:
    """Name, owner and purpose; they do not change."""

    name: str  # in matches
    owner: str
    reason: str
    source: str
    distance: int  # bits up to which a picture is taken as the known one
    negative: bool  # known and fine: its matches argue against all others
    created_at: datetime

    @classmethod
    def of(cls, reader: sqlite3.Connection) -> About:
        """Read it."""
        asked = "SELECT name, owner, reason, source, distance, negative, created_at FROM bank"
        name, owner, reason, source, distance, negative, created_at = reader.execute(asked).fetchone()
        return cls(
            name=name,
            owner=owner,
            reason=reason,
            source=source,
            distance=distance,
            negative=bool(negative),
            created_at=rows.moment(created_at),
        )
