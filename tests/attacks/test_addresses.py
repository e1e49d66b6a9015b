"""We never fetch inside our network (promise 7): hostile spellings, answers and redirects; not one connection."""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from hostile_addresses import INNER, PUBLIC, addresses

from tarazu.safe.address import networks
from tarazu.safe.connection import connect
from tarazu.safe.fetch import FetchLimits, Resolve, fetch
from tarazu.safe.refused import Refused

MOVED = (301, 302, 303, 307, 308)
OTHER = "151.101.1.6"  # a second one that stands for a public address

_watched: list[tuple[Any, ...]] = []
_watching = False


def _hook(event: str, details: tuple[Any, ...]) -> None:
    """Below every library: note what this process connects to, and let it reach nothing but 127.0.0.1."""
    if _watching and event in ("socket.connect", "socket.getaddrinfo", "socket.sendto"):
        _watched.append((event, details))
        if event != "socket.connect" or details[1][0] != "127.0.0.1":
            raise PermissionError(f"{event} {details}")


sys.addaudithook(_hook)


@contextmanager
def server(answer: Callable[[bytes], bytes]) -> Iterator[tuple[int, list[bytes]]]:
    """A server on 127.0.0.1: its port, and the first bytes of every connection it accepted."""
    accepted: list[bytes] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                wire, _ = listener.accept()
            except OSError:
                return
            with wire:
                wire.settimeout(5)
                accepted.append(b"")
                accepted[-1] = wire.recv(65536)
                wire.sendall(answer(accepted[-1]))

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listener.getsockname()[1], accepted
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


@dataclass
class Trap:
    """A listener that must stay alone, and the ways to it that are watched."""

    port: int
    accepted: list[bytes]
    public: int  # port on 127.0.0.1 of the server that plays PUBLIC
    reached: list[str] = field(default_factory=list)  # what a connection was asked for

    def connect(self, address: str, port: int, seconds: float) -> socket.socket:
        self.reached.append(address)
        if address == PUBLIC:
            return connect("127.0.0.1", self.public, seconds)
        return connect(address, port, seconds)

    def refused(self, url: str, resolve: Resolve | Sequence[str] = ("127.0.0.1",)) -> str | None:
        """Return how the fetch ended, if not by being refused."""
        found = resolve
        look = found if callable(found) else lambda _name, _port: found
        limits = FetchLimits(ports=frozenset({80, 443, self.port}), seconds=5)
        try:
            fetch(url.replace("{port}", str(self.port)), limits=limits, resolve=look, connect=self.connect)
        except Refused:
            return None
        except Exception as error:
            return f"{url!r}: {error!r}"
        return f"{url!r}: fetched"


_where = b"/"


@pytest.fixture
def trap() -> Iterator[Trap]:
    global _watching
    with (
        server(lambda _: b"HTTP/1.1 200 OK\r\n\r\nsecret") as (port, accepted),
        server(_redirect) as (public, _),
    ):
        _watched.clear()
        _watching = True
        try:
            yield Trap(port, accepted, public)
        finally:
            _watching = False


def _redirect(asked: bytes) -> bytes:
    """Redirect as the test says: `/STATUS` to `_where`."""
    status = asked.split(b" ")[1][1:4].decode()
    return b"HTTP/1.1 %s Moved\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n" % (status.encode(), _where)


def silent(trap: Trap) -> bool:
    return not trap.reached and not trap.accepted and not _watched


def test_the_trap_springs_when_something_is_let_through(trap: Trap) -> None:
    limits = FetchLimits(ports=frozenset({trap.port}), allowed=networks(["127.0.0.0/8"]))
    fetched = fetch(f"http://127.0.0.1:{trap.port}/", limits=limits, connect=trap.connect)
    assert fetched.data == b"secret"
    assert (trap.reached, len(trap.accepted), len(_watched)) == (["127.0.0.1"], 1, 1)


@pytest.mark.parametrize("kind", addresses())
def test_spellings(trap: Trap, kind: str) -> None:
    assert [said for url in addresses()[kind] if (said := trap.refused(url))] == []
    assert silent(trap)


def test_there_are_enough_different_spellings() -> None:
    assert len({url for urls in addresses().values() for url in urls}) >= 500


ANSWERS = [
    *([one] for one in INNER),
    *([PUBLIC, one] for one in INNER),
    *([one, PUBLIC] for one in INNER),
    *([PUBLIC, OTHER, one, PUBLIC] for one in INNER),
    ["::1"],
    ["fe80::1%lo"],
    [f"{PUBLIC}%1"],
    ["2606:4700::1", "::1"],
    [PUBLIC, "::ffff:127.0.0.1"],
    [PUBLIC, "64:ff9b::7f00:1"],
    [PUBLIC, "fd00:ec2::254"],
    [PUBLIC, "127.1"],
    [PUBLIC, "2130706433"],
    [PUBLIC, "localhost"],
    [PUBLIC, ""],
    [],
]


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_names_that_lead_inside(trap: Trap, scheme: str) -> None:
    url = f"{scheme}://pictures.org:{{port}}/"
    assert [said for found in ANSWERS if (said := trap.refused(url, found))] == []
    assert silent(trap)


def test_a_name_that_changes_its_answer_is_asked_once_and_taken_at_its_word(trap: Trap) -> None:
    asked: list[str] = []

    def rebinding(name: str, _port: int) -> list[str]:
        asked.append(name)
        return [PUBLIC] if len(asked) == 1 else ["127.0.0.1"]

    global _where
    _where = b"http://pictures.org/again"
    # Reached where it said at first; asked again only for the redirect to the same name, which is refused.
    assert trap.refused("http://pictures.org/302", rebinding) is None
    assert (trap.reached, len(asked), trap.accepted) == ([PUBLIC], 2, [])


TARGETS = [
    *(f"http://{one}:{{port}}/" for one in INNER),
    *(url for url in addresses()["IPv4"][1:22]),
    *(url for url in addresses()["IPv4 in IPv6"][:18]),
    "//127.0.0.1:{port}/",
    "//127.1:{port}/",
    "//[::1]:{port}/",
    "///127.0.0.1:{port}/",
    "http:\\\\127.0.0.1:{port}\\",
    "/\\127.0.0.1:{port}/",
    "\\\\127.0.0.1:{port}/",
    "//localhost:{port}/",
    "//user@127.0.0.1:{port}/",
    "http://pictures.org@127.0.0.1:{port}/",
    "file:///etc/passwd",
    "file://127.0.0.1/etc/passwd",
    "gopher://127.0.0.1:{port}/_x",
    "ftp://127.0.0.1:{port}/",
    "data:text/plain,x",
    "javascript:x",
    "http://inside.org:{port}/",
    "http://[::1",
    "http://127.0.0.1\t:{port}/",
    "",
]


@pytest.mark.parametrize("status", MOVED)
def test_redirects(trap: Trap, status: int) -> None:
    global _where
    told = []
    for target in TARGETS:
        _where = target.replace("{port}", str(trap.port)).encode()
        told.append(
            trap.refused(
                f"http://pictures.org/{status}",
                lambda name, _: [PUBLIC if name == "pictures.org" else "10.0.0.1"],
            )
        )
    assert [said for said in told if said] == []
    # One connection each, to where the redirect came from; an empty redirect names the same place again.
    assert set(trap.reached) == {PUBLIC}
    assert trap.accepted == []


def test_redirects_that_never_end(trap: Trap) -> None:
    global _where
    for _where in (b"/302", b"http://pictures.org/301", b"//pictures.org/307"):
        trap.reached.clear()
        assert trap.refused("http://pictures.org/302", [PUBLIC]) is None
        assert trap.reached == [PUBLIC] * 6
    assert trap.accepted == []
