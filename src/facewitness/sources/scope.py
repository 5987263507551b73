"""Which addresses belong to a source: the line that nothing is fetched or taken in beyond.

An entry is a host (`example.org`: that host alone), a host with all below it (`*.example.org`), or an address
that others begin with (`https://example.org/gallery/`). An address belongs where it fits one entry.
"""

from collections.abc import Sequence
from urllib.parse import urlsplit

from facewitness.errors import BadInput

_DEFAULT_PORTS = {"http": 80, "https": 443}


class UrlScope:
    """The addresses of one source. Without entries everything belongs."""

    def __init__(self, entries: Sequence[str]) -> None:
        """BadInput where an entry is neither a host nor an http or https address."""
        self.entries = tuple(entries)
        self._hosts: set[str] = set()
        self._domains: list[str] = []
        self._prefixes: list[tuple[str, str, int | None, str]] = []
        for entry in entries:
            self._add(entry.strip())
        self._all = not entries

    def allows(self, url: str) -> bool:
        """Whether the address belongs to the source; never where it is no http or https address."""
        parts = _split(url)
        if parts is None:
            return False
        scheme, host, port, path = parts
        if self._all or host in self._hosts:
            return True
        if any(host.endswith(domain) for domain in self._domains):
            return True
        return any((scheme, host, port) == at[:3] and path.startswith(at[3]) for at in self._prefixes)

    def _add(self, entry: str) -> None:
        if "://" in entry:
            parts = _split(entry)
            if parts is not None:
                self._prefixes.append(parts)
                return
        else:
            host = entry.removeprefix("*.").lower().rstrip(".")
            plain = _split(f"http://{host}/")
            if plain is not None and plain[1] == host:
                if entry.startswith("*."):
                    self._domains.append("." + host)
                self._hosts.add(host)
                return
        raise BadInput(
            f"{entry!r} is not a scope.",
            "Write a host (example.org), a host with all below it (*.example.org), or the beginning of the "
            "addresses (https://example.org/gallery/).",
        )


def _split(url: str) -> tuple[str, str, int | None, str] | None:
    """Scheme, host, port and path with query; `..` in the path, which a server resolves, belongs nowhere."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return None
    if parts.scheme not in _DEFAULT_PORTS or not host:
        return None
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if "/../" in f"{parts.path}/".replace("%2e", ".").replace("%2E", "."):
        return None
    return parts.scheme, host, port or _DEFAULT_PORTS[parts.scheme], path
