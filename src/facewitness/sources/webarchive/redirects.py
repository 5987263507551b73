"""Where an address led on to another one when it was archived."""

from dataclasses import dataclass

from facewitness.sources.responses import REDIRECTS, first_header
from facewitness.sources.webarchive.addresses import resolve
from facewitness.sources.webarchive.record import Record


@dataclass(frozen=True, slots=True)
class Redirect:
    """An address that led on to another one."""

    url: str
    to: str


def is_redirect(record: Record) -> bool:
    """Whether its status says that the answer lies elsewhere."""
    return record.status in REDIRECTS


def redirect_of(record: Record, url: str) -> Redirect | None:
    """Where the record of `url`, which `is_redirect`, leads; None where that is no http or https address."""
    to = resolve(url, first_header(record.http_headers, "location"))
    return Redirect(url, to) if to else None
