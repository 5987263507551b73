"""Faces are turned, scaled and shifted as the embedder's training faces were."""

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from facewitness.faces import FaceReader, Models
from facewitness.faces.align import PLACES, SIDE, aligned, similarity
from facewitness.terms.face import Landmarks

from .scenes import Portrait, noise, only_face

Points = npt.NDArray[np.float64]
FIVE_POINTS = st.lists(st.tuples(*[st.floats(-5000, 5000, width=32)] * 2), min_size=5, max_size=5)


def umeyama(points: Points) -> Points:
    """Umeyama's least squares (1991) by singular values, as a second opinion."""
    source, target = points - points.mean(axis=0), PLACES - PLACES.mean(axis=0)
    u, singular, v = np.linalg.svd(target.T @ source / 5)
    signs = np.array([1, np.sign(np.linalg.det(u) * np.linalg.det(v))])
    turn = u @ np.diag(signs) @ v
    scale = (singular * signs).sum() / source.var(axis=0).sum()
    shift = PLACES.mean(axis=0) - scale * turn @ points.mean(axis=0)
    return np.hstack([scale * turn, shift[:, None]])


def moved(points: Points, matrix: Points) -> Points:
    return points @ matrix[:, :2].T + matrix[:, 2]


@pytest.mark.parametrize("name", ["obama.jpg", "obama2.jpg", "astronaut.png", "obama_partial_face.jpg"])
def test_an_aligned_face_is_the_one_opencv_cuts_out(
    name: str, reader: FaceReader, models: Models, portrait: Portrait
) -> None:
    face = only_face(reader, portrait(name))
    numbers = [0.0] * 4 + [number for point in face.landmarks.points for number in point] + [face.score]
    theirs = cv2.FaceRecognizerSF.create(str(models.embedder.file), "")
    expected = theirs.alignCrop(portrait(name), np.array([numbers], np.float32))
    ours = aligned(portrait(name), face.landmarks)
    assert ours.shape == (SIDE, SIDE, 3)
    np.testing.assert_allclose(ours, expected, atol=2)


@given(FIVE_POINTS)
def test_the_matrix_is_umeyama_s(points: list[tuple[float, float]]) -> None:
    given_points = np.array(points)
    away = np.abs(given_points - given_points.mean(axis=0)).max()
    ours = similarity(given_points)
    assert np.isfinite(ours).all()
    if away > 1:  # two matrices can fit points in a line or a heap equally well; their errors agree
        error = np.linalg.norm(moved(given_points, ours) - PLACES)
        assert error == pytest.approx(np.linalg.norm(moved(given_points, umeyama(given_points)) - PLACES))


@given(
    st.floats(-180, 180),
    st.floats(0.05, 20),
    st.floats(-5000, 5000),
    st.floats(-5000, 5000),
)
def test_turned_scaled_and_shifted_places_are_brought_back(
    degrees: float, scale: float, x: float, y: float
) -> None:
    c, s = np.cos(np.radians(degrees)) * scale, np.sin(np.radians(degrees)) * scale
    points = moved(PLACES, np.array([[c, -s, x], [s, c, y]]))
    np.testing.assert_allclose(moved(points, similarity(points)), PLACES, atol=1e-6)


@pytest.mark.parametrize(
    "points", [[(7.0, 7.0)] * 5, [(0.0, 0.0)] * 5, [(float(at), 3.0) for at in range(5)]]
)
def test_landmarks_in_one_place_or_a_line_still_give_a_face(points: list[tuple[float, float]]) -> None:
    assert aligned(noise(20, 20), Landmarks(*points)).shape == (SIDE, SIDE, 3)


def test_what_lies_over_the_edge_is_black() -> None:
    corner = Landmarks(*[(float(x), float(y)) for x, y in PLACES - PLACES.mean(axis=0)])
    face = aligned(np.full((200, 200, 3), 200, np.uint8), corner)
    assert not face[:50].any()
    assert (face[90:, 90:] == 200).all()
