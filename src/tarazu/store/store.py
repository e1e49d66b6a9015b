"""The store: opened by its address; a writer and a read-only view."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Engine, select

from tarazu.errors import StoreBusy
from tarazu.store import engine as engines
from tarazu.store.actor import Actor
from tarazu.store.failures import Told
from tarazu.store.schema import prepare
from tarazu.store.tables.meta import meta
from tarazu.store.times import now
from tarazu.store.transaction import Transaction
from tarazu.store.view import View


class Store:
    """Cases and all that belongs to them.

    Writers come one after the other, on both databases: the ledger is one line, and what a transaction reads
    cannot change before it commits. Readers see one moment and neither wait nor make wait. May be used by many
    threads and processes.
    """

    def __init__(
        self, engine: Engine, *, key: bytes | None, clock: Callable[[], datetime], patience: float
    ) -> None:
        """Use `Store.open`."""
        self.engine = engine
        self.key = key
        self.clock = clock
        self._patience = patience
        # SQLite has no queue for its lock, waiters poll; inside one process this one lets them in at once.
        self._turn = threading.Lock() if engines.is_sqlite(engine.url) else None

    @classmethod
    def open(
        cls,
        url: str,
        *,
        key: bytes | None = None,
        clock: Callable[[], datetime] = now,
        patience: float = engines.PATIENCE,
    ) -> Store:
        """Open a store, making it if nothing is there, upgrading it if it is older (after a copy, for SQLite).

        `key` (32 bytes) signs checkpoints of the ledger, by ed25519; without one, none can be made.
        Raises StoreVersion for tables of a newer Tarazu, StoreUnavailable, StoreDamaged, OptionError.
        """
        engine = engines.connect(engines.parse(url), patience=patience)
        made = cls(engine, key=key, clock=clock, patience=patience)
        try:
            with made.told():
                prepare(engine)
        except BaseException:
            made.close()
            raise
        return made

    @property
    def place(self) -> str:
        """Where the store is, for people to read; never a password."""
        return self.engine.url.render_as_string(hide_password=True)

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.engine.dialect.name

    @contextmanager
    def write(self, actor: Actor) -> Iterator[Transaction]:
        """One change: state, ledger and outbox together, on the disk when the block ends, or not at all.

        Raises StoreBusy when others wrote for too long (the caller may try the whole block again), Unlogged for
        a change without `tx.log`. An exception inside the block takes everything back.
        """
        with self._my_turn(), self.told(), self.engine.connect() as connection:
            connection.execution_options(**{engines.WRITES: True})
            with connection.begin():
                if self.dialect == "postgresql":
                    connection.execute(select(meta.c.value).where(meta.c.name == "ledger").with_for_update())
                transaction = Transaction(connection, actor, self.clock())
                yield transaction
                transaction.close()

    @contextmanager
    def read(self) -> Iterator[View]:
        """One moment of the store, unmoved by what is written meanwhile."""
        with self.told(), self.engine.connect() as connection:
            if self.dialect == "postgresql":
                connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            with connection.begin():
                yield View(connection)

    def told(self) -> Told:
        """Errors of the database inside this block become ours."""
        return Told(self.place)

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def _my_turn(self) -> Iterator[None]:
        if self._turn is None:
            yield
            return
        if not self._turn.acquire(timeout=self._patience):
            raise StoreBusy(
                f"{self.place}: others were writing for too long. Nothing was changed; try again."
            )
        try:
            yield
        finally:
            self._turn.release()
