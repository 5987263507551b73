"""Where the manifest store lies in a file, also in files that are laid out in unusual ways or damaged."""

import struct

import pytest

from facewitness.photos.c2pa_store import manifest_stores
from facewitness.photos.formats import open_image

from ...assets.manifests import box, carried, saying
from .pictures import quarters, written

STORE = saying(ai_training="notAllowed")


def stores(data: bytes, name: str) -> list[bytes]:
    return manifest_stores(open_image(data, name), data)


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF", "GIF"])
def test_the_store_comes_out_as_it_was_put_in(name: str) -> None:
    assert stores(carried(quarters(), name, STORE), name) == [STORE]


def test_a_chunk_of_odd_length_before_it_does_not_hide_it() -> None:
    data = carried(quarters(), "WEBP", STORE)
    before = b"odd " + struct.pack("<I", 3) + b"odd\0"
    at = data.index(b"C2PA")
    body = data[8:at] + before + data[at:]
    assert stores(b"RIFF" + struct.pack("<I", len(body)) + body, "WEBP") == [STORE]


def test_a_png_may_carry_it_behind_its_pixels() -> None:
    plain, carrier = written(quarters(), "PNG"), carried(quarters(), "PNG", STORE)
    chunk = carrier[33 : 33 + 12 + len(STORE)]
    end = plain.index(b"IEND") - 4
    assert stores(plain[:end] + chunk + plain[end:], "PNG") == [STORE]


def test_a_uuid_box_of_another_kind_is_none() -> None:
    data = written(quarters(), "AVIF") + box(b"uuid", bytes(16) + STORE)
    assert stores(data, "AVIF") == []


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF", "GIF"])
def test_a_file_that_breaks_off_raises_nothing(name: str) -> None:
    data = carried(quarters(), name, STORE)
    image = open_image(data, name)
    for size in range(0, len(data), 7):
        manifest_stores(image, data[:size])
