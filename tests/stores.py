"""Stores for tests: one body of checks over SQLite and PostgreSQL. A conftest says `from stores import ...`."""

from __future__ import annotations

import getpass
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tarazu.store import Store

KEY = bytes(range(32))  # of no value outside tests
_numbers = count(1)


def _binaries() -> Path | None:
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda one: int(one.parts[-3]))
    return found[-1].parent if found else None


class Cluster:
    """A private PostgreSQL on a Unix socket, run by somebody who is not root, gone with its folder."""

    def __init__(self, binaries: Path, *, durable: bool) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="tarazu-pg-", dir="/tmp"))  # a socket's path must be short
        self._binaries = binaries
        self.user = getpass.getuser() if os.geteuid() else "postgres"
        if not os.geteuid():
            shutil.chown(self.folder, "postgres", "postgres")
        self.folder.chmod(0o755)
        data = self.folder / "data"
        self._as("initdb", "-D", str(data), "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C", "-N")
        settings = ["listen_addresses=''", f"unix_socket_directories='{self.folder}'", "max_connections=60"]
        if not durable:
            settings += ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]
        with (data / "postgresql.conf").open("a") as file:
            file.write("\n".join(settings) + "\n")
        self.start()

    def start(self) -> None:
        self._as("pg_ctl", "-D", str(self.folder / "data"), "-w", "-l", str(self.folder / "log"), "start")

    def crash(self) -> None:
        """End it at once; the next start has to recover."""
        self._as("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "-w", "stop")

    def _as(self, program: str, *words: str) -> None:
        command = [str(self._binaries / program), *words]
        if not os.geteuid():
            command = ["runuser", "-u", "postgres", "--", *command]
        done = subprocess.run(
            command, cwd=self.folder, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False
        )
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stdout}{done.stderr}")

    def url(self, database: str) -> str:
        return f"postgresql://postgres@/{database}?host={self.folder}"

    def new(self) -> str:
        """The address of a new, empty database."""
        import psycopg

        name = f"t{next(_numbers)}"
        with psycopg.connect(host=str(self.folder), user="postgres", autocommit=True) as opened:
            opened.execute(f"CREATE DATABASE {name}")
        return self.url(name)

    def stop(self) -> None:
        try:
            self.crash()
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)


def cluster(*, durable: bool = False) -> Iterator[Cluster]:
    """A cluster for the length of a fixture; skips where PostgreSQL is not installed."""
    binaries = _binaries()
    if binaries is None:
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    made = Cluster(binaries, durable=durable)
    try:
        yield made
    finally:
        made.stop()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Cluster]:
    """The PostgreSQL of this run of the tests."""
    yield from cluster()


@pytest.fixture(params=["sqlite", "postgresql"])
def new_url(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """Makes addresses of empty places, on each database in turn."""
    if request.param == "postgresql":
        made: Cluster = request.getfixturevalue("postgresql")
        return made.new
    return lambda: f"sqlite:///{tmp_path}/store-{next(_numbers)}.db"


@pytest.fixture
def url(new_url: Callable[[], str]) -> str:
    """The address of an empty place, on each database in turn."""
    return new_url()


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """An open, empty store, on each database in turn."""
    from tarazu.store import Store

    with Store.open(url, key=KEY) as made:
        yield made
