"""Copies of a photograph are near to each other, different photographs are not."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageEnhance

from facewitness.photos import MAX_DISTANCE, NearCopyIndex, Pixels, near_hash

from .pictures import read

PORTRAITS = [
    "astronaut.png",
    "biden.jpg",
    "obama.jpg",
    "obama2.jpg",
    "obama3.jpg",
    "obama_partial_face.jpg",
    "obama_partial_face2.jpg",
]
HASHES = st.one_of(st.binary(min_size=32, max_size=32), st.just(b""))


def distance(one: bytes, other: bytes) -> int:
    return (int.from_bytes(one) ^ int.from_bytes(other)).bit_count()


def pixels_of(folder: Path, name: str) -> Pixels:
    return read((folder / name).read_bytes()).picture.pixels


def compressed(picture: Image.Image) -> Image.Image:
    stream = BytesIO()
    picture.save(stream, "JPEG", quality=20)
    return Image.open(stream)


def cropped(share: float) -> Callable[[Image.Image], Image.Image]:
    """Without that share of width and height, half of it on each side."""

    def crop(picture: Image.Image) -> Image.Image:
        x, y = round(picture.width * share / 2), round(picture.height * share / 2)
        return picture.crop((x, y, picture.width - x, picture.height - y))

    return crop


COPIES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "halved": lambda picture: picture.resize((picture.width // 2, picture.height // 2)),
    "an eighth": lambda picture: picture.resize((picture.width // 8, picture.height // 8)),
    "doubled": lambda picture: picture.resize((picture.width * 2, picture.height * 2)),
    "recompressed": compressed,
    "grey": lambda picture: picture.convert("L"),
    "brighter": lambda picture: ImageEnhance.Brightness(picture).enhance(1.3),
    "harder": lambda picture: ImageEnhance.Contrast(picture).enhance(1.4),
    "cropped by 2 %": cropped(0.02),
    "cropped by 4 %": cropped(0.04),
    "grey, halved and recompressed": lambda picture: compressed(
        picture.convert("L").resize((picture.width // 2, picture.height // 2))
    ),
}


@pytest.mark.parametrize("name", PORTRAITS)
def test_copies_of_a_photograph_are_near(portraits: Path, name: str) -> None:
    pixels = pixels_of(portraits, name)
    original, picture = near_hash(pixels), Image.fromarray(pixels)
    assert len(original) == 32
    apart = {
        how: distance(original, near_hash(np.asarray(change(picture).convert("RGB"))))
        for how, change in COPIES.items()
    }
    assert {
        how: bits
        for how, bits in apart.items()
        if bits > (MAX_DISTANCE if "cropped" in how else MAX_DISTANCE // 2)
    } == {}


@pytest.mark.parametrize("name", PORTRAITS)
def test_the_size_of_a_copy_hardly_matters(portraits: Path, name: str) -> None:
    pixels = pixels_of(portraits, name)
    for how in ("halved", "an eighth", "doubled"):
        copy = np.asarray(COPIES[how](Image.fromarray(pixels)))
        assert distance(near_hash(pixels), near_hash(copy)) <= 8


def test_different_photographs_are_far_even_of_one_person(portraits: Path) -> None:
    hashes = [near_hash(pixels_of(portraits, name)) for name in PORTRAITS]
    apart = [distance(one, other) for place, one in enumerate(hashes) for other in hashes[:place]]
    assert min(apart) > 2 * MAX_DISTANCE


def test_the_same_portrait_in_two_formats_is_near(portraits: Path) -> None:
    one, other = (near_hash(pixels_of(portraits, name)) for name in ("32bit.png", "obama2.jpg"))
    assert distance(one, other) <= MAX_DISTANCE


@pytest.mark.parametrize(
    "pixels",
    [
        np.full((50, 70, 3), 128, np.uint8),
        np.zeros((1, 1, 3), np.uint8),
        np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 256, axis=0).repeat(3, axis=2),
    ],
    ids=["flat", "one pixel", "a plain gradient"],
)
def test_a_featureless_picture_has_no_hash(pixels: Pixels) -> None:
    assert near_hash(pixels) == b""


def test_a_hash_depends_on_nothing_but_the_pixels() -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (12, 16, 3), np.uint8)
    pixels = cv2.resize(pixels, (320, 240), interpolation=cv2.INTER_CUBIC)
    assert near_hash(pixels) == near_hash(np.asfortranarray(pixels)) == near_hash(pixels.copy()) != b""


@given(
    hashes=st.lists(HASHES, max_size=30),
    probe=HASHES,
    most=st.integers(0, 256),
    flips=st.sets(st.integers(0, 255)),
)
def test_the_index_finds_what_comparing_each_finds(
    hashes: list[bytes], probe: bytes, most: int, flips: set[int]
) -> None:
    if probe:  # one that is sure to be at a known distance
        hashes.append((int.from_bytes(probe) ^ sum(1 << bit for bit in flips)).to_bytes(32))
    index = NearCopyIndex()
    assert [index.add(one) for one in hashes] == list(range(len(hashes)))
    assert len(index) == len(hashes)
    expected = [place for place, one in enumerate(hashes) if one and probe and distance(one, probe) <= most]
    assert index.near(probe, most) == expected


def test_the_index_s_own_limit_is_the_room_s() -> None:
    index, probe = NearCopyIndex(), bytes(32)
    for bits in (MAX_DISTANCE, MAX_DISTANCE + 1):
        index.add(((1 << bits) - 1).to_bytes(32))
    assert index.near(probe) == [0]


def test_the_index_grows() -> None:
    index = NearCopyIndex()
    hashes = np.random.default_rng(1).bytes(32 * 2_500)
    for at in range(0, len(hashes), 32):
        index.add(hashes[at : at + 32])
    assert [index.near(hashes[32 * place : 32 * place + 32], 0) for place in (0, 1024, 2_499)] == [
        [0],
        [1024],
        [2_499],
    ]


@pytest.mark.parametrize("size", [1, 31, 33])
def test_a_hash_of_another_size_is_an_error(size: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        NearCopyIndex().add(bytes(size))
