"""One SQL store: SQLite by default, PostgreSQL by URL. Every change is state, ledger entry and outbox row at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tarazu.store.actor import SYSTEM as SYSTEM
    from tarazu.store.actor import Actor as Actor
    from tarazu.store.store import Store as Store

__all__ = ["SYSTEM", "Actor", "Store"]


def __getattr__(name: str) -> object:
    """Load SQLAlchemy only when a store is used."""
    if name == "Store":
        from tarazu.store.store import Store

        return Store
    if name in ("Actor", "SYSTEM"):
        from tarazu.store import actor

        return getattr(actor, name)
    raise AttributeError(name)
