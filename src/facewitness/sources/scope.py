"""Which addresses belong to a source: the line that nothing is fetched or taken in beyond.

An entry is a host (`example.org`: that host alone), a host with all below it (`*.example.org`), or an address
that others begin with (`https://example.org/gallery/`). An address belongs where it fits one entry.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from facewitness.errors import BadInput
from facewitness.sources.interface import Source
from facewitness.sources.urls import ascii_name, escaped, host_of, is_host_name, port_of, split
from facewitness.terms.provenance import Arrival, SkippedPhoto, SkipReason

_Parts = tuple[str, str, int, str]


class UrlScope:
    """The addresses of one source. Without entries everything belongs."""

    def __init__(self, entries: Sequence[str]) -> None:
        """BadInput where an entry is neither a host nor an http or https address."""
        self.entries = tuple(entries)
        self._hosts: set[str] = set()
        self._domains: list[str] = []
        self._prefixes: list[_Parts] = []
        for entry in entries:
            self._add(entry.strip())
        self._all = not entries

    def allows(self, url: str) -> bool:
        """Whether the address belongs to the source; never where it is no http or https address."""
        parts = _parts(url)
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
            parts = _parts(entry)
            if parts is not None:
                self._prefixes.append(parts)
                return
        else:
            host = ascii_name(entry.removeprefix("*.").lower().rstrip("."))
            if is_host_name(host):
                if entry.startswith("*."):
                    self._domains.append("." + host)
                self._hosts.add(host)
                return
        raise BadInput(
            f"{entry!r} is not a scope.",
            "Write a host (example.org), a host with all below it (*.example.org), or the beginning of the "
            "addresses (https://example.org/gallery/).",
        )


class Scoped:
    """A source of which only what belongs to its scope comes in; the rest is counted."""

    def __init__(self, source: Source, scope: UrlScope) -> None:
        self._source, self._scope = source, scope

    def arrivals(self) -> Iterator[Arrival | SkippedPhoto]:
        """What the source gives; see `Source.arrivals`."""
        for one in self._source.arrivals():
            yield self._within(one) if isinstance(one, Arrival) else one

    def _within(self, arrival: Arrival) -> Arrival | SkippedPhoto:
        """The photo with those of its appearances whose page or image belongs to the scope."""
        inside = tuple(
            seen
            for seen in arrival.observations
            if self._scope.allows(seen.page_url) or self._scope.allows(seen.image_url)
        )
        if inside:
            return replace(arrival, observations=inside)
        addresses = (seen.page_url or seen.image_url for seen in arrival.observations)
        told = next(filter(None, addresses), "no address says where it was found")
        return SkippedPhoto(arrival.path, SkipReason.OUT_OF_SCOPE, told)


def _parts(url: str) -> _Parts | None:
    """Scheme, host, port and path with query; `..` in the path, which a server resolves, belongs nowhere."""
    parts = split(url)
    if parts is None or "/../" in f"{parts.path}/".replace("%2e", ".").replace("%2E", "."):
        return None
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return parts.scheme, ascii_name(host_of(url)), port_of(parts), escaped(path)
