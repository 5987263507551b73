"""What an address answered, or why there is no answer, and what it answered earlier."""

from dataclasses import dataclass
from datetime import datetime

from facewitness.sources.responses import Headers, first_header
from facewitness.terms.collecting import FetchRefusal
from facewitness.terms.provenance import ArchivedRecord


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer with all its bytes, its content coding not undone; a transfer coding is."""

    url: str
    at: datetime
    asked_with: Headers
    status: int
    headers: Headers
    body: bytes
    ip: str
    """The address that answered."""

    def header(self, name: str) -> str:
        """The first header of this name in lower case; empty where there is none."""
        return first_header(self.headers, name)


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """Why there is none: the address was not asked for, or nothing usable came."""

    reason: FetchRefusal
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """What an address gave when it was last archived, and by what it can be asked for on condition."""

    record: ArchivedRecord
    at: str
    """Its `WARC-Date`."""
    digest: str
    """Of the payload, as in the archive."""
    etag: str
    modified: str
    """The values of `ETag` and `Last-Modified`."""
