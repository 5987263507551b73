"""What comes of fetching a registered source from the web."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from facewitness.terms.provenance import ArchivedRecord, CaptureState


class FetchRefusal(StrEnum):
    """Why an address was not fetched, or what was fetched not kept. Each report counts every one of them."""

    OUT_OF_SCOPE = "outside the source's scope"
    REDIRECTED_OUT = "redirected out of the source's scope"
    ROBOTS = "robots.txt says no"
    ROBOTS_UNKNOWN = "robots.txt could not be had"
    RESERVED = "rights reserved"
    CLOSED_HOST = "social network or image host"
    PRIVATE_ADDRESS = "address on a private network"
    FORBIDDEN = "access forbidden"
    TOO_MANY_REQUESTS = "asked to slow down"
    NOT_THERE = "not there"
    BROKEN = "no usable answer"
    TOO_LARGE = "too large"
    TRAP = "looks like an endless series of pages"
    WITHDRAWN = "withdrawn from the bank earlier"
    LIMIT = "limit of the source reached"


@dataclass(frozen=True, slots=True)
class Collected:
    """How far fetching a source is."""

    requests: int = 0
    pages: int = 0
    """Pages kept."""
    images: int = 0
    """Images kept."""
    unchanged: int = 0
    """Answers that said: as before."""
    bytes: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    """Addresses not fetched or not kept, by reason."""


@dataclass(frozen=True, slots=True)
class Revisited:
    """What has become of one address."""

    url: str
    state: CaptureState | None
    """None where no answer says anything. Never `changed`: what is there now, `digest` tells."""
    at: datetime
    detail: str = ""
    """The status, or the statement that reserves."""
    digest: str = ""
    """SHA-256 of the content that is there now; empty where none came."""
    record: ArchivedRecord | None = None
    """What that content is kept in, where it is."""
