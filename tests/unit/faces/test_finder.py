"""Faces are found at their place and size, small and large ones, once each, and nowhere else."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from facewitness.faces import FaceReader
from facewitness.faces.detector import Raw
from facewitness.faces.finder import FACE, TILE, TILE_OVERLAP, Finder, _spans
from facewitness.terms.face import Box

from .scenes import Pixels, Portrait, background, noise, only_face, overlap, paste

IN_A_LARGE_PHOTO = [
    # face's width and middle; tiles of a 4000x3000 photo begin at 0, 907, 1813, 2720 and at 0, 860, 1720
    (24, (1280, 500)),  # cut by the first tile's right edge
    (32, (907, 700)),  # cut by the second one's left edge
    (60, (2187, 1280)),  # on a corner
    (100, (2000, 1060)),  # whole in four tiles
    (26, (3600, 2600)),  # in the middle of a tile
    (126, (1240, 2140)),  # nearly as wide as tiles overlap
    (300, (600, 2400)),  # wider than that
    (500, (3400, 900)),
]


@pytest.mark.parametrize(
    ("name", "width"),
    [
        ("biden.jpg", 24),
        ("obama2.jpg", 24),
        ("obama.jpg", 28),
        ("astronaut.png", 32),
        ("obama.jpg", 40),
        ("astronaut.png", 60),
    ],
)
def test_a_small_face_is_found_at_its_place_and_size(
    name: str, width: int, reader: FaceReader, portrait: Portrait
) -> None:
    scene, face = background(960, 1280), only_face(reader, portrait(name))
    placed = paste(scene, portrait(name), face, width, (900, 300))
    found = only_face(reader, scene)
    assert overlap(found.box, placed) > 0.6
    scale = placed.width / face.box.width
    offset = np.array([placed.x, placed.y]) - np.array([face.box.x, face.box.y]) * scale
    landmarks = np.array(face.landmarks.points) * scale + offset
    np.testing.assert_allclose(found.landmarks.points, landmarks, atol=0.15 * width)


def test_every_face_of_a_large_photo_is_found_once_wherever_tiles_meet(
    reader: FaceReader, portrait: Portrait
) -> None:
    scene, head = background(3000, 4000), portrait("obama.jpg")
    face = only_face(reader, head)
    placed = [paste(scene, head, face, width, middle) for width, middle in IN_A_LARGE_PHOTO]
    found = [one.detection.box for one in reader.find(scene)]
    held = [[overlap(box, place) > 0.6 for box in found] for place in placed]
    assert [sum(row) for row in held] == [1] * len(placed)
    assert len(found) == len(placed)


@pytest.mark.parametrize("name", ["obama.jpg", "biden.jpg", "obama3.jpg"])
def test_a_face_that_fills_its_photo_is_found(name: str, reader: FaceReader, portrait: Portrait) -> None:
    box = only_face(reader, portrait(name)).box
    left, top = round(box.x), round(box.y)
    tight = portrait(name)[top : top + round(box.height), left : left + round(box.width)]
    assert overlap(only_face(reader, tight).box, Box(0, 0, tight.shape[1], tight.shape[0])) > 0.6


def test_places_are_pixels_of_the_photo_whatever_its_size(reader: FaceReader, portrait: Portrait) -> None:
    whole = only_face(reader, portrait("obama3.jpg"))
    half = only_face(reader, portrait("obama3.jpg")[::2, ::2])
    doubled = Box(half.box.x * 2, half.box.y * 2, half.box.width * 2, half.box.height * 2)
    assert overlap(doubled, whole.box) > 0.8


def test_the_surest_face_comes_first(reader: FaceReader, portrait: Portrait) -> None:
    pair = np.hstack([portrait("obama.jpg"), portrait("obama_partial_face.jpg")])
    scores = [one.detection.score for one in reader.find(pair)]
    assert len(scores) == 2
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize(
    "pixels",
    [
        noise(480, 640),
        background(700, 900),
        np.zeros((480, 640, 3), np.uint8),
        np.full((100, 100, 3), 255, np.uint8),
        np.tile(np.arange(256, dtype=np.uint8)[None, :, None], (256, 2, 3)),
        np.kron(np.indices((20, 20)).sum(axis=0) % 2, np.full((16, 16), 255))[..., None]
        .repeat(3, 2)
        .astype(np.uint8),
    ],
    ids=["noise", "blotches", "black", "white", "gradient", "chequers"],
)
def test_nothing_is_found_where_there_is_no_face(pixels: Pixels, reader: FaceReader) -> None:
    assert reader.find(pixels) == []


@pytest.mark.parametrize(
    "size", [(1, 1), (2, 3), (9, 9), (1, 5000), (5000, 3), (1281, 20), (31, 33), (3, 20_000)]
)
def test_photos_of_extreme_shapes_do_no_harm(size: tuple[int, int], reader: FaceReader) -> None:
    assert reader.find(noise(*size)) == []


@given(st.integers(1, 12 * TILE))
def test_tiles_cover_every_pixel_and_overlap_by_what_they_promise(length: int) -> None:
    spans = _spans(length)
    assert spans[0].start == 0
    assert spans[-1].stop == length
    assert all(span.stop - span.start <= TILE for span in spans)
    assert all(span.stop - later.start >= TILE_OVERLAP for span, later in pairwise(spans))


class _NeedsFrame:
    """A detector that sees a face only in a black frame; there it fills what is framed."""

    def detect(self, pixels: Pixels, floor: float) -> Raw:
        ys, xs = np.nonzero(pixels.any(axis=2))
        found = np.zeros((1, 15), np.float32)
        found[0, :4] = xs.min(), ys.min(), np.ptp(xs) + 1, np.ptp(ys) + 1
        found[0, 14] = 0.9
        return found[: 0 if pixels[0, 0].any() else 1]


def test_where_nothing_is_found_the_photo_is_looked_at_in_a_frame() -> None:
    photo = np.full((100, 200, 3), 255, np.uint8)
    [found] = Finder(_NeedsFrame()).find(photo)  # type: ignore[arg-type]
    assert overlap(found.box, Box(0, 0, 200, 100)) > 0.99


class _Anything:
    """A detector that claims faces of any size and score, anywhere in what it is shown."""

    def __init__(self, rows: list[tuple[float, float, float, float]]) -> None:
        self._rows = rows

    def detect(self, pixels: Pixels, floor: float) -> Raw:
        high, wide = pixels.shape[:2]
        found = np.zeros((len(self._rows), 15), np.float32)
        for row, (x, y, width, score) in zip(found, self._rows, strict=True):
            row[2:4] = width
            row[0:2] = (x * wide - width / 2, y * high - width / 2)
            row[14] = score
        return found[found[:, 14] >= floor]


@given(
    st.integers(1, 40),
    st.integers(1, 3000),
    st.lists(
        st.tuples(st.floats(-0.5, 1.5), st.floats(-0.5, 1.5), st.floats(4, 900), st.floats(0, 1)),
        max_size=4,
    ),
    st.booleans(),
)
@example(1, 69, [(0.0, 1.0625, 4.0, 0.5)], True)  # in the black below the photo
@settings(deadline=None, max_examples=60)
def test_no_claim_of_the_detector_makes_it_stumble(
    short: int, long: int, rows: list[tuple[float, float, float, float]], upright: bool
) -> None:
    pixels = np.zeros((long, short, 3) if upright else (short, long, 3), np.uint8)
    finder = Finder(_Anything(rows))  # type: ignore[arg-type]
    assert all(one.score >= FACE for one in finder.find(pixels))
