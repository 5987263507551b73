"""Faces brought to the pose an embedder was trained on: eyes, nose and mouth corners at fixed places."""

import cv2
import numpy as np
import numpy.typing as npt

from facewitness.terms.face import Landmarks

SIDE = 112

PLACES = np.array(
    [[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]]
)
"""Where the five landmarks go, in pixels of the aligned face. From InsightFace (2018); OpenCV's
`FaceRecognizerSF` and most five-point embedders use the same."""


def aligned(pixels: npt.NDArray[np.uint8], landmarks: Landmarks) -> npt.NDArray[np.uint8]:
    """The face as (112, 112, 3) RGB; black where it reaches over the photo's edge."""
    matrix = similarity(np.array(landmarks.points))
    face: npt.NDArray[np.uint8] = cv2.warpAffine(pixels, matrix, (SIDE, SIDE))
    return face


def similarity(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The (2, 3) matrix that turns, scales and shifts (5, 2) points onto `PLACES` with least squares.

    As complex numbers a similarity is w = a z + b, so `a` is a quotient of two sums. This is the
    minimum that Umeyama's method (1991) finds by singular values.
    """
    z, w = points @ [1, 1j], PLACES @ [1, 1j]
    around_z, around_w = z - z.mean(), w - w.mean()
    spread = np.vdot(around_z, around_z).real
    a = np.vdot(around_z, around_w) / spread if spread > 0 else 1 + 0j
    b = w.mean() - a * z.mean()
    return np.array([[a.real, -a.imag, b.real], [a.imag, a.real, b.imag]])
