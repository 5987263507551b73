"""How good a face is to compare: measures named after OFIQ's components, and not conformant to them."""

import cv2
import numpy as np
import numpy.typing as npt

from facewitness.terms.face import Detection, Landmarks, Quality, RefusalReason
from facewitness.terms.policy import Policy

HEAD = np.array(
    [[-32.0, -34.0, -34.0], [32.0, -34.0, -34.0], [0.0, 0.0, 0.0], [-26.0, 30.0, -26.0], [26.0, 30.0, -26.0]]
)
"""Eyes, nose tip and mouth corners of an average head in millimetres: right, down and towards the camera.
Rough numbers of our own; poses from five points are good to about ten degrees."""

DARK, BRIGHT = 25, 247
"""Grey levels that OFIQ's exposure components count as under- and over-exposed (ISO/IEC 29794-5:2025, 7.3)."""


def measure(detection: Detection, face: npt.NDArray[np.uint8]) -> Quality:
    """The measures of a detection and its (112, 112, 3) RGB aligned face."""
    grey = cv2.cvtColor(face, cv2.COLOR_RGB2GRAY)
    yaw, pitch, roll = _pose(detection.landmarks)
    (x1, y1), (x2, y2) = detection.landmarks.right_eye, detection.landmarks.left_eye
    return Quality(
        head_size=detection.box.width,
        inter_eye_distance=float(np.hypot(x2 - x1, y2 - y1)),
        head_pose_yaw=yaw,
        head_pose_pitch=pitch,
        head_pose_roll=roll,
        sharpness=float(cv2.Laplacian(grey, cv2.CV_32F).var()),
        luminance_mean=float(grey.mean()),
        under_exposure=float((grey <= DARK).mean()),
        over_exposure=float((grey >= BRIGHT).mean()),
    )


def refusal(quality: Quality, policy: Policy) -> RefusalReason | None:
    """Why the policy gives a face of this quality no template; None where it gives one."""
    if quality.head_size < policy.min_face_px:
        return RefusalReason.TOO_SMALL
    if quality.sharpness < policy.min_sharpness:
        return RefusalReason.TOO_BLURRED
    if abs(quality.head_pose_yaw) > policy.max_yaw:
        return RefusalReason.TOO_TURNED
    if max(quality.under_exposure, quality.over_exposure) > policy.max_bad_exposure:
        return RefusalReason.BADLY_EXPOSED
    return None


def _pose(landmarks: Landmarks) -> tuple[float, float, float]:
    """Yaw, pitch and roll in degrees, by the affine camera that best takes `HEAD` to the landmarks.

    The camera's two rows are the head's axes as seen in the picture, scaled; their third components say
    where the nose points.
    """
    points = np.array(landmarks.points)
    camera, *_ = np.linalg.lstsq(HEAD - HEAD.mean(axis=0), points - points.mean(axis=0), rcond=None)
    across, down = camera.T
    across, down = across / (np.linalg.norm(across) or 1), down / (np.linalg.norm(down) or 1)
    towards = np.sqrt(max(0.0, 1 - across[2] ** 2 - down[2] ** 2))
    return (
        float(np.degrees(np.arctan2(across[2], towards))),
        float(np.degrees(-np.arctan2(down[2], towards))),
        float(np.degrees(np.arctan2(down[0], across[0]))),
    )
