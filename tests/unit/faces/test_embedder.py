"""Faces become unit-length vectors in which the same person is near and another is far."""

import numpy as np
import numpy.typing as npt
import pytest

from facewitness.faces import FaceReader
from facewitness.faces.align import SIDE
from facewitness.faces.embedder import BATCH, Embedder, InputFormat

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


def test_red_and_blue_are_not_mistaken_for_each_other(
    reader: FaceReader, embedder: Embedder, faces: list[Pixels]
) -> None:
    as_is, swapped = embedder.embed([faces[0], faces[0][..., ::-1]])
    assert as_is @ swapped < 0.95
    for_bgr = Embedder(reader._embedder._runtime, InputFormat("bgr"))
    np.testing.assert_allclose(for_bgr.embed(faces[:1])[0], swapped, atol=1e-4)


class _Recorder:
    """A network that keeps what it is given."""

    def run(self, batch: npt.NDArray[np.float32]) -> dict[str, npt.NDArray[np.float32]]:
        self.given = batch
        return {"zero": np.zeros((len(batch), 4), np.float32)}


@pytest.mark.parametrize(("colour", "first"), [("rgb", 0), ("bgr", 2)])
def test_the_network_gets_planes_in_the_card_s_colour_order_mean_and_scale(colour: str, first: int) -> None:
    recorder, face = _Recorder(), noise(SIDE, SIDE)
    vectors = Embedder(recorder, InputFormat(colour, 127.5, 0.5)).embed([face])  # type: ignore[arg-type]
    assert recorder.given.shape == (1, 3, SIDE, SIDE)
    assert recorder.given.dtype == np.float32
    assert recorder.given.flags.c_contiguous
    np.testing.assert_array_equal(recorder.given[0, 0], (face[..., first].astype(np.float32) - 127.5) / 2)
    assert not vectors.any()  # a network that gives nothing gives no numbers that are none
