"""Addresses in archives: resolved, cleared, and brought to one form in which pages and images meet."""

import hashlib
import re
from functools import lru_cache
from urllib.parse import quote, urljoin, urlsplit

from facewitness.sources.urls import DEFAULT_PORTS, MAX_URL

IMAGE_ENDINGS = (
    *(".avif", ".bmp", ".gif", ".heic", ".heif", ".jfif", ".jp2", ".jpe", ".jpeg", ".jpg", ".jxl"),
    *(".png", ".tif", ".tiff", ".webp"),
)
"""How the names of image files end."""

_PLAIN = re.compile(r"[A-Za-z0-9._~!$&'()*+,;=:@/?\[\]|-]*")
_USUAL = re.compile(
    r"http(?:://([a-z0-9.-]++)(?::80)?|s://([a-z0-9.-]++)(?::443)?)"
    r"(/[A-Za-z0-9._~!$&'()*+,;=:@/|-]*+)(?:\?([A-Za-z0-9._~!$&'()*+,;=:@/?|-]*+))?"
)
"""An address that needs no second look: host, path and query stand in it as they are compared."""

_ROOTED = re.compile(
    r"(?:/(?![/.])[A-Za-z0-9._~!$&'()*+,;=:@%|-]*+)++(?:\?[A-Za-z0-9._~!$&'()*+,;=:@/?%|-]*+)?"
)
"""A reference with nothing in it to be resolved but the site."""

_ESCAPE = re.compile("%([0-9a-fA-F]{2})")
_UNRESERVED = re.compile("[A-Za-z0-9._~-]")


def web_address(text: str) -> str:
    """An http or https address without what no server sees, spaces written as `%20`; else empty.

    Some crawlers put `WARC-Target-URI` in angle brackets, as the grammar of WARC 1.0 had it.
    """
    if len(text) <= MAX_URL and _USUAL.fullmatch(text):
        return text
    address = _cleared(text.strip().removeprefix("<").removesuffix(">"))
    try:
        return address if address and urlsplit(address).hostname else ""
    except ValueError:
        return ""


def resolve(base: str, reference: str) -> str:
    """The address that a page with this base means; empty where it is none of http or https."""
    try:
        if _ROOTED.fullmatch(reference):
            origin = _origin(base)
            return origin + reference if origin and len(origin + reference) <= MAX_URL else ""
        reference = reference.strip()
        if len(reference) > MAX_URL or reference[:5].lower() == "data:":
            return ""
        is_whole = reference.startswith(("https://", "http://"))
        return _cleared(reference if is_whole else urljoin(base, reference))
    except ValueError:
        return ""


def address_key(url: str) -> int:
    """64 bits that name an address, whether written with http or https, escaped or not; 0 for none.

    A page that was fetched over https and names its images with http means what the crawler then fetched.
    """
    if usual := _USUAL.fullmatch(url):
        return _key(f"{usual[1] or usual[2]}{usual[3]}?{usual[4] or ''}")
    try:
        parts = urlsplit(url)
    except ValueError:
        return 0
    host = parts.netloc.rpartition("@")[2].lower().removesuffix(f":{DEFAULT_PORTS.get(parts.scheme)}")
    if not host:
        return 0
    return _key(f"{host}{_escaped(parts.path) or '/'}?{_escaped(parts.query)}")


def _key(text: str) -> int:
    digest = hashlib.blake2b(text.encode(errors="replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def has_image_ending(url: str) -> bool:
    """Whether the path of the address, or of a reference, ends as the names of image files do."""
    return url.partition("#")[0].partition("?")[0].lower().endswith(IMAGE_ENDINGS)


@lru_cache(1024)
def _origin(base: str) -> str:
    """Scheme and host of an address, empty where it is none of http or https."""
    parts = urlsplit(base)
    return _cleared(f"{parts.scheme}://{parts.netloc}")


def _cleared(text: str) -> str:
    address = text.partition("#")[0].replace(" ", "%20")
    usable = len(address) <= MAX_URL and address.isprintable()
    return address if usable and address[:8].lower().startswith(("http://", "https://")) else ""


def _escaped(text: str) -> str:
    """Percent-encoding as RFC 3986 (6.2.2) has it: upper case, and only where needed."""
    if _PLAIN.fullmatch(text):
        return text
    return quote(_ESCAPE.sub(_unescaped, text), safe="%!$&'()*+,;=:@/?~[]|", errors="replace")


def _unescaped(escape: re.Match[str]) -> str:
    character = chr(int(escape[1], 16))
    return character if _UNRESERVED.fullmatch(character) else escape[0].upper()
