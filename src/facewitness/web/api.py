"""REST for programs: the same acts in the shapes of `reports`."""

from typing import Annotated, Any

from pydantic import BaseModel, Field
from starlette.responses import Response

from facewitness.acts import Probe, ProbeFace
from facewitness.errors import BadInput
from facewitness.reports.bank_schemas import ModelOut, StatusOut, VerificationOut
from facewitness.reports.schemas import ArchivedCopyOut, BoxOut, CandidateListOut, PhotoPageOut
from facewitness.terms.candidate import Filters
from facewitness.terms.provenance import SourceId
from facewitness.web.desk import TheDesk
from facewitness.web.forms import SentForm, period
from facewitness.web.pictures import CaptureNumber, FaceNumber, jpeg
from facewitness.web.probes import FACE_SIZE
from facewitness.web.rest import Asked, WithdrawalOut, WithdrawIn, rest_router
from facewitness.web.withdrawing import withdraw_photo

DESCRIPTION = (
    "Send a probe, then search with it. A candidate list is software's proposal for a person to look at, and "
    "comes with its caveat. Every search, recall, opened photo and withdrawal is written to the ledger."
)

_PICTURE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"image/jpeg": {}}, "description": "A square JPEG"}
}
_ONE_FILE = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["probe"],
                    "properties": {"probe": {"type": "string", "format": "binary"}},
                }
            }
        },
    }
}

router = rest_router()


class ProbeFaceOut(BaseModel):
    """A face of a probe."""

    number: int = Field(description="counted from 1, left to right")
    box: BoxOut
    quality: dict[str, float] = Field(description="OFIQ component names; not conformant to ISO/IEC 29794-5")
    notes: list[str] = Field(description="what makes the face weak; empty where nothing does")

    @classmethod
    def of(cls, number: int, face: ProbeFace) -> "ProbeFaceOut":
        """From the noun."""
        box = face.found.detection.box
        return cls(
            number=number,
            box=BoxOut(x=box.x, y=box.y, width=box.width, height=box.height),
            quality=face.found.quality.as_dict(),
            notes=list(face.notes),
        )


class ProbeOut(BaseModel):
    """A probe as it is held: in memory only, and for a while."""

    id: str
    digest: str
    faces: list[ProbeFaceOut]


class ChoiceIn(Asked):
    """A probe that is held, and which of its faces is sought."""

    probe: str
    face: int | None = Field(
        default=None, description="counted from 1; may be left out where there is one face"
    )


class FiltersIn(Asked):
    """How to narrow a search; those given must all hold for one capture."""

    sources: list[str] = Field(default=[])
    captured_from: str = Field(default="", description="2013, 2013-05, 2013-05-01 or an ISO 8601 time")
    captured_until: str = Field(default="", description="the same; to the end of that year, month or day")
    licence: str = ""
    text: str = Field(default="", description="words in the caption, page title, URLs or path")

    def noun(self) -> Filters:
        """As the service takes them."""
        first, last = period(self.captured_from, self.captured_until)
        return Filters(tuple(map(SourceId, self.sources)), first, last, self.licence, self.text)


class SearchIn(Asked):
    """A search."""

    probes: list[ChoiceIn] = Field(description="photos of one person")
    purpose: str = Field(
        default="", description="why you search; a search without it is refused and recorded"
    )
    filters: FiltersIn = FiltersIn()
    limit: int = Field(default=20, description="the longest list wanted")
    threshold: float | None = Field(default=None, description="a comparison score, in place of the policy's")


class HeadOut(BaseModel):
    """The ledger's tree head."""

    head: str = Field(description="SIZE:ROOT, to be kept elsewhere")


@router.post("/probes", status_code=201, openapi_extra=_ONE_FILE)
def send_probe(desk: TheDesk, form: SentForm) -> ProbeOut:
    """Send a photo to search with. It is examined and held in memory, and never enrolled."""
    if len(form.files) != 1:
        raise BadInput(f"{len(form.files)} files were sent.", "Send one probe, as multipart/form-data.")
    key = desk.hold(form.files[0].data)
    probe = desk.probe(key)
    faces = [ProbeFaceOut.of(number, face) for number, face in enumerate(probe.faces, 1)]
    return ProbeOut(id=key, digest=str(probe.digest), faces=faces)


@router.get("/probes/{probe}/faces/{number}/picture", response_class=Response, responses=_PICTURE)
def probe_face(desk: TheDesk, probe: str, number: int) -> Response:
    """A face of a probe."""
    return jpeg(desk.probe(probe).picture(number))


@router.post("/searches", status_code=201)
def search(desk: TheDesk, asked: SearchIn) -> CandidateListOut:
    """Search the bank for the person in the probes."""
    found = desk.service.search(
        [Probe(desk.probe(one.probe).data, one.face) for one in asked.probes],
        purpose=asked.purpose,
        filters=asked.filters.noun(),
        limit=asked.limit,
        threshold=asked.threshold,
    )
    return CandidateListOut.of(found)


@router.get("/searches/{search_id}")
def recall(desk: TheDesk, search_id: str) -> CandidateListOut:
    """An earlier search, as it was shown."""
    return CandidateListOut.of(desk.service.recall(search_id))


@router.get("/photos/{photo}")
def show(desk: TheDesk, photo: str) -> PhotoPageOut:
    """Everything the bank knows of a photo."""
    return PhotoPageOut.of(desk.service.show(photo))


@router.get("/captures/{capture}")
def archived_copy(desk: TheDesk, capture: CaptureNumber) -> ArchivedCopyOut:
    """The original of a capture as its web archive has it; the photo itself is among the photos."""
    return ArchivedCopyOut.of(desk.service.archived_copy(capture))


@router.post("/photos/{photo}/withdraw")
def withdraw_one_photo(desk: TheDesk, photo: str, asked: WithdrawIn) -> WithdrawalOut:
    """Withdraw a photo for good, by its whole SHA-256."""
    return WithdrawalOut.of(withdraw_photo(desk.service, photo, asked.reason))


@router.get("/faces/{face}/picture", response_class=Response, responses=_PICTURE)
def face_picture(desk: TheDesk, face: FaceNumber) -> Response:
    """A face of the bank."""
    return jpeg(desk.service.face_picture(face, FACE_SIZE))


@router.get("/status")
def status(desk: TheDesk) -> StatusOut:
    """The bank in figures."""
    return StatusOut.of(desk.service.status())


@router.get("/models")
def models(desk: TheDesk) -> list[ModelOut]:
    """The cards of the models in use."""
    return [ModelOut.model_validate(card, from_attributes=True) for card in desk.service.models()]


@router.get("/ledger/head")
def ledger_head(desk: TheDesk) -> HeadOut:
    """The ledger's size and root."""
    return HeadOut(head=str(desk.service.ledger_head()))


@router.get("/ledger/verify")
def verify_ledger(
    desk: TheDesk, head: Annotated[str | None, Field(description="a tree head kept earlier")] = None
) -> VerificationOut:
    """Check the whole ledger; with a tree head kept earlier, also that nothing was taken from it."""
    checked = desk.service.verify_ledger(head)
    return VerificationOut(
        verified=not checked.defects, head=str(checked.head), defects=list(checked.defects)
    )
