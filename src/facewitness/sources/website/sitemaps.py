"""Sitemaps (sitemaps.org, and Google's extension for images): lists of a site's addresses, written by the site."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from facewitness.sources.website.normal import normal

MAX_BYTES = 50 * 1024 * 1024
"""Of a sitemap once it is unpacked, and `MAX_URLS` its addresses: the limits of sitemaps.org."""
MAX_URLS = 50_000

_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Listed:
    """The addresses of a sitemap, `normal`, each once."""

    pages: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    is_whole: bool = True
    """Whether it could be read to its end."""


def read_sitemap(data: bytes) -> Listed:
    """What a sitemap or an index of sitemaps lists, plain or in gzip; of a damaged one what comes before the
    damage. Never raises."""
    found: dict[str, dict[str, None]] = {"url": {}, "image": {}, "sitemap": {}}
    is_whole = True
    try:
        for parent, address in _locations(_unpacked(data)):
            if url := normal(address):
                found[parent][url] = None
            if sum(map(len, found.values())) >= MAX_URLS:
                is_whole = False
                break
    except (ParseError, DefusedXmlException, zlib.error, ValueError, LookupError):
        is_whole = False
    return Listed(tuple(found["url"]), tuple(found["image"]), tuple(found["sitemap"]), is_whole)


def _locations(data: bytes) -> Iterator[tuple[str, str]]:
    """Each `<loc>` with the name of the element that it stands in."""
    above: list[Element] = []
    for event, element in iterparse(BytesIO(data), events=("start", "end")):
        if event == "start":
            above.append(element)
            continue
        above.pop()
        if _name(element) == "loc" and above and (parent := _name(above[-1])) in ("url", "image", "sitemap"):
            yield parent, element.text or ""
        if _name(element) in ("url", "sitemap") and above:
            above[-1].remove(element)  # or memory would grow with the file


def _name(element: Element) -> str:
    """The name without its namespace, about which sitemaps are careless."""
    return str(element.tag).rpartition("}")[2]


def _unpacked(data: bytes) -> bytes:
    if not data.startswith(_GZIP):
        return data
    unpacked = zlib.decompressobj(wbits=31).decompress(data, MAX_BYTES + 1)
    if len(unpacked) > MAX_BYTES:
        raise ValueError("too large")
    return unpacked
