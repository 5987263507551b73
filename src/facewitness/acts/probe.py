"""A probe: the photo that is searched with. It is looked at, never enrolled and never kept."""

import hashlib
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from facewitness.acts.bank import Bank
from facewitness.errors import BadInput, ManyFaces, NoFace
from facewitness.faces import FoundFace, refusal
from facewitness.photos import read_photo
from facewitness.terms.face import Quality
from facewitness.terms.provenance import Digest, SkippedPhoto

MAX_PROBE_PIXELS = 60_000_000
"""A probe is looked at in the memory of a server that others use too; enrolment reads larger photos."""


@dataclass(frozen=True, slots=True)
class Probe:
    """A probe's bytes and, where it shows several people, which face: counted from 1, left to right."""

    data: bytes = field(repr=False)
    face: int | None = None


@dataclass(frozen=True, slots=True)
class ProbeFace:
    """A face found in a probe, and in words what makes it weak."""

    found: FoundFace
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class ExaminedProbe:
    """A probe with its faces from left to right. Pixels are (height, width, 3) uint8 RGB, upright."""

    digest: Digest
    pixels: npt.NDArray[np.uint8] = field(repr=False)
    faces: tuple[ProbeFace, ...]


def examine(bank: Bank, data: bytes) -> ExaminedProbe:
    """Find the faces of a probe; BadInput where it is not a photo, NoFace where it shows none."""
    read = read_photo(data, max_pixels=MAX_PROBE_PIXELS)
    if isinstance(read, SkippedPhoto):
        detail = f" ({read.detail})" if read.detail else ""
        raise BadInput(f"The probe cannot be used: {read.reason}{detail}.")
    found = bank.faces().find(read.picture.pixels)
    if not found:
        raise NoFace(
            "No face was found in the probe.", "Use a photo in which the face is larger, sharper or upright."
        )
    found.sort(key=lambda face: face.detection.box.x)
    faces = [ProbeFace(face, _notes(bank, face.quality)) for face in found]
    return ExaminedProbe(
        Digest("sha256", hashlib.sha256(data).hexdigest()), read.picture.pixels, tuple(faces)
    )


def chosen_face(probe: ExaminedProbe, number: int | None) -> ProbeFace:
    """Face `number`, counted from 1; ManyFaces where there are several and none is chosen."""
    count = len(probe.faces)
    if number is None:
        if count > 1:
            raise ManyFaces(f"The probe shows {count} faces.", "Choose the person sought by number.", count)
        number = 1
    if not 1 <= number <= count:
        raise BadInput(f"There is no face {number} in the probe.", f"It shows {count}, counted from 1.")
    return probe.faces[number - 1]


def _notes(bank: Bank, quality: Quality) -> tuple[str, ...]:
    reason = refusal(quality, bank.policy)
    return () if reason is None else (f"the face is {reason}, so scores say less than usual",)
