"""YuNet is decoded as OpenCV decodes it."""

import cv2
import numpy as np
import pytest

from facewitness.faces import FaceReader, Models
from facewitness.faces.detector import YuNet

from .scenes import Portrait, noise


@pytest.fixture(scope="session")
def detector(reader: FaceReader) -> YuNet:
    return reader._finder._detector


@pytest.mark.parametrize("size", [(1120, 896), (1137, 910), (1101, 700)])
def test_boxes_landmarks_and_scores_are_those_of_opencv(
    size: tuple[int, int], detector: YuNet, models: Models, portrait: Portrait
) -> None:
    height, width = size
    pixels = portrait("obama.jpg")[:height, :width]
    all_overlaps = 1.0
    theirs = cv2.FaceDetectorYN.create(str(models.detector.file), "", (width, height), 0.5, all_overlaps)
    _, expected = theirs.detect(np.ascontiguousarray(pixels[..., ::-1]))
    found = detector.detect(pixels, 0.5)
    assert len(found) > 1
    np.testing.assert_allclose(found[np.lexsort(found.T)], expected[np.lexsort(expected.T)], atol=1e-2)


def test_the_floor_is_the_least_score_reported(detector: YuNet, portrait: Portrait) -> None:
    pixels = portrait("astronaut.png")
    low, high = detector.detect(pixels, 0.1), detector.detect(pixels, 0.7)
    assert low[:, 14].min() >= 0.1
    assert len(high) == (low[:, 14] >= 0.7).sum()
    assert len(low) > len(high) > 0


def test_a_picture_without_a_face_gives_no_rows(detector: YuNet) -> None:
    assert detector.detect(noise(64, 40), 0.9).shape == (0, 15)
