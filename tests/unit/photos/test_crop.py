"""Pictures for looking at are JPEGs of the size asked for, without metadata, wherever the box lies."""

import math
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from facewitness.errors import BadInput
from facewitness.photos import Pixels, contact_sheet, face_crop, preview
from facewitness.terms.face import Box

from .pictures import COLOURS, SIZE, alike, quarters, read, shown, written

PIXELS = read(written(quarters(), "PNG")).picture.pixels
NUMBERS = st.floats(-200, 200) | st.floats()


def opened(data: bytes) -> Pixels:
    """The pixels of a JPEG that must carry nothing else."""
    with Image.open(BytesIO(data)) as image:
        image.load()
        assert image.format == "JPEG"
        assert image.mode == "RGB"
        assert not image.getexif()
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        return np.asarray(image)


@pytest.mark.parametrize("size", [1, 112, 224])
def test_a_face_crop_is_a_square_of_the_size_asked_for(size: int) -> None:
    assert opened(face_crop(PIXELS, Box(10, 8, 20, 12), size)).shape == (size, size, 3)


def test_a_face_crop_shows_the_box_with_a_margin() -> None:
    pixels = opened(face_crop(PIXELS, Box(16, 8, 16, 16), 224))
    assert alike(shown(pixels), list(COLOURS))


def test_it_is_grey_where_the_photo_has_ended() -> None:
    pixels = opened(face_crop(PIXELS, Box(-8, -8, 16, 16), 64))
    assert alike([tuple(pixels[4, 4])], [(128, 128, 128)])


@pytest.mark.parametrize(
    "box",
    [
        Box(1000, 1000, 10, 10),
        Box(-1000, -1000, 10, 10),
        Box(0, 0, 0, 0),
        Box(10, 10, -5, -5),
        Box(-1e9, -1e9, 2e9, 2e9),
        Box(math.nan, 0, 10, 10),
        Box(0, 0, math.inf, math.inf),
    ],
)
def test_a_box_outside_of_the_photo_or_without_sense_still_gives_a_crop(box: Box) -> None:
    assert opened(face_crop(PIXELS, box, 64)).shape == (64, 64, 3)


@given(st.builds(Box, NUMBERS, NUMBERS, NUMBERS, NUMBERS), st.integers(1, 40), st.integers(1, 40))
@settings(deadline=None)
def test_no_box_raises(box: Box, width: int, height: int) -> None:
    assert face_crop(np.zeros((height, width, 3), np.uint8), box, 16).startswith(b"\xff\xd8\xff")


@pytest.mark.parametrize(
    ("shape", "long_side", "expected"),
    [
        ((200, 400), 100, (50, 100)),
        ((400, 200), 100, (100, 50)),
        ((50, 100), 100, (50, 100)),
        ((50, 99), 1600, (50, 99)),
        ((1, 3000), 100, (1, 100)),
        ((1, 1), 1, (1, 1)),
    ],
)
def test_a_preview_is_never_longer_than_asked_and_never_enlarged(
    shape: tuple[int, int], long_side: int, expected: tuple[int, int]
) -> None:
    assert opened(preview(np.zeros((*shape, 3), np.uint8), long_side)).shape == (*expected, 3)


def test_a_preview_has_the_photo_s_colours() -> None:
    pixels = opened(preview(PIXELS))
    assert pixels.shape == (SIZE[1], SIZE[0], 3)
    assert alike(shown(pixels), list(COLOURS))


def test_a_picture_that_no_jpeg_can_hold_is_bad_input() -> None:
    with pytest.raises(BadInput, match="65,500"):
        preview(np.zeros((1, 70_000, 3), np.uint8), 70_000)


@pytest.mark.parametrize(
    ("faces", "columns", "rows"),
    [(1, 1, 1), (3, 3, 1), (4, 4, 1), (5, 4, 2), (16, 4, 4), (17, 5, 4), (60, 8, 8)],
)
def test_a_contact_sheet_has_a_cell_for_every_face(faces: int, columns: int, rows: int) -> None:
    sheet = opened(contact_sheet(PIXELS, [Box(4, 4, 8, 8)] * faces))
    assert sheet.shape == (rows * (192 + 30), columns * 192, 3)


def test_a_contact_sheet_shows_the_faces_in_the_order_given_under_their_numbers() -> None:
    boxes = [Box(8, 4, 6, 6), Box(32, 4, 6, 6), Box(8, 22, 6, 6)]
    sheet = opened(contact_sheet(PIXELS, boxes))
    centres = [tuple(sheet[30 + 96, 192 * place + 96]) for place in range(3)]
    assert alike(centres, list(COLOURS[:3]))
    assert all(sheet[:30, 192 * place : 192 * place + 40].max() > 200 for place in range(3))


def test_a_contact_sheet_of_nobody_is_bad_input() -> None:
    with pytest.raises(BadInput, match="no face"):
        contact_sheet(PIXELS, [])
