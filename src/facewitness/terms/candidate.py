"""What a search gives: candidates, never an answer to who somebody is."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from facewitness.terms.actor import Actor, SearchId
from facewitness.terms.face import Face, FaceId
from facewitness.terms.provenance import Capture, Digest, LegalBasis, Photo, PhotoId, SourceId
from facewitness.terms.template import ModelId

CAVEAT = (
    "These are candidates found by software in this photo bank. The person sought may not be in the bank. "
    "Rank and score are not the chance that it is the same person."
)
NOTHING_COMPARED = "No face was compared: the bank has none, or the filters leave none."
NO_CANDIDATE = "No candidate above the threshold. This does not show that the person is absent from the bank."


@dataclass(frozen=True, slots=True)
class Scored:
    """A face with its comparison score: the cosine of the angle between two templates, -1 to 1."""

    face_id: FaceId
    score: float


@dataclass(frozen=True, slots=True)
class Plan:
    """How a gallery was searched: what was compared exactly, and what was only looked through for it."""

    engine: str
    """The gallery's kind: `exact`, `embedded`, `milvus`."""
    compared: int
    """Faces whose templates were compared with the probe's, exactly."""
    by_code: int = 0
    """Faces whose codes, which say roughly how near they are, chose those; 0 where every face was compared."""


class Answer(NamedTuple):
    """What a gallery gives: faces, best first, then by id, and the plan by which they were found."""

    scored: list[Scored]
    plan: Plan


@dataclass(frozen=True, slots=True)
class Filters:
    """Narrow a search. An empty field does not filter; those given must all hold for one capture."""

    sources: tuple[SourceId, ...] = ()
    captured_from: datetime | None = None
    captured_until: datetime | None = None
    licence: str = ""
    """Licence text of the capture, or of its source where the capture has none; case-insensitive, in part."""
    text: str = ""
    """Words to be found in the capture's caption, page title, page URL, image URL or path."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """One capture with what its source is: the answer to where this photo came from."""

    capture: Capture
    source_name: str
    source_basis: LegalBasis
    licence: str
    """The capture's own licence, or its source's."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A face of the bank whose comparison score is above the threshold."""

    rank: int
    score: float
    expected_false: float
    """How many faces of other people a bank of this size would be expected to put at or above this score."""
    face: Face
    photo: Photo
    captures: tuple[Provenance, ...]
    near_copies: tuple[PhotoId, ...]
    """Other photos of the bank that are near-copies of this one (resized, recompressed, recoloured)."""
    near_copy_of: int | None
    """The rank of an earlier candidate of which this photo is a near-copy; None where it is the first."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """Where the candidate list was cut, and what that costs: T for a target FPIR(N, T) at the present N."""

    score: float
    fpir: float
    gallery_size: int
    calibration: str
    """Where the non-mated comparisons behind it come from."""


@dataclass(frozen=True, slots=True)
class CandidateList:
    """The outcome of a search, as shown and as written to the ledger."""

    search_id: SearchId
    actor: Actor
    purpose: str
    searched_at: datetime
    model: ModelId
    probe_digests: tuple[Digest, ...]
    probe_notes: tuple[str, ...]
    """What makes the probe weak (small, blurred, turned), in words; empty where nothing does."""
    filters: Filters
    threshold: Threshold
    candidates: tuple[Candidate, ...]
    policy: Digest
    ledger_index: int
    plan: Plan | None = None
    """How the gallery was searched; None for searches from before that was kept."""
    withdrawn_ranks: tuple[int, ...] = ()
    """Ranks of candidates that have been withdrawn from the bank since, and so can no longer be shown."""

    @property
    def photographs(self) -> int:
        """How many different photographs the candidates show, near-copies counted once."""
        return sum(candidate.near_copy_of is None for candidate in self.candidates)

    @property
    def caveat(self) -> str:
        """What has to stand beside this list wherever it is shown."""
        if not self.threshold.gallery_size:
            return f"{NO_CANDIDATE} {NOTHING_COMPARED}"
        return CAVEAT if self.candidates else NO_CANDIDATE
