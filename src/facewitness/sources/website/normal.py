"""Addresses in the one form in which they are compared with the rules, and asked for."""

import re
from urllib.parse import urlsplit

from w3lib.url import safe_url_string

from facewitness.sources.urls import DEFAULT_PORTS, ascii_name, is_http

_IS_NORMAL = re.compile(
    r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)*(?:/(?![.%])[\w~!$&'()*+,;=:@.-]*)+", re.ASCII
).fullmatch
"""Most addresses; this saves nine tenths of the time."""


def normal(url: str) -> str:
    """The address without name and password, default port and fragment, its `..` steps taken and what is not
    ASCII escaped, as browsers send it; empty where it is no http or https address."""
    if _IS_NORMAL(url):
        return url if is_http(url) else ""
    try:
        parts = urlsplit(safe_url_string(_with_ascii_host(url.strip())))
        host, port = (parts.hostname or "").rstrip("."), parts.port
        host.encode("ascii")
    except (ValueError, UnicodeError):
        return ""
    if parts.scheme not in DEFAULT_PORTS or not host:
        return ""
    place = f"[{host}]" if ":" in host else host
    if port is not None and port != DEFAULT_PORTS[parts.scheme]:
        place += f":{port}"
    query = f"?{parts.query}" if parts.query else ""
    address = f"{parts.scheme}://{place}{_path(parts.path)}{query}"
    return address if is_http(address) else ""


def _with_ascii_host(url: str) -> str:
    """The address with its host's name encoded, and without name and password where that had to be done."""
    parts = urlsplit(url)
    if parts.netloc.isascii() or not parts.hostname:
        return url
    port = "" if parts.port is None else f":{parts.port}"
    return parts._replace(netloc=ascii_name(parts.hostname) + port).geturl()


def _path(path: str) -> str:
    """RFC 3986 (5.2.4), a `.` also where it is escaped: servers disagree about those, this form has none."""
    taken: list[str] = []
    *steps, last = path.removeprefix("/").split("/")
    for step in [*steps, last]:
        match step.lower().replace("%2e", "."):
            case "..":
                del taken[-1:]
            case ".":
                continue
            case _:
                taken.append(step)
    if last.lower().replace("%2e", ".") in (".", ".."):
        taken.append("")
    return "/" + "/".join(taken)
