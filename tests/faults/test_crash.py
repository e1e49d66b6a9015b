"""Promise 2: what was acknowledged is never lost or doubled, whatever dies, tears or fills up."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event, select, text
from writer import change

from stores import Cluster, cluster
from tarazu.errors import StoreUnavailable
from tarazu.store import SYSTEM, Store
from tarazu.store.ledger import Ledger
from tarazu.store.tables.ledger import ledger
from tarazu.store.tables.meta import meta
from tarazu.store.tables.outbox import outbox
from tarazu.store.verify import verify

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a system with fork and kill -9")


@pytest.fixture
def folder() -> Iterator[Path]:
    """In memory where there is such a place: what a kill or a tear leaves does not hang on a real disk."""
    memory = Path("/dev/shm")
    made = Path(tempfile.mkdtemp(prefix="tarazu-", dir=memory if memory.is_dir() else None))
    yield made
    shutil.rmtree(made)


KILLS = int(os.environ.get("TARAZU_KILLS", "0"))  # a release is held to 2,000 on each database


class Writers:
    """Children that write until they are killed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).parent / "writer.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self, url: str, limit: int = 0) -> tuple[int, Path]:
        """The number of a new child, and the file with what it acknowledged."""
        assert self._process.stdin and self._process.stdout
        self._count += 1
        file = self._folder / f"acknowledged-{self._count}"
        file.touch()
        print(url, f"w{self._count}", file, limit, file=self._process.stdin, flush=True)
        return int(self._process.stdout.readline()), file

    def close(self) -> None:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()


@pytest.fixture(scope="module")
def writers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Writers]:
    made = Writers(tmp_path_factory.mktemp("writers"))
    yield made
    made.close()


def gone(child: int) -> None:
    """Wait until it is."""
    for _ in range(3000):
        try:
            os.kill(child, 0)
        except ProcessLookupError:
            return
        time.sleep(0.01)
    raise AssertionError("a child that does not end")


def told(file: Path, until: str = "") -> list[str]:
    """Whole lines of what a child said; waits for the one that begins with `until`."""
    for _ in range(3000):
        lines = file.read_text().split("\n")[:-1]
        if not until or any(line.startswith(until) for line in lines):
            return lines
        time.sleep(0.01)
    raise AssertionError(f"a child that never said {until}")


def acknowledged(file: Path) -> set[str]:
    return {line for line in told(file) if line not in ("ready", "end") and line[0] != "!"}


def written(store: Store) -> set[str]:
    """The names of what is in the store; fails unless each is there once, and whole."""
    with store.read() as view:
        rows = {one.name for one in view.rows(select(meta.c.name).where(meta.c.name != "ledger"))}
        acts = Counter(one.subject_id for one in view.rows(select(outbox.c.subject_id)))
        logged = Counter(one.subject for one in view.rows(select(ledger.c.subject)))
    assert acts == logged == Counter(acts.keys()), "doubled, or in parts"
    assert rows == set(acts) | {f"{one}-more" for one in acts}, "in parts"
    return set(acts)


def held(url: str, promised: set[str]) -> set[str]:
    """Open what is left, hold it to what was acknowledged."""
    with Store.open(url) as store:
        found = written(store)
        assert promised <= found, f"lost: {sorted(promised - found)[:5]}"
        assert Ledger(store).verify().fault is None
        change(store, f"after-{len(found)}")  # and it goes on
    return found


@pytest.mark.parametrize(("kind", "wanted"), [("sqlite", KILLS or 100), ("postgresql", KILLS or 40)])
def test_kills_lose_and_double_nothing(
    kind: str, wanted: int, writers: Writers, folder: Path, request: pytest.FixtureRequest
) -> None:
    url = f"sqlite:///{folder}/s.db" if kind == "sqlite" else request.getfixturevalue("postgresql").new()
    rng = random.Random(2)
    promised: set[str] = set()
    kills = unsaid = 0
    found: set[str] = set()
    while kills < wanted:
        children = [writers.start(url) for _ in range(2)]
        if rng.random() < 0.9:  # otherwise it may die while it opens, or makes the tables
            told(children[0][1], "w")
        for child, _ in children:
            time.sleep(rng.random() * 0.06)
            os.kill(child, signal.SIGKILL)
            kills += 1
        for child, file in children:
            gone(child)
            promised |= acknowledged(file)
        if kills % 20 == 0 or kills >= wanted:
            found = held(url, promised)
    unsaid = len([one for one in found - promised if one[0] == "w"])
    print(
        f"{kind}: {kills} kills, {len(promised)} acknowledged, 0 lost, 0 doubled; {unsaid} died before they said so"
    )
    assert len(promised) > wanted / 4


def test_a_server_that_crashes_loses_nothing(writers: Writers) -> None:
    crashes, promised = 0, set()
    with contextlib.contextmanager(cluster)(durable=True) as server:
        assert isinstance(server, Cluster)
        url = server.new()
        Store.open(url).close()
        for _ in range(2):
            child, file = writers.start(url)
            told(file, "w")
            time.sleep(0.3)
            server.crash()
            crashes += 1
            os.kill(child, signal.SIGKILL)
            gone(child)
            promised |= acknowledged(file)
            server.start()
            held(url, promised)
    print(f"postgresql: {crashes} crashes of the server, {len(promised)} acknowledged, 0 lost, 0 doubled")
    assert promised


def test_a_torn_log_keeps_all_that_was_written_before_the_tear(folder: Path) -> None:
    """As after a power cut: the log ends anywhere, or holds rubbish from anywhere on."""
    rng = random.Random(3)
    file, log = folder / "s.db", folder / "s.db-wal"
    ends: list[tuple[str, int]] = []  # name, how long the log was when it was acknowledged
    kept = folder / "kept"
    with Store.open(f"sqlite:///{file}") as store:
        for number in range(40):
            change(store, f"w.{number}")
            ends.append((f"w.{number}", log.stat().st_size))
        kept.mkdir()
        shutil.copy(file, kept)
        shutil.copy(log, kept)
    whole = (kept / "s.db-wal").read_bytes()
    begin = ends[0][1]  # tables were made before
    tears = found = 0
    for number in range(100):
        cut = rng.randrange(begin, len(whole))
        torn = folder / f"torn-{number}.db"
        shutil.copy(kept / "s.db", torn)
        left = (
            b"",
            rng.randbytes(len(whole) - cut),
            bytes(len(whole) - cut),
            bytes([whole[cut] ^ 1]) + whole[cut + 1 :],
        )
        Path(f"{torn}-wal").write_bytes(whole[:cut] + left[number % 4])
        found = len(held(f"sqlite:///{torn}", {name for name, end in ends if end <= cut}))
        tears += 1
        for one in folder.glob(f"{torn.name}*"):
            one.unlink()
    print(f"sqlite: {tears} torn logs, 0 lost, 0 in parts")
    assert tears == 100 and found


def test_a_full_disk_refuses_cleanly(writers: Writers, folder: Path) -> None:
    rng = random.Random(4)
    refused = kept = 0
    for number in range(12):
        file = folder / f"s{number}.db"
        url = f"sqlite:///{file}"
        Store.open(url).close()
        # The log is what grows: it holds no more than so much, and cannot be written back into the file either.
        child, said = writers.start(url, limit=rng.randrange(1000, 400_000))
        told(said, "end")
        gone(child)
        failures = [line for line in told(said) if line[0] == "!"]
        assert set(failures) <= {"! StoreUnavailable"}
        refused += len(failures)
        kept += len(acknowledged(said))
        held(url, acknowledged(said))
    print(f"sqlite: {refused} writes refused by a full disk, {kept} acknowledged before, 0 lost, 0 in parts")
    assert refused >= 60 and kept


def test_a_full_database_refuses_cleanly(folder: Path) -> None:
    refused = 0
    pages = 0
    with Store.open(f"sqlite:///{folder}/s.db") as store:

        @event.listens_for(store.engine, "begin")
        def _bound(connection: object) -> None:
            if pages:
                connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")  # type: ignore[attr-defined]

        for number in range(40):
            with store.read() as view:
                pages = view.connection.execute(text("PRAGMA page_count")).scalar_one()
            with pytest.raises(StoreUnavailable, match="space"):
                for _ in range(10):
                    change(store, f"w.{number}.{_}")
            refused += 1
            pages = 1 << 30
            change(store, f"w.{number}.after")
            written(store)
        assert not verify(store).faults
    print(f"sqlite: {refused} writes refused by a full database, 0 in parts")


def test_a_connection_that_is_cut_is_told_and_the_next_one_works(postgresql: Cluster) -> None:
    cuts = 0
    url = postgresql.new()
    with Store.open(url) as store, Store.open(url) as other:
        for number in range(10):
            with pytest.raises(StoreUnavailable), store.write(SYSTEM) as tx:
                tx.send("remove", "post", f"cut.{number}", target="platform")
                tx.log("test.written", f"cut.{number}")
                mine = tx.value(select(text("pg_backend_pid()")))
                with other.engine.begin() as raw:
                    raw.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": mine})
            cuts += 1
            change(store, f"w.{number}")
        assert written(store) == {f"w.{number}" for number in range(cuts)}
        assert not verify(store).faults
    print(f"postgresql: {cuts} connections cut in the middle, 0 in parts")
