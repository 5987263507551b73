"""A face in a photo: where it is and how good it is."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import NewType

from facewitness.terms.provenance import PhotoId

FaceId = NewType("FaceId", int)
"""Positive, rising with enrolment, never used twice."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in photo pixels: left, top, width, height. May reach over the photo's edge."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Landmarks:
    """Five points in photo pixels, each (x, y): right eye, left eye, nose tip, right and left mouth corner.

    Right and left are the person's own, so the right eye is the one on the left of an upright picture.
    """

    right_eye: tuple[float, float]
    left_eye: tuple[float, float]
    nose: tuple[float, float]
    mouth_right: tuple[float, float]
    mouth_left: tuple[float, float]

    @property
    def points(self) -> tuple[tuple[float, float], ...]:
        """The five points in the order above."""
        return (self.right_eye, self.left_eye, self.nose, self.mouth_right, self.mouth_left)


@dataclass(frozen=True, slots=True)
class Quality:
    """Measures that carry OFIQ's component names (ISO/IEC 29794-5) but are NOT conformant to it.

    They are this project's own simple measures on the photo and the five landmarks.
    """

    head_size: float
    """Width of the face's box in photo pixels."""
    inter_eye_distance: float
    """Distance between the eye centres in photo pixels."""
    head_pose_yaw: float
    """Degrees, positive when the face turns to the picture's right; estimated from five landmarks."""
    head_pose_pitch: float
    """Degrees, positive when the face looks up; estimated from five landmarks."""
    head_pose_roll: float
    """Degrees, positive when the head tilts clockwise in the picture."""
    sharpness: float
    """Variance of the Laplacian of the aligned 112x112 grey face (grey levels squared)."""
    luminance_mean: float
    """Mean grey level of the aligned face, 0 to 255."""
    under_exposure: float
    """Share of the aligned face's pixels at or below grey level 25, 0 to 1."""
    over_exposure: float
    """Share of the aligned face's pixels at or above grey level 247, 0 to 1."""

    def as_dict(self) -> dict[str, float]:
        """The measures by name."""
        return asdict(self)


class RefusalReason(StrEnum):
    """Why a face that was found was given no template."""

    TOO_SMALL = "too small"
    TOO_BLURRED = "too blurred"
    TOO_TURNED = "too turned"
    BADLY_EXPOSED = "badly exposed"
    NOT_THE_HOLDER = "not shown to be the holder"


@dataclass(frozen=True, slots=True)
class Detection:
    """A face as the detector found it. `score` is the detector's own, 0 to 1."""

    box: Box
    landmarks: Landmarks
    score: float


@dataclass(frozen=True, slots=True)
class RefusedFace:
    """A face that was found but will not be searchable, and why."""

    detection: Detection
    quality: Quality
    reason: RefusalReason


@dataclass(frozen=True, slots=True)
class Face:
    """A face enrolled in the bank."""

    id: FaceId
    photo_id: PhotoId
    detection: Detection
    quality: Quality
    refusal: RefusalReason | None
    """Set where the face has no template and so cannot be found by a search."""
