"""The ledger of a store: verified, signed, proven, and erased from where somebody's data must go."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import insert, select, update

from tarazu.errors import InputError, LedgerBroken, StoreUnavailable
from tarazu.ledger import merkle
from tarazu.ledger.check import ERASED, Kept, Report, check, subject_of
from tarazu.ledger.checkpoint import Checkpoint, Signed
from tarazu.ledger.entry import Entry
from tarazu.ledger.fault import Fault, FaultKind
from tarazu.ledger.proof import Proof
from tarazu.ledger.signing import PublicKey, Signer
from tarazu.store.actor import SYSTEM
from tarazu.store.entries import entries
from tarazu.store.store import Store
from tarazu.store.tables.ledger import checkpoints, ledger, ledger_bodies
from tarazu.store.tables.meta import meta
from tarazu.store.times import ms
from tarazu.store.transaction import Transaction
from tarazu.store.view import View


class Ledger:
    """What `tx.log` wrote."""

    def __init__(self, store: Store) -> None:
        self.store = store

    @property
    def origin(self) -> str:
        """The name of this ledger, for ever."""
        with self.store.read() as view:
            return origin(view)

    @property
    def signer(self) -> Signer:
        """Signs its checkpoints; raises StoreUnavailable where the store was opened without a key."""
        if self.store.key is None:
            raise StoreUnavailable(
                "The store was opened without its signing key. Give --data, the folder with the file secret.key."
            )
        return Signer(self.origin, self.store.key)

    def verify(self, published: Iterable[Signed] = (), keys: Sequence[PublicKey] = ()) -> Report:
        """Walk all of it, held to the checkpoints in the store and to those that somebody kept elsewhere.

        `keys` are the public keys to trust; default, that of the store. Without any, no checkpoint counts.
        """
        trusted = list(keys) or ([self.signer.public()] if self.store.key is not None else [])
        with self.store.read() as view:
            return verify(view, published, trusted)

    def checkpoint(self) -> Signed:
        """Sign the ledger as it is, and keep the checkpoint. Raises LedgerBroken rather than sign what was altered."""
        signer = self.signer
        with self.store.read() as view:
            report = verify(view, (), [signer.public()], bodies=False)
            newest = _signed(view)[-1:]
        if report.fault is not None:
            raise LedgerBroken(f"{report.fault} Nothing was signed. Run 'tarazu ledger verify'.")
        if not report.size:
            raise InputError("The ledger is empty: there is nothing to sign yet.")
        if newest and newest[0].checkpoint.size == report.size:
            return newest[0]
        point = Checkpoint(
            origin=signer.origin,
            size=report.size,
            root=report.root,
            head=report.head,
            at=ms(self.store.clock()),
        )
        made = signer.sign(point)
        with self.store.write(SYSTEM) as tx:
            there = tx.value(select(checkpoints.c.size).where(checkpoints.c.size == point.size))
            if there is None:  # another process may have been quicker
                row = {"size": point.size, "head": point.head, "root": point.root, "at": point.at}
                tx.run(insert(checkpoints), [{**row, "key_id": made.key_id, "signature": made.signature}])
        return made

    def checkpoints(self) -> list[Signed]:
        """All that were signed, oldest first."""
        with self.store.read() as view:
            return _signed(view)

    def prove(self, seq: int) -> Proof:
        """A proof of one entry under the newest checkpoint; raises InputError where none covers it yet."""
        with self.store.read() as view:
            found = list(entries(view, after=seq - 1, until=seq))
            signed = _signed(view)[-1:]
            if not found or not signed or signed[0].checkpoint.size < seq:
                raise InputError(
                    f"No checkpoint covers entry {seq}. Run 'tarazu ledger checkpoint', then try again."
                )
            hashes = view.rows(
                select(ledger.c.hash).where(ledger.c.seq <= signed[0].checkpoint.size).order_by(ledger.c.seq)
            )
        path = merkle.inclusion([merkle.leaf(row.hash) for row in hashes], seq - 1)
        return Proof(found[0], tuple(one.hex() for one in path), signed[0])


def erase_bodies(tx: Transaction, numbers: Iterable[int], facts: dict[str, object]) -> int:
    """Empty body and key of these entries, each accounted for; gives how many there still were.

    The chain stays valid: it is over commitments, which say nothing once the key is gone.
    """
    erased = 0
    for seq in numbers:
        here = ledger_bodies.c.seq == seq
        there = tx.run(
            update(ledger_bodies).where(here, ledger_bodies.c.key.is_not(None)).values(body=None, key=None)
        )
        if there:
            tx.log(ERASED, subject_of(seq), facts)
            erased += 1
    return erased


def origin(view: View) -> str:
    """The name of the ledger, for ever."""
    return str(view.value(select(meta.c.value).where(meta.c.name == "ledger")))


def verify(
    view: View, published: Iterable[Signed], keys: Sequence[PublicKey], *, bodies: bool = True
) -> Report:
    """The same within one view."""
    given, points = list(published), []
    for signed in [*_signed(view), *given] if keys else given:
        if not any(key.accepts(signed) for key in keys):
            size = signed.checkpoint.size
            return Report(fault=Fault(FaultKind.CHECKPOINT, size, 1, size))
        points.append(signed.checkpoint)
    return check(_kept(view, bodies), points, bodies=bodies)


def _kept(view: View, bodies: bool) -> Iterator[Kept]:
    if not bodies:
        yield from (Kept(entry) for entry in entries(view))
        return
    beside = ledger.outerjoin(ledger_bodies, ledger.c.seq == ledger_bodies.c.seq)
    wanted = select(ledger, ledger_bodies.c.body, ledger_bodies.c.key).select_from(beside)
    for row in view.each(wanted.order_by(ledger.c.seq)):
        public = dict(row._mapping)
        body, key = public.pop("body"), public.pop("key")
        yield Kept(Entry(**public), body, key)


def _signed(view: View) -> list[Signed]:
    name = origin(view)
    return [
        Signed(
            checkpoint=Checkpoint(origin=name, size=row.size, root=row.root, head=row.head, at=row.at),
            key_id=row.key_id,
            signature=row.signature,
        )
        for row in view.rows(select(checkpoints).order_by(checkpoints.c.size))
    ]
