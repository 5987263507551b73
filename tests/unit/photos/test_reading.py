"""Every format, mode and orientation becomes the same upright 8-bit RGB."""

import warnings
from collections.abc import Callable

import cv2
import numpy as np
import pytest
from PIL import Image

from facewitness.photos.quiet import pillow_quiet

from .pictures import ASSETS, COLOURS, SIZE, alike, quarters, read, shown, written

FORMATS = ["JPEG", "PNG", "WEBP", "AVIF", "HEIF", "TIFF", "GIF", "BMP"]
WHITE, BLACK = (255, 255, 255), (0, 0, 0)

# What has to be done to the upright picture to get the one that a file of this orientation stores.
STORED = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def greys() -> list[tuple[int, ...]]:
    return [
        (grey,) * 3 for grey in (value[0] for value in shown(np.asarray(quarters().convert("L"))[:, :, None]))
    ]


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_read_as_rgb(name: str) -> None:
    picture = read(written(quarters(), name)).picture
    assert (picture.format, picture.width, picture.height) == (name, *SIZE)
    assert picture.pixels.dtype == np.uint8
    assert picture.pixels.shape == (SIZE[1], SIZE[0], 3)
    assert picture.pixels.flags.c_contiguous
    assert not picture.pixels.flags.writeable
    assert alike(shown(picture.pixels), list(COLOURS))


@pytest.mark.parametrize("name", ["GIF", "WEBP", "PNG", "TIFF", "AVIF"])
def test_of_several_frames_the_first_is_read(name: str) -> None:
    later = Image.new("RGB", SIZE, "black")
    assert alike(
        shown(read(written(quarters(), name, save_all=True, append_images=[later])).picture.pixels),
        list(COLOURS),
    )


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_all_eight_orientations_give_the_same_upright_picture(name: str, orientation: int) -> None:
    stored, exif = quarters(), Image.Exif()
    if orientation in STORED:
        stored = stored.transpose(STORED[orientation])
    exif[0x0112] = orientation
    picture = read(written(stored, name, exif=exif)).picture
    assert (picture.width, picture.height) == SIZE
    assert alike(shown(picture.pixels), list(COLOURS))


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_an_orientation_that_does_not_exist_turns_nothing(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    assert alike(shown(read(written(quarters(), "JPEG", exif=exif)).picture.pixels), list(COLOURS))


def test_a_heic_that_its_container_turns_is_turned_once() -> None:
    picture = read((ASSETS / "turned.heic").read_bytes()).picture
    assert (picture.width, picture.height) == SIZE
    assert alike(shown(picture.pixels), list(COLOURS))


@pytest.mark.parametrize("name", ["JPEG", "PNG", "TIFF", "BMP"])
def test_grey_is_read_as_rgb(name: str) -> None:
    assert alike(shown(read(written(quarters().convert("L"), name)).picture.pixels), greys())


def test_a_progressive_jpeg_is_read() -> None:
    assert alike(shown(read(written(quarters(), "JPEG", progressive=True)).picture.pixels), list(COLOURS))


@pytest.mark.parametrize("mode", ["CMYK", "YCbCr"])
def test_other_colour_spaces_are_converted(mode: str) -> None:
    assert alike(shown(read(written(quarters().convert(mode), "TIFF")).picture.pixels), list(COLOURS))


def test_lab_is_converted_though_with_another_white() -> None:
    signed = np.array([0, 128, 128], np.uint8)  # as TIFF stores a and b
    lab = cv2.cvtColor(np.asarray(quarters()), cv2.COLOR_RGB2LAB) ^ signed
    data = written(Image.frombytes("LAB", SIZE, lab.tobytes()), "TIFF")
    assert alike(shown(read(data).picture.pixels), list(COLOURS), most=32)


def test_a_cmyk_jpeg_with_adobe_s_inverted_inks_is_read() -> None:
    data = written(quarters().convert("CMYK"), "JPEG", quality=95)
    assert b"Adobe" in data  # the marker which says that 255 is no ink
    assert alike(shown(read(data).picture.pixels), list(COLOURS))


@pytest.mark.parametrize("name", ["PNG", "TIFF"])
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_sixteen_bits_a_channel_become_eight(name: str, channels: int) -> None:
    """Written by OpenCV, as Pillow writes no 16-bit colour."""
    values = np.asarray(quarters().convert({1: "L", 3: "RGB", 4: "RGBA"}[channels])).astype(np.uint16) * 257
    if channels > 1:
        values[:, :, :3] = values[:, :, 2::-1]
    data = cv2.imencode(f".{name.lower()}", values)[1].tobytes()
    assert alike(shown(read(data).picture.pixels), greys() if channels == 1 else list(COLOURS), most=1)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param(np.array([0.0, 0.5, 1.0], np.float32), [0, 128, 255], id="floats up to 1"),
        pytest.param(np.array([0.0, 100.0, 255.0], np.float32), [0, 100, 255], id="floats up to 255"),
        pytest.param(np.array([0.0, 32896.0, 65535.0], np.float32), [0, 128, 255], id="floats up to 65535"),
        pytest.param(np.array([-1.0, 0.0, 1.0], np.float32), [0, 128, 255], id="floats below 0"),
        pytest.param(np.array([np.nan, np.inf, 1.0], np.float32), [0, 0, 255], id="not a number"),
        pytest.param(np.array([-3e38, 0, 3e38], np.float32), [0, 128, 255], id="the whole range of floats"),
        pytest.param(np.array([0, 100, 255], np.int32), [0, 100, 255], id="integers up to 255"),
        pytest.param(np.array([0, 1 << 29, 1 << 30], np.int32), [0, 128, 255], id="large integers"),
        pytest.param(np.array([0, 255, 65535], np.uint16), [0, 1, 255], id="16 bits"),
        pytest.param(np.array([0, 100, 255], np.uint16), [0, 0, 1], id="16 bits of a dark picture"),
    ],
)
def test_wide_grey_values_are_scaled_and_never_clipped(values: np.ndarray, expected: list[int]) -> None:
    pixels = read(written(Image.fromarray(values[None, :]), "TIFF")).picture.pixels
    assert pixels[0].tolist() == [[grey] * 3 for grey in expected]


def transparent() -> Image.Image:
    """The quarters with the first one wholly transparent."""
    picture = quarters().convert("RGBA")
    picture.paste((*COLOURS[0], 0), (0, 0, 24, 16))
    return picture


def keyed() -> Image.Image:
    picture = quarters().quantize(8)
    picture.info["transparency"] = picture.getpixel((1, 1))
    return picture


@pytest.mark.parametrize("name", ["PNG", "WEBP", "AVIF", "TIFF"])
def test_transparent_parts_are_laid_on_white(name: str) -> None:
    found = shown(read(written(transparent(), name)).picture.pixels)
    assert alike(found, [WHITE, *COLOURS[1:]])


@pytest.mark.parametrize("name", ["PNG", "GIF"])
def test_a_transparent_palette_colour_is_laid_on_white(name: str) -> None:
    assert alike(shown(read(written(keyed(), name)).picture.pixels), [WHITE, *COLOURS[1:]])


@pytest.mark.parametrize("make", [lambda: quarters().quantize(8), lambda: quarters().convert("P")])
@pytest.mark.parametrize("name", ["PNG", "BMP", "TIFF"])
def test_palettes_are_looked_up(name: str, make: Callable[[], Image.Image]) -> None:
    picture = make()
    expected = shown(np.asarray(picture.convert("RGB")))
    assert shown(read(written(picture, name)).picture.pixels) == expected


def test_grey_with_alpha_is_laid_on_white() -> None:
    picture = Image.merge("LA", (quarters().convert("L"), transparent().getchannel("A")))
    assert alike(shown(read(written(picture, "PNG")).picture.pixels), [WHITE, *greys()[1:]])


@pytest.mark.parametrize("name", ["PNG", "TIFF", "BMP"])
def test_one_bit_is_black_and_white(name: str) -> None:
    picture = quarters().convert("L").point([0] * 128 + [255] * 128, "1")
    expected = [WHITE if grey[0] >= 128 else BLACK for grey in greys()]
    assert shown(read(written(picture, name)).picture.pixels) == expected


def test_a_picture_of_one_pixel_is_read() -> None:
    assert read(written(Image.new("RGB", (1, 1), "red"), "PNG")).picture.pixels.tolist() == [[[255, 0, 0]]]


def test_pillow_s_warnings_stay_inside() -> None:
    """A palette with transparency as bytes, and EXIF that ends too soon, both make Pillow warn."""
    broken = b"Exif\0\0II*\0\x08\0\0\0\x05\0\x0f\x01\x02\0\xff\0\0\0"
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        read(written(quarters().quantize(8), "PNG", transparency=bytes([0, 128])))
        read(written(quarters(), "JPEG", exif=broken))
    assert caught == []


def test_warnings_are_let_out_again_when_the_last_of_several_threads_is_done() -> None:
    before = list(warnings.filters)
    first, second = pillow_quiet(), pillow_quiet()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert list(warnings.filters) != before
    second.__exit__(None, None, None)
    assert list(warnings.filters) == before
