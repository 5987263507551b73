"""Addresses on the web: http and https, and nothing else."""

from urllib.parse import SplitResult, urlsplit

MAX_URL = 8_000
"""Characters of an address; a longer one is not used."""

_DEFAULT_PORTS = {"http": 80, "https": 443}


def is_http(url: str) -> bool:
    """Whether it is an absolute http or https address that may be kept and shown as a link."""
    return _split(url) is not None and url.isprintable() and " " not in url


def path_of(url: str) -> str | None:
    """Path and query, as a rule about paths is compared with; None where it is no http or https address.

    None too where a `.` or `..` step is in the path: a server resolves it, so what is asked for is not what
    a rule would be compared with. Whoever fetches resolves the address first.
    """
    parts = _split(url)
    if parts is None:
        return None
    steps = parts.path.lower().replace("%2e", ".").split("/")
    if "." in steps or ".." in steps:
        return None
    query = f"?{parts.query}" if "?" in url.partition("#")[0] else ""
    return (parts.path or "/") + query


def authority_of(url: str) -> str | None:
    """Scheme, host and port, `https://example.org:443`: what one robots.txt or tdmrep.json speaks for."""
    parts = _split(url)
    if parts is None:
        return None
    host = (parts.hostname or "").rstrip(".")
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}:{parts.port or _DEFAULT_PORTS[parts.scheme]}"


def _split(url: str) -> SplitResult | None:
    if len(url) > MAX_URL:
        return None
    try:
        parts = urlsplit(url)
        usable = parts.scheme in _DEFAULT_PORTS and bool((parts.hostname or "").rstrip("."))
        usable = usable and (parts.port is None or parts.port > 0)
    except ValueError:
        return None
    return parts if usable else None
