"""Pictures for pages that an act has accounted for already; so they write no ledger entry of their own."""

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from facewitness.terms.provenance import PhotoId
from facewitness.web.desk import TheDesk
from facewitness.web.probes import FACE_SIZE

CaptureNumber = Annotated[int, Path(ge=0, lt=2**63)]
FaceNumber = Annotated[int, Path(ge=0, lt=2**63)]

router = APIRouter(include_in_schema=False)


def jpeg(data: bytes) -> Response:
    """A picture that this program made."""
    return Response(data, media_type="image/jpeg")


@router.get("/photos/{photo}/original")
def original(desk: TheDesk, photo: str) -> Response:
    """A photo as it was enrolled: to be saved, never to be run as what its bytes may also be."""
    return Response(
        desk.service.photo_bytes(PhotoId(photo)),
        media_type="application/octet-stream",
        headers={"Content-Disposition": "attachment"},
    )


@router.get("/photos/{photo}/preview")
def preview(desk: TheDesk, photo: str) -> Response:
    """A photo to look at."""
    return jpeg(desk.service.photo_preview(PhotoId(photo)))


@router.get("/faces/{face}/picture")
def face_picture(desk: TheDesk, face: FaceNumber) -> Response:
    """A face of the bank."""
    return jpeg(desk.service.face_picture(face, FACE_SIZE))


@router.get("/probes/{probe}/faces/{number}")
def probe_face(desk: TheDesk, probe: str, number: int) -> Response:
    """A face of a probe that is still held."""
    return jpeg(desk.probe(probe).picture(number))
