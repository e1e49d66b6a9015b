"""One connection to an address that was checked, with an end: in time and in bytes, however the other side behaves."""

from __future__ import annotations

import io
import socket
import ssl
import time
from collections.abc import Callable
from typing import Any

from tarazu.safe.refused import Refused

Connect = Callable[[str, int, float], socket.socket]  # an address in numbers, a port, seconds to wait


def connect(address: str, port: int, seconds: float) -> socket.socket:
    """Connect to exactly this address: it is in numbers, so nothing is looked up. Raises OSError."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    wire = socket.socket(family, socket.SOCK_STREAM)
    try:
        wire.settimeout(seconds)
        wire.connect((address, port))
    except BaseException:
        wire.close()
        raise
    return wire


class Deadline:
    """A moment by which all must be done."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.seconds, self._clock = seconds, clock
        self._end = clock() + seconds

    def left(self) -> float:
        """Return the seconds that are left, more than 0. Raises Refused when none are."""
        left = self._end - self._clock()
        if left <= 0:
            raise Refused(
                f"The server took longer than {self.seconds:g} s; the limit is for the whole answer."
            )
        return left


def encrypted(wire: socket.socket, name: str, trust: str | None, deadline: Deadline) -> ssl.SSLSocket:
    """Encrypt the connection, with the certificate checked for `name`. Raises OSError or ssl.SSLError.

    `trust` is a file with the certificates of a private authority, used instead of the system's.
    """
    context = ssl.create_default_context(cafile=trust)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    wire.settimeout(deadline.left())
    return context.wrap_socket(wire, server_hostname=name)


class Incoming(io.RawIOBase):
    """What comes in, as a file: each read waits until the deadline at most, and all of them give `most` bytes."""

    def __init__(self, wire: socket.socket, deadline: Deadline, most: int) -> None:
        self._wire, self._deadline, self._left = wire, deadline, most

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read what is there, 0 at the end. Raises Refused after the last second or byte."""
        self._wire.settimeout(self._deadline.left())
        try:
            count = self._wire.recv_into(buffer)
        except TimeoutError:
            self._deadline.left()
            raise
        self._left -= count
        if self._left < 0:
            raise Refused("The server's answer has too much around its content.")
        return count


class Answering:
    """What `http.client.HTTPResponse` wants instead of a socket."""

    def __init__(self, incoming: Incoming) -> None:
        self._incoming = incoming

    def makefile(self, _mode: str) -> io.BufferedReader:
        """Return the incoming bytes with a buffer."""
        return io.BufferedReader(self._incoming)
