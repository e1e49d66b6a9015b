"""Which network addresses are public: reachable by anybody, so that fetching there shows nothing of our own network.

The table is our own, so that every version of Python gives the same answer: `ipaddress.is_global` changed in 3.11.10
and 3.12.4, and it takes multicast for global. What is not known to be public is not. An address of this machine's
network that is public by itself cannot be told from any other; a firewall has to.
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# IANA, IPv4 and IPv6 Special-Purpose Address Registries, and multicast.
_CLOSED_4 = tuple(
    IPv4Network(one)
    for one in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",
        "100.64.0.0/10",  # carriers' own
        "127.0.0.0/8",
        "169.254.0.0/16",  # link-local
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",  # for documents
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
)
_OPEN_6 = IPv6Network("2000::/3")  # global unicast: mapped, compatible, local and multicast ones are outside
_CLOSED_6 = tuple(
    IPv6Network(one)
    for one in (
        "2001::/23",  # protocols, Teredo among them
        "2001:db8::/32",  # for documents
        "2002::/16",  # 6to4
        "3fff::/20",  # for documents
    )
)
_NAT64 = IPv6Network("64:ff9b::/96")  # the last 32 bits are the IPv4 address that is reached
_ISATAP = (0x00005EFE, 0x02005EFE)  # the last 32 bits again, behind these

# What a cloud tells its machines, keys included. Never fetched, even when the operator allows the network around it.
_METADATA: tuple[Address, ...] = tuple(
    ip_address(one)
    for one in (
        "169.254.169.254",
        "169.254.170.2",
        "169.254.170.23",
        "100.100.100.200",
        "168.63.129.16",  # public by its number, and answers inside one cloud only
        "192.0.0.192",
        "fd00:ec2::254",
        "fd00:ec2::23",
        "fd20:ce::254",
        "fd00:42::42",
    )
)


def networks(given: Iterable[str | Network]) -> frozenset[Network]:
    """Return the networks written as `10.1.2.0/24`. Raises ValueError for what is none."""
    return frozenset(ip_network(one) for one in given)


def read_address(text: str) -> Address | None:
    """Return the address a resolver wrote; None for what is none, or holds only on one link (`%eth0`)."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return None if isinstance(address, IPv6Address) and address.scope_id is not None else address


def is_public(address: Address) -> bool:
    """Return whether anybody can reach the address, also by the address packed into it."""
    if address in _METADATA:
        return False
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _CLOSED_4)
    packed = IPv4Address(int(address) & 0xFFFFFFFF)
    if address in _NAT64:
        return is_public(packed)
    if address not in _OPEN_6 or any(address in network for network in _CLOSED_6):
        return False
    return (int(address) >> 32) & 0xFFFFFFFF not in _ISATAP or is_public(packed)


def may_reach(address: Address, allowed: Iterable[Network] = ()) -> bool:
    """Return whether the address is public, or in a network that the operator allows and no metadata service."""
    if is_public(address):
        return True
    inside = any(address.version == network.version and address in network for network in allowed)
    return inside and address not in _METADATA
