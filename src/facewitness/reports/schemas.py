"""What a search and a photo show, as JSON: one shape for the CLI's `--json`, for REST and for whoever keeps a copy.

No template and no pixel leaves this way, and no candidate list without its caveat.
"""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from facewitness.terms.candidate import Candidate, CandidateList, Filters, Plan, Provenance, Threshold
from facewitness.terms.face import Face
from facewitness.terms.pages import OpenedCopy, PhotoPage
from facewitness.terms.provenance import CaptureState, EmbeddedFacts, Photo


class Out(BaseModel):
    """What every shape is: made once."""

    model_config = ConfigDict(frozen=True)


class BoxOut(Out):
    """A rectangle in photo pixels."""

    x: float
    y: float
    width: float
    height: float


class FaceOut(Out):
    """A face of the bank."""

    face: int
    box: BoxOut
    quality: dict[str, float] = Field(description="OFIQ component names; not conformant to ISO/IEC 29794-5")
    refusal: str | None = Field(description="why the face has no template; null where it has one")

    @classmethod
    def of(cls, face: Face) -> "FaceOut":
        """From the noun."""
        return cls(
            face=face.id,
            box=box_out(face),
            quality=face.quality.as_dict(),
            refusal=face.refusal,
        )


def box_out(face: Face) -> BoxOut:
    """A face's box."""
    box = face.detection.box
    return BoxOut(x=box.x, y=box.y, width=box.width, height=box.height)


class ArchivedRecordOut(Out):
    """One record of a web archive."""

    model_config = ConfigDict(frozen=True, from_attributes=True)
    file: str
    offset: int
    record_id: str = Field(description="WARC-Record-ID; empty in ARC files")


class PreferenceOut(Out):
    """One statement about the use of a photo."""

    model_config = ConfigDict(frozen=True, from_attributes=True)
    signal: str
    value: str
    reserves: bool


class CaptureOut(Out):
    """Where a photo came from: one appearance."""

    capture: int
    source: str
    source_name: str
    legal_basis: str
    path: str
    page_url: str
    image_url: str
    page_title: str
    caption: str
    licence: str
    captured_at: datetime | None
    is_file_time: bool = Field(description="captured_at is no more than the file's own time")
    record: ArchivedRecordOut | None = Field(description="where the original is kept in a web archive")
    preferences: list[PreferenceOut] = Field(description="what was said there about the photo's use")
    state: CaptureState = Field(description="what the last recheck found of it")
    state_at: datetime | None
    state_detail: str

    @classmethod
    def of(cls, origin: Provenance) -> "CaptureOut":
        """From the noun."""
        seen = origin.capture.observation
        return cls(
            capture=origin.capture.id,
            source=origin.capture.source_id,
            source_name=origin.source_name,
            legal_basis=origin.source_basis,
            path=origin.capture.path,
            page_url=seen.page_url,
            image_url=seen.image_url,
            page_title=seen.page_title,
            caption=seen.caption,
            licence=origin.licence,
            captured_at=seen.captured_at,
            is_file_time=seen.is_file_time,
            record=ArchivedRecordOut.model_validate(seen.record) if seen.record else None,
            preferences=[PreferenceOut.model_validate(one) for one in seen.preferences],
            state=origin.capture.state,
            state_at=origin.capture.state_at,
            state_detail=origin.capture.state_detail,
        )


class ArchivedCopyOut(Out):
    """The original of a capture, as its web archive has it. Its digests were checked."""

    capture: CaptureOut
    photo: str
    target_uri: str
    archived_at: datetime | None
    status_line: str = Field(description="of HTTP; empty where the record is no HTTP response")
    http_headers: list[tuple[str, str]]
    warc_headers: list[tuple[str, str]]
    content_type: str
    content_bytes: int

    @classmethod
    def of(cls, opened: OpenedCopy) -> "ArchivedCopyOut":
        """From the noun."""
        copy = opened.copy
        return cls(
            capture=CaptureOut.of(opened.origin),
            photo=opened.origin.capture.photo_id,
            target_uri=copy.target_uri,
            archived_at=copy.date,
            status_line=copy.status_line,
            http_headers=list(copy.http_headers),
            warc_headers=list(copy.warc_headers),
            content_type=copy.content_type,
            content_bytes=len(copy.body),
        )


class PhotoOut(Out):
    """A photo of the bank."""

    photo: str = Field(description="the SHA-256 of its bytes")
    format: str
    width: int
    height: int
    size_bytes: int
    enrolled_at: datetime
    taken_at: datetime | None
    camera: str
    gps: tuple[float, float] | None
    creator: str
    credit: str
    caption: str
    rights: str
    web_statement: str
    data_mining: str = Field(description="the PLUS data-mining key, as `DMI-ALLOWED`")
    training_mining: list[PreferenceOut] = Field(
        description="what its C2PA manifests say of training and data mining; their signatures are not validated"
    )

    @classmethod
    def of(cls, photo: Photo) -> "PhotoOut":
        """From the noun."""
        facts: EmbeddedFacts = photo.facts
        return cls(
            photo=photo.id,
            format=photo.format,
            width=photo.width,
            height=photo.height,
            size_bytes=photo.size_bytes,
            enrolled_at=photo.enrolled_at,
            taken_at=facts.taken_at,
            camera=facts.camera,
            gps=facts.gps,
            creator=facts.creator,
            credit=facts.credit,
            caption=facts.caption,
            rights=facts.rights,
            web_statement=facts.web_statement,
            data_mining=facts.data_mining,
            training_mining=[PreferenceOut.model_validate(one) for one in facts.training_mining],
        )


class CandidateOut(Out):
    """A candidate: software's proposal, for a person to look at."""

    rank: int
    score: float = Field(description="comparison score: cosine of two templates, -1 to 1")
    expected_false: float = Field(
        description="faces of other people that a bank of this size would be expected to put at this score"
    )
    face: int
    box: BoxOut
    photo: PhotoOut
    captures: list[CaptureOut]
    near_copies: list[str]
    near_copy_of: int | None = Field(description="rank of the candidate of whose photo this is a near-copy")

    @classmethod
    def of(cls, one: Candidate) -> "CandidateOut":
        """From the noun."""
        return cls(
            rank=one.rank,
            score=round(one.score, 6),
            expected_false=one.expected_false,
            face=one.face.id,
            box=box_out(one.face),
            photo=PhotoOut.of(one.photo),
            captures=[CaptureOut.of(origin) for origin in one.captures],
            near_copies=list(one.near_copies),
            near_copy_of=one.near_copy_of,
        )


class FiltersOut(Out):
    """How a search was narrowed."""

    sources: list[str] = []
    captured_from: datetime | None = None
    captured_until: datetime | None = None
    licence: str = ""
    text: str = ""

    @classmethod
    def of(cls, filters: Filters) -> "FiltersOut":
        """From the noun."""
        return cls(
            sources=list(filters.sources),
            captured_from=filters.captured_from,
            captured_until=filters.captured_until,
            licence=filters.licence,
            text=filters.text,
        )


class ThresholdOut(Out):
    """Where the list was cut: FPIR(N, T) with N the gallery's size and T the score."""

    score: float
    fpir: float
    gallery_size: int
    calibration: str

    @classmethod
    def of(cls, cut: Threshold) -> "ThresholdOut":
        """From the noun."""
        return cls(score=cut.score, fpir=cut.fpir, gallery_size=cut.gallery_size, calibration=cut.calibration)


class PlanOut(Out):
    """How the gallery was searched."""

    engine: str
    compared: int = Field(description="faces whose templates were compared with the probe's, exactly")
    by_code: int = Field(description="faces that were gone through by their codes to choose those; 0: none")

    @classmethod
    def of(cls, plan: Plan) -> "PlanOut":
        """From the noun."""
        return cls(engine=plan.engine, compared=plan.compared, by_code=plan.by_code)


class CandidateListOut(Out):
    """The outcome of a search. An empty list is an outcome too."""

    kind: Literal["candidate list"] = "candidate list"
    caveat: str
    search: str
    purpose: str
    actor: str
    searched_at: datetime
    model: str
    probe_digests: list[str]
    probe_notes: list[str]
    filters: FiltersOut
    threshold: ThresholdOut
    policy: str
    ledger_index: int
    plan: PlanOut | None = Field(description="null for searches from before this was kept")
    photographs: int = Field(
        description="different photographs among the candidates, near-copies counted once"
    )
    candidates: list[CandidateOut]
    withdrawn_ranks: list[int] = Field(description="candidates withdrawn from the bank since the search")

    @classmethod
    def of(cls, found: CandidateList) -> "CandidateListOut":
        """From the noun."""
        return cls(
            caveat=found.caveat,
            search=found.search_id,
            purpose=found.purpose,
            actor=found.actor.name,
            searched_at=found.searched_at,
            model=found.model,
            probe_digests=[str(digest) for digest in found.probe_digests],
            probe_notes=list(found.probe_notes),
            filters=FiltersOut.of(found.filters),
            threshold=ThresholdOut.of(found.threshold),
            policy=str(found.policy),
            ledger_index=found.ledger_index,
            plan=PlanOut.of(found.plan) if found.plan else None,
            photographs=found.photographs,
            candidates=[CandidateOut.of(one) for one in found.candidates],
            withdrawn_ranks=list(found.withdrawn_ranks),
        )


class PhotoPageOut(Out):
    """A photo with all that the bank knows of it."""

    photo: PhotoOut
    captures: list[CaptureOut]
    faces: list[FaceOut]
    near_copies: list[PhotoOut]

    @classmethod
    def of(cls, page: PhotoPage) -> "PhotoPageOut":
        """From the noun."""
        return cls(
            photo=PhotoOut.of(page.photo),
            captures=[CaptureOut.of(origin) for origin in page.captures],
            faces=[FaceOut.of(face) for face in page.faces],
            near_copies=[PhotoOut.of(copy) for copy in page.near_copies],
        )
