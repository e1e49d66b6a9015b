"""One reading of an address: what it does not allow for sure is refused, never repaired.

Two readers that understand an address differently are how a check is passed by, so there is only this one, and what
it reads is what is sent. It knows fewer spellings than a browser: no user names, no backslashes, no numbers for
names, no letters that change when they are normalised.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import quote, urljoin

from tarazu.safe.refused import Refused

LONGEST = 4096  # characters
_PORTS = {"http": 80, "https": 443}
_FORM = re.compile(
    r"(?P<scheme>https?)://(?P<place>[^/?#]+)(?P<path>/[^?#]*)?(?P<query>\?[^#]*)?(?:#.*)?", re.I
)
_PLACE = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[^\[\]:@]+)(?::(?P<port>[0-9]{1,5}))?")
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")  # a host whose last label is one is meant as an IPv4 address
_ODD = re.compile(r"[\x00-\x20\x7f-\x9f\\\s]")
_DEVIATE = "\u00df\u03c2\u200c\u200d\u3002"  # read differently by the two versions of IDNA; the last is a dot

# Names that lead into a network, not out of it (RFC 6761 and its registry, and those in common use).
_LOCAL = frozenset(
    [
        "localhost",
        "localdomain",
        "local",
        "internal",
        "intranet",
        "private",
        "corp",
        "home",
        "lan",
        "arpa",
        "onion",
        "alt",
        "test",
        "example",
        "invalid",
    ]
)


@dataclass(frozen=True)
class Url:
    """An address taken apart; `str()` puts it together again."""

    scheme: str  # http | https
    host: str  # a lower-case name in ASCII, or an address without brackets
    address: IPv4Address | IPv6Address | None  # when the host is one
    port: int
    target: str  # path and query as they are sent, in ASCII

    @property
    def place(self) -> str:
        """Host and port as the Host header has them."""
        host = f"[{self.host}]" if isinstance(self.address, IPv6Address) else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def local(self) -> bool:
        """Whether the name can only be one of the own network: `printer`, `files.local`."""
        labels = self.host.split(".")
        return self.address is None and (len(labels) < 2 or labels[-1] in _LOCAL)

    def __str__(self) -> str:
        return f"{self.scheme}://{self.place}{self.target}"


def read_url(text: str) -> Url:
    """Read an address. Raises Refused, with the reason, for anything but a plain http or https address."""
    if len(text) > LONGEST:
        raise Refused(f"The address has {len(text):,} characters; the limit is {LONGEST:,}.")
    if _ODD.search(text):
        raise Refused("The address has a space, a backslash or a control character in it.")
    form = _FORM.fullmatch(text)
    if form is None:
        raise Refused("Only addresses that begin with http:// or https:// and name a host are fetched.")
    if "@" in form["place"]:
        raise Refused("The address has a user name or a password in it.")
    place = _PLACE.fullmatch(form["place"])
    if place is None:
        raise Refused("The address names no host, or its port is no number.")
    scheme = form["scheme"].lower()
    port = int(place["port"]) if place["port"] else _PORTS[scheme]
    host, address = _host(place["host"])
    try:
        # "%" stays: what is escaped already is not escaped again.
        target = quote((form["path"] or "/") + (form["query"] or ""), safe="%/?:@!$&'()*+,;=-._~[]|")
    except UnicodeEncodeError as error:
        raise Refused("The address has half a character in it.") from error
    return Url(scheme, host, address, port, target)


def follow(url: Url, location: str) -> Url:
    """Return where a redirect leads. Raises Refused as `read_url` does, and when it gives up encryption."""
    try:
        # Servers send bytes; those that are not ASCII are nearly always UTF-8.
        location = location.encode("latin-1").decode("utf-8")
    except UnicodeError as error:
        raise Refused("The server redirects to an address that cannot be read.") from error
    location = location.strip(" \t")
    if _ODD.search(location):  # before joining, which would drop some of them
        raise Refused("The server redirects to an address with a space or a control character in it.")
    try:
        joined = urljoin(str(url), location)
    except ValueError as error:
        raise Refused("The server redirects to an address that cannot be read.") from error
    there = read_url(joined)
    if url.scheme == "https" and there.scheme == "http":
        raise Refused(
            "The server redirects from https to http, where anybody on the way can change the answer."
        )
    return there


def _host(text: str) -> tuple[str, IPv4Address | IPv6Address | None]:
    if text.startswith("["):
        try:
            address = IPv6Address(text[1:-1])
        except ValueError as error:
            raise Refused("The host is no IPv6 address.") from error
        return str(address), address
    name = _ascii(text).lower()
    labels = name.split(".")
    if _NUMBER.fullmatch(labels[-1] or (labels[-2] if len(labels) > 1 else "")):
        try:
            # Only four decimal numbers; octal, hexadecimal and short forms mean different things to different readers.
            return name, IPv4Address(name)
        except ValueError as error:
            raise Refused("The host is a number, but no IPv4 address of the form 192.0.2.1.") from error
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise Refused("The host is no name made of letters, digits, hyphens and single dots.")
    return name, None


def _ascii(name: str) -> str:
    if name.isascii():
        return name
    if len(name) > 253 or unicodedata.normalize("NFKC", name) != name or any(one in name for one in _DEVIATE):
        raise Refused("The host has letters that stand for others; write its name in the xn-- form.")
    try:
        return name.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise Refused("The host is no name that can be looked up.") from error
