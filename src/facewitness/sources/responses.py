"""What an HTTP response says of itself: where it leads, and what its content is.

Whoever fetches and whoever reads archives goes by the same words here: what the one takes for a page, so does the
other.
"""

import re
from collections.abc import Iterable

Headers = tuple[tuple[str, str], ...]
"""Names and values, in the order in which they came."""

REDIRECTS = (301, 302, 303, 307, 308)
"""The statuses with which a server leads on to another address."""

PAGES = ("text/html", "application/xhtml+xml")

TELLS_NOTHING = (
    *("", "application/octet-stream", "application/unknown", "application/x-download"),
    *("binary/octet-stream", "text/plain", "unknown/unknown"),
)
"""Types that are sent for want of a better one: the content is looked at."""

_PAGE_BEGINS = re.compile(rb"\s*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([^\"';\s]+)", re.IGNORECASE)


def first_header(headers: Iterable[tuple[str, str]], name: str) -> str:
    """The first header of this name, which is in lower case; empty where there is none."""
    return next((value for key, value in headers if key.lower() == name), "")


def media_type(content_type: str) -> str:
    """The type of a `Content-Type` without its parameters, in lower case."""
    return content_type.partition(";")[0].strip().lower()


def charset(content_type: str) -> str:
    """The charset of a `Content-Type`, as written; empty where it names none."""
    found = _CHARSET.search(content_type)
    return found[1] if found else ""


def begins_as_page(content: bytes) -> bool:
    """Whether content begins as HTML does."""
    return _PAGE_BEGINS.match(content) is not None
