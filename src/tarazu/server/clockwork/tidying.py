"""What has ended by itself and counts for nothing any more is cleared away."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete

from tarazu.cases import locks
from tarazu.server.clockwork.supplies import Supplies
from tarazu.server.idempotency import KEPT
from tarazu.store import SYSTEM
from tarazu.store.tables.people import answers, attempts, links, sessions
from tarazu.store.times import ms


def tidy(supplies: Supplies) -> int:
    """Clear away ended locks, sessions, links, counted attempts and kept answers; gives how many."""
    now = supplies.clock()
    idle = now - timedelta(minutes=supplies.settings.idle_minutes)
    ended = (
        delete(sessions).where((sessions.c.expires_at <= ms(now)) | (sessions.c.seen_at <= ms(idle))),
        delete(links).where(links.c.expires_at <= ms(now)),
        delete(attempts).where(attempts.c.at < ms(now)),
        delete(answers).where(answers.c.at <= ms(now - KEPT)),
    )
    with supplies.store.write(SYSTEM) as tx:
        return locks.expire(tx, now) + sum(tx.run(one) for one in ended)
