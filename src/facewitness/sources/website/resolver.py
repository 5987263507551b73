"""How the crawl's connections find their addresses: looked up once, checked, and connected to as checked.

Twisted's endpoints ask the reactor's name resolver for every connection, also where the host is an address, and
connect to what it gives without another look-up. So this is the one place that every connection passes.
"""

import ipaddress
from collections.abc import Callable, Sequence
from typing import Any

import idna
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IHostnameResolver, IHostResolution
from twisted.internet.threads import deferToThread
from zope.interface import implementer

from facewitness.sources.networks import Resolver, checked_addresses, system_resolver
from facewitness.sources.website.own import OwnPlaces

InThread = Callable[..., "Deferred[list[str]]"]


@implementer(IHostResolution)
class _Resolution:
    def __init__(self, name: str) -> None:
        self.name = name

    def cancel(self) -> None:
        """A look-up in a thread goes on to its end."""


@implementer(IHostnameResolver)
class CheckedResolver:
    """Gives only addresses of the public Internet, and those that the source names as its own."""

    def __init__(
        self, own: OwnPlaces, resolve: Resolver = system_resolver, in_thread: InThread = deferToThread
    ) -> None:
        self._own, self._resolve, self._in_thread = own, resolve, in_thread
        self.private: set[str] = set()
        """Hosts that have addresses, and none at which they may be asked."""

    def resolveHostName(  # noqa: N802  Twisted's name
        self,
        resolutionReceiver: Any,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[type] | None = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> IHostResolution:
        """See Twisted's IHostnameResolver; where there is no address that may be asked, none is given."""
        resolution = _Resolution(hostName)
        resolutionReceiver.resolutionBegan(resolution)

        def give(addresses: list[str]) -> None:
            for address in addresses:
                is_v4 = ipaddress.ip_address(address).version == 4
                kind = IPv4Address if is_v4 else IPv6Address
                resolutionReceiver.addressResolved(kind("TCP", address, portNumber))
            resolutionReceiver.resolutionComplete()

        checked = self._in_thread(self._checked, _ascii(hostName), portNumber)
        checked.addCallbacks(give, lambda _: give([]))
        return resolution  # type: ignore[return-value]

    def _checked(self, host: str, port: int) -> list[str]:
        try:
            addresses = checked_addresses(host, port, self._own.of(host), self._resolve)
        except OSError:
            return []
        if not addresses:
            self.private.add(host)
        return addresses


def _ascii(host: str) -> str:
    """The name as it stood in the address: Twisted hands on what it stands for, and the system would read that by
    another edition of the rules, which for some names is another host."""
    try:
        return host if host.isascii() else idna.encode(host).decode("ascii")
    except idna.IDNAError:
        return host
