"""The store: one writer, one view, nothing without an entry in the ledger. On SQLite and PostgreSQL."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, String, Table, func, insert, select, update

from tarazu.errors import OptionError, StoreBusy, StoreVersion, Unlogged
from tarazu.ledger.entry import GENESIS, commitment_of, hash_of_entry
from tarazu.store import SYSTEM, Actor, Store
from tarazu.store.entries import entries
from tarazu.store.ids import is_id, new_id
from tarazu.store.metadata import METADATA
from tarazu.store.tables.ledger import ledger, ledger_bodies
from tarazu.store.tables.meta import meta
from tarazu.store.tables.outbox import outbox
from tarazu.store.times import moment, ms


def queue(store: Store, subject: str) -> None:
    with store.write(SYSTEM) as tx:
        tx.send("remove", "post", subject, target="platform")
        tx.log("action.queued", f"post:{subject}", {"why": "دلیل"})


def counts(store: Store) -> tuple[int, int, int]:
    with store.read() as view:
        return tuple(
            view.value(select(func.count()).select_from(one)) for one in (ledger, ledger_bodies, outbox)
        )  # type: ignore[return-value]


def test_a_change_its_entry_and_its_act_come_together(store: Store) -> None:
    queue(store, "1")
    with store.read() as view:
        (entry,) = entries(view)
        act = view.one(select(outbox))
        kept = view.one(select(ledger_bodies))
    assert act is not None and kept is not None
    assert (act.act, act.state, act.subject_id) == ("remove", "pending", "1") and is_id(act.id)
    assert entry.prev == GENESIS and entry.hash == hash_of_entry(entry)
    assert entry.commitment == commitment_of(bytes.fromhex(kept.key), '{"why":"دلیل"}')
    assert act.at == entry.at


def test_acts_of_one_millisecond_keep_their_order(store: Store) -> None:
    at = store.clock()
    store.clock = lambda: at
    sent = []
    for turn in range(3):
        with store.write(SYSTEM) as tx:
            sent += [tx.send("remove", "post", f"{turn} {one}", target="platform") for one in range(8)]
            tx.log("action.queued", "post:1")
    with store.read() as view:
        found = view.rows(select(outbox).order_by(outbox.c.seq))
    assert [row.id for row in found] == sent and len({row.at for row in found}) == 1


def test_nothing_stays_of_a_change_that_failed(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.write(SYSTEM) as tx:
        tx.send("remove", "post", "1", target="platform")
        tx.log("action.queued", "post:1")
        1 / 0  # noqa: B018
    with pytest.raises(Unlogged, match="outbox"), store.write(SYSTEM) as tx:
        tx.send("remove", "post", "1", target="platform")
    assert counts(store) == (0, 0, 0)


def test_bookkeeping_needs_no_entry_and_touching_nothing_neither(store: Store) -> None:
    with store.write(SYSTEM) as tx:
        assert tx.run(update(outbox).values(state="done")) == 0
    marked = Table("marked", METADATA.__class__(), Column("name", String), info={"unlogged": True})
    marked.create(store.engine)
    with store.write(SYSTEM) as tx:
        assert tx.run(insert(marked), [{"name": "x"}, {"name": "y"}]) == 2
    assert counts(store) == (0, 0, 0)


def test_many_writers_leave_one_line_without_a_gap(url: str) -> None:
    # Two stores on one place stand for two processes: they share no lock but the database's.
    with Store.open(url) as first, Store.open(url) as second, ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: queue((first, second)[n % 2], str(n)), range(80)))
        with first.read() as view:
            found = list(entries(view))
    assert [one.seq for one in found] == list(range(1, 81))
    assert all(one.hash == hash_of_entry(one) for one in found)
    assert all(after.prev == before.hash for before, after in pairwise(found))
    assert {one.subject for one in found} == {f"post:{n}" for n in range(80)}


def test_read_then_write_loses_no_update(store: Store) -> None:
    with store.write(SYSTEM) as tx:
        tx.run(insert(meta).values(name="count", value="0"))
        tx.log("test.begun", "meta:count")

    def add(_: int) -> None:
        with store.write(SYSTEM) as tx:
            found = tx.value(select(meta.c.value).where(meta.c.name == "count"))
            tx.run(update(meta).where(meta.c.name == "count").values(value=str(int(found) + 1)))
            tx.log("test.added", "meta:count")

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(add, range(60)))
    with store.read() as view:
        assert view.value(select(meta.c.value).where(meta.c.name == "count")) == "60"


def test_a_view_is_unmoved_and_waits_for_nobody(store: Store) -> None:
    queue(store, "1")
    with store.read() as view:
        before = view.rows(select(outbox.c.id))
        queue(store, "2")
        assert view.rows(select(outbox.c.id)) == before
        with store.write(SYSTEM), store.read() as other:
            assert len(other.rows(select(outbox.c.id))) == 2
    with store.read() as view, pytest.raises(TypeError):
        view.rows(update(outbox).values(state="done"))


def test_who_waits_too_long_is_told_and_has_changed_nothing(url: str) -> None:
    with Store.open(url) as first, Store.open(url, patience=0.2) as second:
        held, go = threading.Event(), threading.Event()

        def hold() -> None:
            with first.write(SYSTEM):
                held.set()
                go.wait(20)

        holder = threading.Thread(target=hold)
        holder.start()
        held.wait(20)
        try:
            with pytest.raises(StoreBusy, match="try again"):
                queue(second, "1")
        finally:
            go.set()
            holder.join()
        assert counts(first) == (0, 0, 0)
        queue(second, "1")


def test_a_newer_store_is_refused_untouched(url: str, tmp_path: Path) -> None:
    with Store.open(url) as store, store.engine.begin() as raw:
        raw.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreVersion, match="newer Tarazu"):
        Store.open(url)
    assert not list(tmp_path.glob("*.before-*"))


@pytest.mark.parametrize("bad", ["", "nothing", "mysql://u:secret@h/x", "sqlite://", "sqlite:///:memory:"])
def test_an_address_that_is_none_is_told_without_its_password(bad: str) -> None:
    with pytest.raises(OptionError) as told:
        Store.open(bad)
    assert "sqlite:///" in str(told.value) and "secret" not in str(told.value)


@given(st.integers(0, (1 << 48) - 1), st.integers(0, (1 << 48) - 1))
def test_ids_sort_by_time(first: int, second: int) -> None:
    a, b = new_id(first), new_id(second)
    assert is_id(a) and is_id(b) and a != b
    if first != second:
        assert (a < b) == (first < second)


@given(st.datetimes(min_value=datetime(1970, 1, 1), timezones=st.timezones()))
def test_times_go_round(at: datetime) -> None:
    back = moment(ms(at))
    assert back.tzinfo is UTC
    assert ms(back) == ms(at)
    assert 0 <= (at - back).total_seconds() < 0.001


def test_actors_are_of_a_known_kind() -> None:
    with pytest.raises(ValueError, match="robot"):
        Actor("robot", "1")
