"""What is measured of a face, and for which of it a policy refuses a template."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from facewitness.faces import FaceReader, refusal
from facewitness.faces.align import SIDE
from facewitness.faces.quality import HEAD, measure
from facewitness.terms.face import Box, Detection, Landmarks, Quality, RefusalReason
from facewitness.terms.policy import Policy

from .scenes import Pixels, Portrait, noise

ANGLES = st.floats(-45, 45)
GREY = np.full((SIDE, SIDE, 3), 128, np.uint8)
POLICY = Policy()
GOOD = Quality(
    head_size=POLICY.min_face_px,
    inter_eye_distance=12,
    head_pose_yaw=POLICY.max_yaw,
    head_pose_pitch=89,
    head_pose_roll=-179,
    sharpness=POLICY.min_sharpness,
    luminance_mean=3,
    under_exposure=POLICY.max_bad_exposure,
    over_exposure=POLICY.max_bad_exposure,
)
"""Just within every rule; pitch, roll and brightness have none."""
FAULTS: list[tuple[RefusalReason, dict[str, float]]] = [
    (RefusalReason.TOO_SMALL, {"head_size": 23.9}),
    (RefusalReason.TOO_BLURRED, {"sharpness": 3.9}),
    (RefusalReason.TOO_TURNED, {"head_pose_yaw": 75.1}),
    (RefusalReason.BADLY_EXPOSED, {"under_exposure": 0.91}),
]


def turned(yaw: float = 0, pitch: float = 0, roll: float = 0, scale: float = 1, at: float = 0) -> Detection:
    """A head seen from far away, turned to the picture's right, then up, then clockwise."""
    (cy, cp, cr), (sy, sp, sr) = (
        np.cos(np.radians([yaw, pitch, roll])),
        np.sin(np.radians([yaw, pitch, roll])),
    )
    about_down = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    about_across = np.array([[1, 0, 0], [0, cp, -sp], [0, sp, cp]])
    about_sight = np.array([[cr, -sr, 0], [sr, cr, 0], [0, 0, 1]])
    seen = (HEAD @ (about_sight @ about_across @ about_down).T)[:, :2] * scale + at
    return Detection(Box(at, at, 80, 100), Landmarks(*[(float(x), float(y)) for x, y in seen]), 0.9)


def pose(detection: Detection) -> tuple[float, float, float]:
    quality = measure(detection, GREY)
    return quality.head_pose_yaw, quality.head_pose_pitch, quality.head_pose_roll


@given(st.sampled_from(["yaw", "pitch", "roll"]), ANGLES, st.floats(0.1, 20), st.floats(-5000, 5000))
def test_a_turn_about_one_axis_is_measured_whatever_size_and_place(
    axis: str, degrees: float, scale: float, at: float
) -> None:
    expected = [degrees if axis == one else 0 for one in ("yaw", "pitch", "roll")]
    detection = turned(**{axis: degrees}, scale=scale, at=at)
    assert pose(detection) == pytest.approx(expected, abs=0.5)


@given(st.floats(-20, 20), st.floats(-20, 20), st.floats(-20, 20))
def test_moderate_turns_about_all_axes_are_measured_to_ten_degrees(
    yaw: float, pitch: float, roll: float
) -> None:
    assert pose(turned(yaw, pitch, roll)) == pytest.approx((yaw, pitch, roll), abs=10)


@given(ANGLES, ANGLES, ANGLES)
def test_a_mirrored_face_has_the_opposite_yaw_and_roll(yaw: float, pitch: float, roll: float) -> None:
    detection = turned(yaw, pitch, roll)
    right, left, nose, mouth_right, mouth_left = ((-x, y) for x, y in detection.landmarks.points)
    mirrored = replace(detection, landmarks=Landmarks(left, right, nose, mouth_left, mouth_right))
    as_seen = pose(detection)
    assert pose(mirrored) == pytest.approx((-as_seen[0], as_seen[1], -as_seen[2]), abs=1e-6)


def test_a_nose_to_the_picture_s_right_is_a_positive_yaw_and_one_upwards_a_positive_pitch() -> None:
    face = turned().landmarks
    detection = turned()
    (x, y) = face.nose
    assert pose(replace(detection, landmarks=replace(face, nose=(x + 12, y))))[0] > 10
    assert pose(replace(detection, landmarks=replace(face, nose=(x, y - 12))))[1] > 10


def test_mirroring_a_photo_turns_yaw_and_roll_round(reader: FaceReader, portrait: Portrait) -> None:
    [seen] = reader.find(portrait("obama2.jpg"))
    [mirrored] = reader.find(np.ascontiguousarray(portrait("obama2.jpg")[:, ::-1]))
    assert seen.quality.head_pose_yaw < -10
    for name in ("head_pose_yaw", "head_pose_roll"):
        assert getattr(mirrored.quality, name) == pytest.approx(-getattr(seen.quality, name), abs=5)


def test_landmarks_in_one_place_have_a_pose_too() -> None:
    assert pose(Detection(Box(0, 0, 1, 1), Landmarks(*[(3.0, 3.0)] * 5), 0.9)) == pytest.approx((0, 0, 0))


def test_sizes_are_in_photo_pixels() -> None:
    quality = measure(turned(scale=3), GREY)
    assert quality.head_size == 80
    assert quality.inter_eye_distance == pytest.approx(3 * 64)


def test_sharpness_falls_with_every_step_of_blur(reader: FaceReader, portrait: Portrait) -> None:
    [found] = reader.find(portrait("astronaut.png"))
    blurred = [found.aligned] + [cv2.GaussianBlur(found.aligned, (0, 0), sigma) for sigma in (1, 2, 4)]
    values = [measure(found.detection, face).sharpness for face in blurred]
    assert values == sorted(values, reverse=True)
    assert values[0] > 10 * values[-1]


@pytest.mark.parametrize(
    ("grey", "under", "over"), [(0, 1, 0), (25, 1, 0), (26, 0, 0), (246, 0, 0), (247, 0, 1), (255, 0, 1)]
)
def test_exposure_is_the_share_of_dark_and_of_bright_pixels(grey: int, under: float, over: float) -> None:
    quality = measure(turned(), np.full_like(GREY, grey))
    assert (quality.luminance_mean, quality.under_exposure, quality.over_exposure) == (grey, under, over)
    half = GREY.copy()
    half[: SIDE // 2] = grey
    quality = measure(turned(), half)
    assert (quality.under_exposure, quality.over_exposure) == (under / 2, over / 2)


@pytest.mark.parametrize("face", [GREY, noise(SIDE, SIDE)])
def test_flat_faces_are_blurred_and_noisy_ones_sharp(face: Pixels) -> None:
    assert (measure(turned(), face).sharpness < POLICY.min_sharpness) == (face is GREY)


def test_a_face_just_within_every_rule_is_accepted() -> None:
    assert refusal(GOOD, POLICY) is None
    assert refusal(replace(GOOD, head_pose_yaw=-POLICY.max_yaw), POLICY) is None


@pytest.mark.parametrize(
    ("reason", "fault"),
    [
        *FAULTS,
        (RefusalReason.TOO_TURNED, {"head_pose_yaw": -75.1}),
        (RefusalReason.BADLY_EXPOSED, {"over_exposure": 0.91}),
    ],
)
def test_each_fault_is_refused_by_its_name(reason: RefusalReason, fault: dict[str, float]) -> None:
    assert refusal(replace(GOOD, **fault), POLICY) is reason


@pytest.mark.parametrize("first", range(len(FAULTS)))
def test_of_several_faults_the_first_is_named(first: int) -> None:
    faults = {name: value for _, fault in FAULTS[first:] for name, value in fault.items()}
    assert refusal(replace(GOOD, **faults), POLICY) is FAULTS[first][0]


@pytest.mark.parametrize(
    ("reason", "stricter"),
    [
        (RefusalReason.TOO_SMALL, Policy(min_face_px=24.1)),
        (RefusalReason.TOO_BLURRED, Policy(min_sharpness=4.1)),
        (RefusalReason.TOO_TURNED, Policy(max_yaw=74)),
        (RefusalReason.BADLY_EXPOSED, Policy(max_bad_exposure=0.8)),
    ],
)
def test_the_limits_are_the_policy_s(reason: RefusalReason, stricter: Policy) -> None:
    assert refusal(GOOD, stricter) is reason
