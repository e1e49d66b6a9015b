"""The ledger of a store, its backup and its restoration, on each database and from one to the other."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, String, Table, Text, delete, insert, select, text, update

from stores import KEY
from tarazu.errors import InputError, LedgerBroken, NotReadable, OutputError, StoreUnavailable, StoreVersion
from tarazu.ledger import canonical
from tarazu.ledger.fault import FaultKind
from tarazu.ledger.signing import Signer
from tarazu.store import SYSTEM, Store
from tarazu.store.backup import backup
from tarazu.store.ledger import Ledger, erase_bodies
from tarazu.store.metadata import METADATA, digest_of
from tarazu.store.restore import restore
from tarazu.store.tables.ledger import ledger, ledger_bodies
from tarazu.store.verify import Verified, digests, verify


def grow(store: Store, many: int) -> None:
    for number in range(many):
        with store.write(SYSTEM) as tx:
            tx.send("remove", "post", f"پست {number}", target="platform", payload={"a": [1, None, "\u2028"]})
            tx.log("action.queued", f"post:{number}", {"n": number})


def everything(store: Store) -> dict[str, list[tuple]]:  # type: ignore[type-arg]
    with store.read() as view:
        return {
            table.name: [tuple(row) for row in view.rows(select(table).order_by(*table.primary_key.columns))]
            for table in METADATA.sorted_tables
        }


def tamper(store: Store, statement: object) -> None:
    """Change the store as somebody does who does not ask the store."""
    with store.engine.begin() as raw:
        raw.execute(statement)  # type: ignore[call-overload]


def test_a_ledger_is_signed_and_verified(store: Store) -> None:
    book = Ledger(store)
    with pytest.raises(InputError, match="empty"):
        book.checkpoint()
    grow(store, 5)
    first = book.checkpoint()
    assert book.checkpoint() == first  # nothing new to sign
    grow(store, 5)
    second = book.checkpoint()
    report = book.verify([first, second])
    assert report.fault is None and (report.size, report.bodies, report.checkpoints) == (10, 10, 4)
    assert [one.checkpoint.size for one in book.checkpoints()] == [5, 10]

    proof = book.prove(7)
    assert proof.holds(book.signer.public())
    assert not replace(proof, entry=replace(proof.entry, kind="other")).holds(book.signer.public())
    grow(store, 1)
    with pytest.raises(InputError, match="No checkpoint covers"):
        book.prove(11)


def test_what_was_erased_is_gone_and_the_chain_stays(store: Store) -> None:
    grow(store, 4)
    signed = Ledger(store).checkpoint()
    with store.write(SYSTEM) as tx:
        assert erase_bodies(tx, [2, 3, 99], {"why": "asked"}) == 2
    report = Ledger(store).verify([signed])
    assert report.fault is None and (report.size, report.bodies, report.erased) == (6, 4, 2)
    tamper(store, update(ledger_bodies).where(ledger_bodies.c.seq == 4).values(body=None, key=None))
    fault = Ledger(store).verify().fault
    assert fault is not None and (fault.kind, fault.at) == (FaultKind.BODY_MISSING, 4)


def test_an_altered_store_is_found_out_and_not_signed(store: Store) -> None:
    grow(store, 6)
    published = Ledger(store).checkpoint()
    tamper(store, update(ledger).where(ledger.c.seq == 4).values(actor_id="somebody else"))
    fault = Ledger(store).verify().fault
    assert fault is not None and (fault.kind, fault.at) == (FaultKind.ALTERED, 4)
    grow(store, 1)
    with pytest.raises(LedgerBroken, match="Entry 4 was altered"):
        Ledger(store).checkpoint()
    assert any("Entry 4" in one for one in verify(store).faults)
    tamper(store, delete(ledger_bodies).where(ledger_bodies.c.seq > 3))
    tamper(store, delete(ledger).where(ledger.c.seq > 3))
    tamper(store, text("DELETE FROM checkpoints"))
    assert Ledger(store).verify().fault is None  # a bare chain cannot show it
    fault = Ledger(store).verify([published]).fault  # what was published does
    assert fault is not None and (fault.kind, fault.at, fault.last) == (FaultKind.TRUNCATED, 4, 6)


def test_checkpoints_of_others_do_not_count(store: Store) -> None:
    grow(store, 2)
    book = Ledger(store)
    good = book.checkpoint()
    forged = Signer(book.origin, bytes(32)).sign(good.checkpoint)
    fault = book.verify([forged]).fault
    assert fault is not None and fault.kind is FaultKind.CHECKPOINT
    assert book.verify([good], [book.signer.public()]).fault is None


def test_without_a_key_nothing_is_signed(url: str) -> None:
    with Store.open(url) as store:
        grow(store, 1)
        with pytest.raises(StoreUnavailable, match="signing key"):
            Ledger(store).checkpoint()
        assert Ledger(store).verify().fault is None


def test_a_backup_comes_back_the_same_on_either_database(
    store: Store, tmp_path: Path, postgresql: object
) -> None:
    grow(store, 7)
    Ledger(store).checkpoint()
    before = everything(store)
    made = backup(store, tmp_path / "b.tarazu")
    assert (made.entries, made.tables) == (7, len(METADATA.tables))
    assert made.size == (tmp_path / "b.tarazu").stat().st_size
    assert (tmp_path / "b.tarazu").stat().st_mode & 0o077 == 0
    with pytest.raises(OutputError, match="there already"):
        backup(store, tmp_path / "b.tarazu")
    for there in (f"sqlite:///{tmp_path}/again.db", postgresql.new()):  # type: ignore[attr-defined]
        assert restore(tmp_path / "b.tarazu", there).size == 7
        with Store.open(there, key=KEY) as again:
            assert everything(again) == before
            whole = verify(again)
            assert not whole.faults and whole.ledger.checkpoints == 1
            grow(again, 1)  # and it goes on
            assert Ledger(again).verify().fault is None
        with pytest.raises(OutputError, match="not empty"):
            restore(tmp_path / "b.tarazu", there)
    assert [one.name for one in tmp_path.glob(".*")] == []


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, object]:
    folder = tmp_path_factory.mktemp("packed")
    with Store.open(f"sqlite:///{folder}/a.db") as store:
        grow(store, 20)
        backup(store, folder / "b")
        return (folder / "b").read_bytes(), everything(store)


@given(at=st.floats(0, 1, exclude_max=True), flip=st.integers(1, 255), cut=st.booleans())
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_damaged_backup_restores_nothing(
    packed: tuple[bytes, object], tmp_path: Path, at: float, flip: int, cut: bool
) -> None:
    good, rows = packed
    where = int(at * len(good))
    bad = good[:where] if cut else good[:where] + bytes([good[where] ^ flip]) + good[where + 1 :]
    (tmp_path / "bad").write_bytes(bad)
    there = tmp_path / "there.db"  # the same each time: it must still be empty
    try:
        restore(tmp_path / "bad", f"sqlite:///{there}")
    except (NotReadable, StoreVersion):
        with Store.open(f"sqlite:///{there}") as store:
            assert all(not left for name, left in everything(store).items() if name != "meta")
    else:  # the frame around it was hit, a checksum cut off for example, and not what is in it
        with Store.open(f"sqlite:///{there}") as store:
            assert everything(store) == rows
        there.unlink()


def test_a_backup_with_an_altered_ledger_is_refused(
    store: Store, tmp_path: Path, new_url: Callable[[], str]
) -> None:
    grow(store, 3)
    tamper(store, update(ledger).where(ledger.c.seq == 2).values(kind="other"))
    backup(store, tmp_path / "b")
    there = new_url()
    with pytest.raises(LedgerBroken, match="Entry 2 was altered"):
        restore(tmp_path / "b", there)
    with Store.open(there) as empty, empty.read() as view:
        assert view.one(select(ledger)) is None


def test_verify_names_lost_references(tmp_path: Path) -> None:
    file = tmp_path / "a.db"
    with Store.open(f"sqlite:///{file}") as store:
        grow(store, 2)
        assert not verify(store).faults
        with sqlite3.connect(file) as raw:  # asks for no references
            raw.execute("DELETE FROM ledger WHERE seq = 2")
        raw.close()
        assert verify(store).faults == ["ledger_bodies 2 refers to no row of ledger."]


def test_frozen_columns_are_held_to_their_digests(url: str) -> None:
    with Store.open(url) as store:
        frozen = Table(
            "frozen",
            MetaData(),
            Column("id", Integer, primary_key=True),
            Column("facts", Text),
            Column("digest", String(64), info=digest_of("facts")),
        )
        frozen.create(store.engine)
        rows = [
            {"id": n, "facts": one, "digest": canonical.digest_text("{}")}
            for n, one in enumerate(("{}", "{} ", None))
        ]
        tamper(store, insert(frozen).values(rows))
        made = Verified(Ledger(store).verify())
        with store.read() as view:
            digests(view, frozen, made)
        assert made.digests == 1 and made.faults == ["frozen 1: facts is not what was frozen with it."]
