"""What is shown as one page: a photo, or the bank in figures."""

from collections.abc import Mapping
from dataclasses import dataclass

from facewitness.terms.candidate import Provenance, Threshold
from facewitness.terms.face import Face
from facewitness.terms.policy import Policy
from facewitness.terms.provenance import Photo, SourceRecord
from facewitness.terms.template import ModelId


@dataclass(frozen=True, slots=True)
class PhotoPage:
    """A photo with its captures, faces and near-copies."""

    photo: Photo
    captures: tuple[Provenance, ...]
    faces: tuple[Face, ...]
    near_copies: tuple[Photo, ...]


@dataclass(frozen=True, slots=True)
class SourceReport:
    """A source in figures."""

    source: SourceRecord
    out_of_force: str
    """In words, why its photos are not searched now; empty where they are."""
    totals: Mapping[str, int]
    """Photos, captures, searchable faces and refused faces."""
    skipped: Mapping[str, int]
    """Photos turned away at the last run over each path, by reason."""
    refused: Mapping[str, int]
    """Faces that were given no template, by reason."""


@dataclass(frozen=True, slots=True)
class Status:
    """The bank in figures."""

    bank: str
    model: ModelId
    policy: Policy
    totals: Mapping[str, int]
    skipped: Mapping[str, int]
    """Photos turned away at the last run over each path, by reason."""
    refused: Mapping[str, int]
    """Faces that were given no template, by reason."""
    threshold: Threshold
    ledger_head: str
