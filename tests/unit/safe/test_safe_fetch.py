"""Fetching from a server the operator allows: what comes back, and what a slow, large or false one gets."""

from __future__ import annotations

import gzip
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tarazu.safe.address import networks
from tarazu.safe.fetch import Fetched, FetchLimits, fetch
from tarazu.safe.refused import Refused
from tarazu.safe.url import read_url

# Made for these tests: an authority whose key was thrown away, and a server that it knows as pictures.example.
CERTIFICATES = Path(__file__).parent / "certificates"
PICTURE = bytes(range(256)) * 1000

Play = Callable[[socket.socket, bytes], None]


@contextmanager
def server(play: Play, context: ssl.SSLContext | None = None) -> Iterator[tuple[int, list[bytes]]]:
    """A server on 127.0.0.1 that plays its part on each connection: its port, and the requests it saw."""
    seen: list[bytes] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def one(wire: socket.socket) -> None:
        # The other side may hang up at any time; that is what most of these tests want.
        with wire, suppress(OSError), ExitStack() as stack:
            wire.settimeout(10)
            if context:
                wire = stack.enter_context(context.wrap_socket(wire, server_side=True))
            request = wire.recv(65536)
            seen.append(request)
            play(wire, request)

    def serve() -> None:
        threads = []
        with suppress(OSError):
            while True:
                threads.append(threading.Thread(target=one, args=(listener.accept()[0],)))
                threads[-1].start()
        for thread in threads:
            thread.join()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listener.getsockname()[1], seen
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def says(*headers: str, body: bytes = b"", status: str = "200 OK") -> Play:
    head = "".join(f"{line}\r\n" for line in (f"HTTP/1.1 {status}", *headers, "")).encode()
    return lambda wire, _request: wire.sendall(head + body)


def ask(
    port: int, path: str = "/a.png", name: str = "127.0.0.1", scheme: str = "http", **more: object
) -> Fetched:
    limits = {"ports": frozenset({port}), "allowed": networks(["127.0.0.0/8"]), "seconds": 5.0, **more}
    return fetch(
        f"{scheme}://{name}:{port}{path}",
        limits=FetchLimits(**limits),  # type: ignore[arg-type]
        resolve=lambda _name, _port: ["127.0.0.1"],
    )


def refused(play: Play, **more: object) -> str:
    with server(play) as (port, _), pytest.raises(Refused) as caught:
        ask(port, **more)  # type: ignore[arg-type]
    return caught.value.reason


def test_a_picture_comes_whole_and_the_server_learns_no_more_than_it_must() -> None:
    with server(says("Content-Type: image/PNG; a=b", f"Content-Length: {len(PICTURE)}", body=PICTURE)) as (
        port,
        seen,
    ):
        fetched = ask(port, "/عکس.png?a=%20b#part", name="media.local")
    assert fetched.data == PICTURE
    assert (fetched.status, fetched.content_type) == (200, "image/png")
    assert fetched.final_url == f"http://media.local:{port}/%D8%B9%DA%A9%D8%B3.png?a=%20b"
    assert seen == [
        f"GET /%D8%B9%DA%A9%D8%B3.png?a=%20b HTTP/1.1\r\nHost: media.local:{port}\r\nUser-Agent: Tarazu\r\n"
        "Accept: */*\r\nAccept-Encoding: identity\r\nConnection: close\r\n\r\n".encode()
    ]


def test_all_ways_to_send_a_body() -> None:
    chunked = b"".join(b"%x\r\n%b\r\n" % (len(one), one) for one in (PICTURE[:1000], PICTURE[1000:], b""))
    for play in (
        says(body=PICTURE),
        says("Transfer-Encoding: chunked", body=chunked),
        says("Content-Encoding: gzip", body=gzip.compress(PICTURE)),
        says("Content-Encoding: deflate", body=zlib.compress(PICTURE)),
    ):
        with server(play) as (port, _):
            assert ask(port).data == PICTURE


def test_redirects_are_followed_to_the_end_and_keep_nothing() -> None:
    def play(wire: socket.socket, request: bytes) -> None:
        steps = {b"/a.png": "/b.png", b"/b.png": "//other.local:{port}/c.png", b"/c.png": "d%20é.png"}
        there = steps.get(request.split(b" ")[1])
        if there:
            moved = f"HTTP/1.1 302 Found\r\nSet-Cookie: a=b\r\nLocation: {there.format(port=port)}\r\n\r\n"
            wire.sendall(moved.encode())
        else:
            says(body=PICTURE)(wire, request)

    with server(play) as (port, seen):
        fetched = ask(port, name="media.local")
    assert (fetched.data, fetched.final_url) == (PICTURE, f"http://other.local:{port}/d%20%C3%A9.png")
    assert fetched.url == f"http://media.local:{port}/a.png"
    assert len(seen) == 4 and not any(b"ookie" in request for request in seen)


@pytest.mark.parametrize(
    "play",
    [
        says("Content-Length: 1001", body=b"x"),
        says(body=b"x" * 1001),
        says("Transfer-Encoding: chunked", body=b"3e9\r\n" + b"x" * 1001 + b"\r\n0\r\n\r\n"),
        says("Content-Encoding: gzip", body=gzip.compress(b"x" * 1001)),
        says("Content-Encoding: gzip", body=gzip.compress(b"")[:10] + zlib.compress(bytes(2**26), 9, -15)),
    ],
)
def test_a_file_that_is_too_large(play: Play) -> None:
    assert "larger than 1,000 bytes" in refused(play, bytes=1000)


@pytest.mark.parametrize(
    ("play", "said"),
    [
        (says("Content-Length: 10", body=b"short"), "cut short"),
        (says("Transfer-Encoding: chunked", body=b"5\r\nshort\r\n"), "cut short"),
        (says("Content-Encoding: gzip", body=gzip.compress(PICTURE)[:-9]), "cut short"),
        (says("Content-Encoding: gzip", body=b"plain"), "damaged"),
        (says("Content-Encoding: br", body=b"x"), "packed as 'br'"),
        (says(status="404 Not Found"), "answers 404"),
        (says("Content-Range: bytes 0-1/9", status="206 Partial Content", body=b"x"), "answers 206"),
        (says(status="302 Found"), "more than 5 times"),
        (says("Location: http://127.0.0.2:1/", status="302 Found"), "Port 1 is not fetched from"),
        (lambda wire, _: wire.sendall(b"SSH-2.0-x\r\n"), "does not answer as a web server"),
        (lambda wire, _: None, "does not answer as a web server"),
        (
            lambda wire, _: wire.sendall(b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 1000),
            "does not answer as a web",
        ),
        (
            lambda wire, _: wire.sendall(b"HTTP/1.1 100 Continue\r\n\r\n" * 200_000),
            "too much around its content",
        ),
    ],
)
def test_servers_that_do_not_give_a_file(play: Play, said: str) -> None:
    assert said in refused(play, bytes=len(PICTURE))


def drip(before: bytes) -> Play:
    def play(wire: socket.socket, _request: bytes) -> None:
        wire.sendall(before)
        while True:
            wire.sendall(b"x")
            time.sleep(0.05)

    return play


@pytest.mark.parametrize(
    "play",
    [
        drip(b""),
        drip(b"HTTP/1.1 200 OK\r\nA: "),
        drip(b"HTTP/1.1 200 OK\r\n\r\n"),
        lambda wire, _: wire.recv(1),
    ],
)
def test_a_server_that_gives_a_byte_now_and_then_is_left_in_time(play: Play) -> None:
    start = time.monotonic()
    assert "longer than 0.4 s" in refused(play, seconds=0.4)
    assert time.monotonic() - start < 4


def test_a_name_that_is_never_found_is_left_in_time() -> None:
    stop = threading.Event()
    with pytest.raises(Refused, match=r"longer than 0\.2 s"):
        fetch(
            "http://pictures.org/", limits=FetchLimits(seconds=0.2), resolve=lambda *_: [str(stop.wait(10))]
        )
    stop.set()


def test_the_certificate_is_checked_for_the_name() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATES / "pictures.example.pem")
    names: list[str] = []
    context.sni_callback = lambda _wire, name, _context: names.append(name)
    trust = str(CERTIFICATES / "authority.pem")
    with server(says(body=PICTURE), context) as (port, seen):
        assert ask(port, name="pictures.example", scheme="https", trust=trust).data == PICTURE
        assert names == ["pictures.example"]
        for name, trusted in (("other.example", trust), ("127.0.0.1", trust), ("pictures.example", None)):
            with pytest.raises(Refused, match=r"certificate of .* is not valid"):
                ask(port, name=name, scheme="https", trust=trusted)
    assert len(seen) == 1  # the others were left before a word was said


def test_encryption_is_not_given_up() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATES / "pictures.example.pem")
    with (
        server(says("Location: http://pictures.example/", status="301 Moved"), context) as (port, _),
        pytest.raises(Refused, match="from https to http"),
    ):
        ask(port, name="pictures.example", scheme="https", trust=str(CERTIFICATES / "authority.pem"))


def test_a_name_of_this_machine_found_by_the_system_itself() -> None:
    with server(says(body=PICTURE)) as (port, _):
        # ::1 may come first, where nobody listens.
        limits = FetchLimits(ports=frozenset({port}), allowed=networks(["127.0.0.0/8", "::1/128"]))
        assert fetch(f"http://localhost:{port}/", limits=limits).data == PICTURE


def test_nobody_there_and_metadata_even_if_allowed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(Refused, match=r"No connection to 127\.0\.0\.1"):
        ask(port)
    with pytest.raises(Refused, match="not a public address"):
        fetch("http://169.254.169.254/", limits=FetchLimits(allowed=networks(["169.254.0.0/16"])))


@given(st.text(max_size=60) | st.from_regex(r"https?://[^/]*(:[0-9]*)?/?.*", fullmatch=True))
def test_what_is_read_reads_the_same_again(text: str) -> None:
    try:
        url = read_url(text)
    except Refused:
        return
    assert read_url(str(url)) == url
    assert str(url).isascii() and str(url).isprintable() and " " not in str(url)
