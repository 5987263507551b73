"""What is shown as one page: a photo, the original of a capture, a source or the bank in figures."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from facewitness.terms.candidate import Provenance, Threshold
from facewitness.terms.face import Face
from facewitness.terms.policy import Policy
from facewitness.terms.provenance import ArchivedRecord, Photo, SourceRecord
from facewitness.terms.template import ModelId

SKIPPED, REFUSED = "skipped: ", "refused: "
"""What the counts of a run have before a reason: photos that were turned away; faces, or addresses of the web, that
were refused."""


@dataclass(frozen=True, slots=True)
class PhotoPage:
    """A photo with its captures, faces and near-copies."""

    photo: Photo
    captures: tuple[Provenance, ...]
    faces: tuple[Face, ...]
    near_copies: tuple[Photo, ...]


@dataclass(frozen=True, slots=True)
class ArchivedCopy:
    """An archived record as it is in its archive."""

    target_uri: str
    date: datetime | None
    warc_headers: tuple[tuple[str, str], ...]
    status_line: str
    """Of HTTP; empty where the record is no HTTP response."""
    http_headers: tuple[tuple[str, str], ...]
    content_type: str
    body: bytes
    """Without the codings of HTTP."""
    is_whole: bool
    """Whether `body` is all of it: it is cut at a limit."""


@dataclass(frozen=True, slots=True)
class OpenedCopy:
    """A capture with its original as its web archive has it."""

    origin: Provenance
    record: ArchivedRecord
    copy: ArchivedCopy


@dataclass(frozen=True, slots=True)
class SourceReport:
    """A source in figures."""

    source: SourceRecord
    out_of_force: str
    """In words, why its photos are not searched now; empty where they are."""
    totals: Mapping[str, int]
    """Photos, captures, searchable faces and refused faces."""
    skipped: Mapping[str, int]
    """Photos turned away at the last enrolment, by reason."""
    refused: Mapping[str, int]
    """Faces that were given no template, by reason."""
    states: Mapping[str, int]
    """Captures by what the last recheck found of them."""
    rechecked_at: datetime | None
    fetched: Mapping[str, int]
    """Of a source on the web the counts of the last time it was fetched: what was kept, and what was refused."""
    fetched_at: datetime | None


@dataclass(frozen=True, slots=True)
class Status:
    """The bank in figures."""

    bank: str
    model: ModelId
    policy: Policy
    totals: Mapping[str, int]
    skipped: Mapping[str, int]
    """Photos turned away at the last enrolment of each source, by reason."""
    refused: Mapping[str, int]
    """Faces that were given no template, by reason."""
    threshold: Threshold
    ledger_head: str
