"""Which places on a private network a source names as its own.

Named are: the networks, addresses and hosts of `own_networks`; an address that stands in the scope as it is
(`http://127.0.0.1:8000/`, `192.168.1.5`), for requests to that address alone; and a host of the scope whose name
can be no public one (`localhost`, `nas`, `photos.internal`). A name that looks public is never named by the scope:
DNS would then say what is private. Addresses where clouds hand out credentials cannot be named at all.
"""

import ipaddress
import re
from collections.abc import Iterable, Sequence

from facewitness.errors import BadInput
from facewitness.sources.urls import host_of, is_host_name

_ANY = ("0.0.0.0/0", "::/0")
_NUMBER = re.compile(r"(\d+|0x[0-9a-f]*)")
_LOCAL = re.compile(r"([a-z0-9_-]+|.*\.(localhost|local|internal|home\.arpa))")
"""RFC 6761, 6762 and 8375, and ICANN's resolution of 29 July 2024; a name without a dot is none of the DNS."""


class OwnPlaces:
    """What of the private networks may be asked, host by host."""

    def __init__(self, scope: Iterable[str], named: Iterable[str]) -> None:
        """BadInput where an entry of `named` is neither network nor address nor host."""
        self._networks: list[str] = []
        self._addresses: set[str] = set()
        self._names: set[str] = set()
        for entry in named:
            self._add(entry.strip().lower().rstrip("."))
        for host in map(named_host, scope):
            if _is_address(host):
                self._addresses.add(host)
            elif _LOCAL.fullmatch(host) and not _is_number(host):
                self._names.add(host)

    def of(self, host: str) -> Sequence[str]:
        """The `own` of `networks.checked_addresses` for requests to this host."""
        host = host.lower().rstrip(".")
        if host in self._names:
            return _ANY
        return [*self._networks, host] if host in self._addresses else self._networks

    def _add(self, entry: str) -> None:
        try:
            self._networks.append(str(ipaddress.ip_network(entry)))
        except ValueError:
            if not is_host_name(entry) or _is_number(entry):
                raise BadInput(
                    f"{entry!r} is neither a network nor a host.",
                    "Write a network (192.168.1.0/24), an address (192.168.1.20) or a host (nas.example.org).",
                ) from None
            self._names.add(entry)


def named_host(entry: str) -> str:
    """The host of a scope's entry, in lower case; of a host with all below it none."""
    if "://" in entry:
        return host_of(entry)
    return "" if entry.startswith("*.") else entry.lower().rstrip(".")


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_number(host: str) -> bool:
    """Whether it is an address in disguise: `2130706433`, `0x7f.1`."""
    return bool(_NUMBER.fullmatch(host.rpartition(".")[2]))
