"""Hostile media is refused cheaply (promise 8): 256 MB and 2 seconds a file, and nothing outside it is touched."""

from __future__ import annotations

import os
import select
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import bombs
import pytest

from tarazu.safe.child import Child
from tarazu.safe.decode import TASK, Decoded, decode
from tarazu.safe.refused import Refused

MEMORY, SECONDS = 256_000_000, 2.0
GOOD = bombs.picture("PNG")
PROC = Path("/proc/self/stat").exists()


@dataclass
class Watch:
    """What the child costs, seen from outside: also of one that is killed."""

    child: Child
    peak: int = 0  # bytes resident
    seconds: float = 0.0  # of computing, all the processes together
    _spent: dict[int, float] = field(default_factory=dict)
    _over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Watch:
        self._thread = threading.Thread(target=self._look_on)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def look(self) -> float:
        """Return the seconds of computing so far."""
        number = self.child.pid
        if number is not None:
            try:
                ticks = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[11:13]
                self._spent[number] = sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")
                for line in Path(f"/proc/{number}/status").read_text().splitlines():
                    if line.startswith("VmHWM:"):
                        self.peak = max(self.peak, int(line.split()[1]) * 1024)
            except OSError:
                pass  # it ended just now
        return sum(self._spent.values())

    def _look_on(self) -> None:
        while not self._over.wait(0.005):
            self.look()


@pytest.fixture(scope="module")
def child() -> Iterator[Child]:
    with Child(TASK) as one:
        yield one


def answer(data: bytes | Path, child: Child) -> Decoded | Refused:
    try:
        return decode(data, child=child)
    except Refused as refused:
        return refused


def costs(files: list[bombs.Bomb], child: Child, refused: bool | None) -> str:
    """Open every file, hold each to the promise, and return the worst figures."""
    worst_wall, worst_cpu, slowest, wrong = 0.0, 0.0, "", []
    with Watch(child) as watch:
        for file in files:
            assert isinstance(answer(GOOD, child), Decoded), f"after {file.name}"
            before, began = watch.look(), time.perf_counter()
            got = answer(file.data, child)
            wall = time.perf_counter() - began
            cpu = watch.look() - before if PROC else wall
            if refused is not None and isinstance(got, Refused) is not refused:
                wrong.append(f"{file.kind}, {file.name}: {got!r:.80}")
            if cpu > SECONDS or wall > 5 * SECONDS:
                wrong.append(f"{file.kind}, {file.name}: {cpu:.2f} s of computing, {wall:.2f} s")
            if cpu > worst_cpu:
                worst_cpu, slowest = cpu, f"{file.kind}, {file.name}"
            worst_wall = max(worst_wall, wall)
        assert isinstance(answer(GOOD, child), Decoded)
    peak = max(watch.peak, child.peak)
    figures = (
        f"{len(files)} files of {len({file.kind for file in files})} kinds: at most {peak / 1e6:.0f} MB, "
        f"{worst_cpu:.2f} s of computing ({slowest}), {worst_wall:.2f} s by the clock"
    )
    assert not wrong, "\n".join([*wrong, figures])
    assert peak <= MEMORY, figures
    return figures


def test_bombs_are_refused_cheaply_and_the_next_good_picture_is_decoded(child: Child) -> None:
    files = bombs.bombs()
    assert len(files) >= 100
    assert len({file.kind for file in files}) >= 10
    print(costs(files, child, True))


def test_odd_files_cost_no_more_than_bombs(child: Child) -> None:
    print(costs([bombs.Bomb("odd", name, data) for name, data in bombs.heavy()], child, None))


def test_no_bomb_is_a_dud(child: Child) -> None:
    """What the same makers make when asked for little is decoded."""
    costs([bombs.Bomb("small", name, data) for name, data in bombs.small()], child, False)


def test_nothing_a_file_names_is_opened(child: Child, tmp_path: Path) -> None:
    secret = tmp_path / "secret.png"
    secret.write_bytes(bombs.picture("PNG", (99, 77)))
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        for address in (
            f"http://127.0.0.1:{port}",
            f"tcp://127.0.0.1:{port}",
            f"file://{secret}",
            str(secret),
        ):
            for name, data in bombs.reaching(address):
                path = tmp_path / "clip.mp4"
                path.write_bytes(data)
                got = answer(path, child)
                # QuickTime's own pictures may be shown; those elsewhere never.
                assert isinstance(got, Refused) or (got.width, got.height) == (64, 48), name
        ready, _, _ = select.select([server], [], [], 0.1)
        assert not ready, "a file made its reader connect"


def test_only_regular_files_of_bounded_size_are_read(child: Child, tmp_path: Path) -> None:
    large = tmp_path / "large.png"
    large.write_bytes(GOOD)
    os.truncate(large, 100 * 2**30)  # takes no room on the disk
    places = [large, tmp_path, tmp_path / "missing.png", tmp_path / "no\0name"]
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.png")
        places += [tmp_path / "pipe.png", Path("/dev/zero")]
    for place in places:
        assert isinstance(answer(place, child), Refused), place
    assert isinstance(answer(GOOD, child), Decoded)
