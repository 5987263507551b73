"""Addresses on the web: http and https, and nothing else. What they are made of is said here alone."""

import re
import string
from urllib.parse import SplitResult, quote, urlsplit

import idna

MAX_URL = 8_000
"""Characters of an address; a longer one is not used."""

DEFAULT_PORTS = {"http": 80, "https": 443}

_HOST_NAME = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*")


def is_http(url: str) -> bool:
    """Whether it is an absolute http or https address that may be kept and shown as a link."""
    return split(url) is not None and url.isprintable() and " " not in url


def split(url: str) -> SplitResult | None:
    """The parts of an http or https address; None where it is none, is overlong, or has a port that cannot be."""
    if len(url) > MAX_URL:
        return None
    try:
        parts = urlsplit(url)
        usable = parts.scheme in DEFAULT_PORTS and bool((parts.hostname or "").rstrip("."))
        usable = usable and (parts.port is None or parts.port > 0)
    except ValueError:
        return None
    return parts if usable else None


def host_of(url: str) -> str:
    """The host in lower case, without a dot at its end, an IPv6 address without brackets; empty where the
    address is none of http or https."""
    parts = split(url)
    return (parts.hostname or "").rstrip(".") if parts is not None else ""


def port_of(parts: SplitResult) -> int:
    """The port of an address that was `split`: its own, or else that of its scheme."""
    return parts.port or DEFAULT_PORTS[parts.scheme]


def path_of(url: str) -> str | None:
    """Path and query, as a rule about paths is compared with; None where it is no http or https address.

    None too where a `.` or `..` step is in the path: a server resolves it, so what is asked for is not what
    a rule would be compared with. Whoever fetches resolves the address first.
    """
    parts = split(url)
    if parts is None:
        return None
    steps = parts.path.lower().replace("%2e", ".").split("/")
    if "." in steps or ".." in steps:
        return None
    query = f"?{parts.query}" if "?" in url.partition("#")[0] else ""
    return (parts.path or "/") + query


def authority_of(url: str) -> str | None:
    """Scheme, host and port, `https://example.org:443`: what one robots.txt or tdmrep.json speaks for."""
    parts = split(url)
    if parts is None:
        return None
    host = host_of(url)
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}:{port_of(parts)}"


def is_host_name(text: str) -> bool:
    """Whether it is a name or an IPv4 address as it may stand in an address: in lower case, in ASCII."""
    return _HOST_NAME.fullmatch(text) is not None


def escaped(path: str) -> str:
    """A path as it is asked for: blanks and what is not ASCII as bytes of UTF-8, the rest as it is written."""
    return path if path.isascii() and " " not in path else quote(path, safe=string.printable.replace(" ", ""))


def ascii_name(host: str) -> str:
    """A host's name as DNS is asked for it: wide and invisible characters fold away, others are encoded.

    By UTS 46 and IDNA 2008, as browsers do: to the edition of 2003, which Python has, some names are those of
    other hosts. As it is where no name can be made of it.
    """
    if host.isascii():
        return host
    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError:
        return host
