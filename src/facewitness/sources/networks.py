"""Which network addresses may be fetched from: those of the public Internet, and those a source names as its own.

A name is looked up once, what it stands for is checked, and the connection is made to exactly what was checked:
a second look-up could give another answer (DNS rebinding). Every redirect is a new name, and checked anew.
"""

import ipaddress
import socket
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from facewitness.errors import BadInput

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Resolver = Callable[[str, int], Sequence[str]]
"""The addresses of a host, as text. OSError where it has none or cannot be looked up."""

_SPECIAL = tuple(
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # shared by a carrier's customers
        "127.0.0.0/8",
        "169.254.0.0/16",  # link-local
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "2001::/23",  # protocol assignments, among them Teredo, which carries private computers
        "2001:db8::/32",
        "3fff::/20",
    )
)
"""IANA's registries of special-purpose addresses, written out: what Python's `is_global` makes of them changes
from patch release to patch release. For the rest of IPv6 see `_GLOBAL_UNICAST`."""

_GLOBAL_UNICAST = IPv6Network("2000::/3")
"""All that IANA has given out of IPv6 for hosts of the Internet. Loopback, link-local, unique local and
multicast addresses lie outside."""

_NAT64 = IPv6Network("64:ff9b::/96")
"""RFC 6052: how a network that has only IPv6 reaches IPv4."""

_METADATA = frozenset(
    ipaddress.ip_address(address)
    for address in (
        "168.63.129.16",  # Azure's, a public address
        "169.254.169.254",
        "169.254.170.2",
        "100.100.100.200",
        "192.0.0.192",
        "fd00:ec2::254",
    )
)
"""Where clouds hand out a machine's credentials. No source can name them as its own."""


def is_public(ip: str | Address) -> bool:
    """Whether it is an address of the public Internet; never where the text is no address.

    An IPv6 address that stands for one of IPv4 (mapped, NAT64, 6to4) is as public as that one.
    """
    address = _address(ip)
    if address is None:
        return False
    address = _embedded(address) or address
    if address in _METADATA or any(address in network for network in _SPECIAL):
        return False
    return address.version == 4 or (address in _GLOBAL_UNICAST and address.is_global)


def checked_addresses(
    host: str, port: int, own: Sequence[str] = (), resolve: Resolver | None = None
) -> list[str]:
    """The addresses at which a host may be asked, in the resolver's order, each once; empty where at none.

    Connect to one of these and to nothing else, with `host` in the `Host` header and in TLS. `host` is a name or
    an address (IPv6 without brackets). `own` lists the addresses (`192.168.1.20`) and networks (`10.1.0.0/16`)
    that the source names as its own; names of hosts are not taken, since DNS would then say what is private.
    The answer holds for one connection and is not to be kept.

    OSError as the resolver raises it: not known now, to be tried again. BadInput where `own` is not as described.
    """
    networks = [_network(entry) for entry in own]
    try:
        found = [host] if _address(host) else (resolve or system_resolver)(host, port)
    except ValueError:  # a name that cannot be one, such as a label of 64 characters
        return []
    return [one for one in dict.fromkeys(found) if is_public(one) or _is_own(one, networks)]


def system_resolver(host: str, port: int) -> list[str]:
    """The addresses that the system gives for a host."""
    answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(answer[4][0]) for answer in answers]


def _is_own(text: str, networks: Sequence[Network]) -> bool:
    address = _address(text)
    if address is None:
        return False
    meant = _embedded(address) or address
    return meant not in _METADATA and any(meant in network for network in networks)


def _embedded(address: Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 address stands for."""
    if isinstance(address, IPv4Address):
        return None
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def _address(ip: str | Address) -> Address | None:
    """None where it is none; an address within a zone (`fe80::1%eth0`) is none that a website has."""
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return None
    return None if isinstance(address, IPv6Address) and address.scope_id else address


def _network(entry: str) -> Network:
    try:
        return ipaddress.ip_network(entry)
    except ValueError:
        raise BadInput(
            f"{entry!r} is not an address or a network.",
            "Write an address (192.168.1.20) or a network (192.168.1.0/24) of the source's own.",
        ) from None
