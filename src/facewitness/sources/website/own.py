"""Which places on a private network a source names as its own.

Named are: an address that stands in the scope as it is (`http://127.0.0.1:8000/`, `192.168.1.5`), for requests to
that address alone; and a host of the scope whose name can be no public one (`localhost`, `nas`, `photos.internal`).
A name that looks public names nothing: DNS would then say what is private. Addresses where clouds hand out
credentials cannot be named at all.
"""

import ipaddress
import re
from collections.abc import Iterable, Sequence

from facewitness.sources.urls import host_of

_ANY = ("0.0.0.0/0", "::/0")
_NUMBER = re.compile(r"(\d+|0x[0-9a-f]*)")
_LOCAL = re.compile(r"([a-z0-9_-]+|.*\.(localhost|local|internal|home\.arpa))")
"""RFC 6761, 6762 and 8375, and ICANN's resolution of 29 July 2024; a name without a dot is none of the DNS."""


class OwnPlaces:
    """What of the private networks may be asked, host by host."""

    def __init__(self, scope: Iterable[str]) -> None:
        self._addresses: set[str] = set()
        self._names: set[str] = set()
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
        return [host] if host in self._addresses else []


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
    return "%" not in host  # of an interface of one machine: no address that a name can stand for


def _is_number(host: str) -> bool:
    """Whether it is an address in disguise: `2130706433`, `0x7f.1`."""
    return bool(_NUMBER.fullmatch(host.rpartition(".")[2]))
