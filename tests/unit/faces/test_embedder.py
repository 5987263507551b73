"""Faces become unit-length vectors in which the same person is near and another is far."""

import numpy as np
import numpy.typing as npt
import pytest

from facewitness.faces import FaceReader
from facewitness.faces.align import SIDE
from facewitness.faces.embedder import BATCH, Embedder

from .scenes import Pixels, Portrait, noise

NAMES = ("obama.jpg", "obama2.jpg", "biden.jpg", "astronaut.png")


@pytest.fixture(scope="session")
def embedder(reader: FaceReader) -> Embedder:
    return reader._embedder


@pytest.fixture(scope="session")
def faces(reader: FaceReader, portrait: Portrait) -> list[Pixels]:
    return [reader.find(portrait(name))[0].aligned for name in NAMES]


def test_templates_are_of_unit_length_and_as_long_as_the_card_says(
    embedder: Embedder, faces: list[Pixels]
) -> None:
    vectors = embedder.embed([*faces, np.zeros((SIDE, SIDE, 3), np.uint8), noise(SIDE, SIDE)])
    assert vectors.shape == (len(faces) + 2, 128)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)


def test_the_same_face_gives_the_same_template(embedder: Embedder, faces: list[Pixels]) -> None:
    np.testing.assert_array_equal(embedder.embed(faces), embedder.embed(faces))


def test_order_is_kept_and_company_changes_nothing_over_several_batches(
    embedder: Embedder, faces: list[Pixels]
) -> None:
    alone = np.concatenate([embedder.embed([face]) for face in faces])
    count = BATCH + 3
    together = embedder.embed([faces[at % len(faces)] for at in range(count)])
    np.testing.assert_allclose(together, alone[np.arange(count) % len(faces)], atol=1e-4)


def test_two_photos_of_one_person_are_near_and_those_of_two_are_far(
    embedder: Embedder, faces: list[Pixels]
) -> None:
    obama, obama2, *others = embedder.embed(faces)
    assert obama @ obama2 > 0.55
    assert all(obama @ other < 0.35 for other in others)


def test_red_and_blue_are_not_mistaken_for_each_other(embedder: Embedder, faces: list[Pixels]) -> None:
    as_is, swapped = embedder.embed([faces[0], faces[0][..., ::-1]])
    assert as_is @ swapped < 0.95


class _Silent:
    """A network that gives nothing."""

    def run(self, batch: Pixels) -> dict[str, npt.NDArray[np.float32]]:
        return {"zero": np.zeros((len(batch), 4), np.float32)}


def test_a_network_that_gives_nothing_gives_no_numbers_that_are_none() -> None:
    vectors = Embedder(_Silent()).embed([noise(SIDE, SIDE)])  # type: ignore[arg-type]
    assert not vectors.any()
