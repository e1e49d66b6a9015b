"""The only door to the network for addresses that other people wrote.

An address is read once and strictly (`url`), its name is looked up once, every answer must be public (`address`), and
the connection goes to one of exactly those answers, in numbers; the name is used for the Host header, for SNI and to
check the certificate, and is never looked up again. So a name that changes its answer between check and use changes
nothing. Each redirect goes through all of this again.

Built on `http.client` and `ssl` of the standard library, not on a client library: those look names up themselves,
follow redirects, keep cookies, read proxies from the environment, unpack bodies, and count their time limits anew for
every byte. Here there is one reader of the address, one socket and one deadline, and nothing to switch off.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from tarazu.safe.address import Network, may_reach, read_address
from tarazu.safe.connection import Answering, Connect, Deadline, Incoming, connect, encrypted
from tarazu.safe.refused import Refused
from tarazu.safe.unpacking import unpacked
from tarazu.safe.url import Url, follow, read_url

Resolve = Callable[[str, int], Sequence[str]]  # a name and a port -> addresses in numbers

_MOVED = (301, 302, 303, 307, 308)
_PIECE = 2**16
_AROUND = 2**20  # bytes of headers, and of what chunks cost, beyond the content itself
_CONNECT = 5.0  # seconds for one address, so that a dead one leaves time for the next


@dataclass(frozen=True, kw_only=True)
class FetchLimits:
    """What one fetch may cost, and where it may go."""

    bytes: int = 64 * 2**20  # of content, as sent and as unpacked
    seconds: float = 30.0  # for everything: looking up, redirects, the last byte
    redirects: int = 5
    ports: frozenset[int] = frozenset({80, 443})
    allowed: frozenset[Network] = frozenset()  # the operator's own networks; see `address.networks`
    trust: str | None = None  # file with the certificates of a private authority, instead of the system's


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """What a server gave."""

    url: str  # as asked
    final_url: str  # after the redirects
    status: int  # 200, or 203: by a proxy on the way
    content_type: (
        str  # as the server calls it, lower case, without parameters, or ""; nothing is decided by it
    )
    data: bytes


def fetch(
    url: str, *, limits: FetchLimits | None = None, resolve: Resolve | None = None, connect: Connect = connect
) -> Fetched:
    """Fetch one http or https address with GET.

    `resolve` looks names up in place of the system; `connect` opens connections in its place. Raises Refused, with the
    reason, when the address is not public, the answer costs more than `limits`, or there is no answer.
    """
    limits = limits or FetchLimits()
    deadline = Deadline(limits.seconds)
    at = read_url(url)
    for _ in range(limits.redirects + 1):
        wire = _connected(at, limits, deadline, resolve or system_resolve, connect)
        try:
            answer = _ask(wire, at, limits, deadline)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise Refused(f"{at.host} does not answer as a web server does ({_said(error)}).") from error
        finally:
            wire.close()
        if isinstance(answer, Url):
            at = answer
        else:
            status, kind, data = answer
            return Fetched(url=url, final_url=str(at), status=status, content_type=kind, data=data)
    raise Refused(f"The address redirects more than {limits.redirects} times.")


def system_resolve(name: str, port: int) -> list[str]:
    """Look a name up as the system does. Raises OSError or UnicodeError."""
    found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(place[0]) for *_, place in found))


def checked(url: Url, limits: FetchLimits, found: Iterable[str]) -> list[str]:
    """Return the addresses that were found, if all of them may be reached. Raises Refused otherwise.

    One that may not spoils the rest: who mixes them wants the wrong one to be taken.
    """
    addresses = [(text, read_address(text)) for text in found]
    if not addresses:
        raise Refused(f"The name {url.host} leads to no address.")
    for text, address in addresses:
        if address is None or not may_reach(address, limits.allowed):
            what = f"{url.host} is" if url.address else f"The name {url.host} leads to {text}, which is"
            raise Refused(f"{what} not a public address.")
    return [str(address) for _, address in addresses]


def _connected(
    url: Url, limits: FetchLimits, deadline: Deadline, resolve: Resolve, connect: Connect
) -> socket.socket:
    if url.port not in limits.ports:
        raise Refused(
            f"Port {url.port} is not fetched from, only {', '.join(map(str, sorted(limits.ports)))}."
        )
    if url.address is not None:
        addresses = checked(url, limits, [url.host])
    elif url.local and not limits.allowed:
        raise Refused(f"{url.host} is a name inside a network, not a public one.")
    else:
        addresses = checked(url, limits, _looked_up(url, deadline, resolve))
    failure: OSError | None = None
    for address in addresses:
        try:
            wire = connect(address, url.port, min(deadline.left(), _CONNECT))
        except OSError as error:
            failure = error
            continue
        if url.scheme == "http":
            return wire
        try:
            return encrypted(wire, url.host, limits.trust, deadline)
        except ssl.SSLCertVerificationError as error:
            wire.close()
            raise Refused(f"The certificate of {url.host} is not valid ({error.verify_message}).") from error
        except (OSError, ValueError) as error:
            wire.close()
            failure = error if isinstance(error, OSError) else OSError(str(error))
        except BaseException:
            wire.close()
            raise
    raise Refused(f"No connection to {url.host} ({_said(failure)}).") from failure


def _looked_up(url: Url, deadline: Deadline, resolve: Resolve) -> Sequence[str]:
    """Look the name up, no longer than the deadline: the system's own limit is half a minute and more."""
    found: list[Sequence[str]] = []
    failed: list[Exception] = []

    def look() -> None:
        try:
            found.append(resolve(url.host, url.port))
        except Exception as error:
            failed.append(error)

    thread = threading.Thread(target=look, daemon=True, name="look up a name")
    thread.start()
    thread.join(deadline.left())
    if failed:
        raise Refused(f"The name {url.host} cannot be looked up ({_said(failed[0])}).") from failed[0]
    if not found:
        deadline.left()
        raise Refused(f"The name {url.host} cannot be looked up in time.")
    return found[0]


def _ask(
    wire: socket.socket, url: Url, limits: FetchLimits, deadline: Deadline
) -> Url | tuple[int, str, bytes]:
    wire.settimeout(deadline.left())
    wire.sendall(
        f"GET {url.target} HTTP/1.1\r\nHost: {url.place}\r\nUser-Agent: Tarazu\r\nAccept: */*\r\n"
        "Accept-Encoding: identity\r\nConnection: close\r\n\r\n".encode("ascii")
    )
    incoming = Incoming(wire, deadline, limits.bytes + _AROUND)
    response = http.client.HTTPResponse(Answering(incoming), method="GET")  # type: ignore[arg-type]
    with response:
        response.begin()
        if response.status in _MOVED:
            return follow(url, response.headers.get("Location") or "")
        if response.status not in (200, 203):
            raise Refused(f"{url.host} answers {response.status}, not with a file.")
        if (response.length or 0) > limits.bytes:
            raise Refused(_too_large(limits))
        data = _content(response, limits)
        if response.length:
            raise Refused(f"The answer of {url.host} is cut short.")
        kind = response.headers.get_content_type() if "Content-Type" in response.headers else ""
        return response.status, kind, data


def _content(response: http.client.HTTPResponse, limits: FetchLimits) -> bytes:
    pieces, size = [], 0
    for piece in unpacked(response.read, (response.headers.get("Content-Encoding") or "").strip().lower()):
        size += len(piece)
        if size > limits.bytes:
            raise Refused(_too_large(limits))
        pieces.append(piece)
    return b"".join(pieces)


def _too_large(limits: FetchLimits) -> str:
    return f"The file is larger than {limits.bytes:,} bytes, the limit."


def _said(error: Exception | None) -> str:
    if isinstance(error, http.client.IncompleteRead):
        return "cut short"
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
