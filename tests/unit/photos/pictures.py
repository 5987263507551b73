"""Small pictures drawn for the tests of this room, and ways to write and read them."""

from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

from facewitness.photos import Pixels, ReadPhoto, read_photo
from facewitness.terms.provenance import SkippedPhoto

ASSETS = Path(__file__).parents[2] / "assets"
SIZE = (48, 32)
COLOURS = ((200, 40, 40), (40, 160, 60), (40, 60, 180), (230, 220, 90))
"""Of the quarters: top left, top right, bottom left, bottom right; each told apart when grey, too."""

LOSSLESS: dict[str, dict[str, Any]] = {"PNG": {}, "TIFF": {}, "BMP": {}, "WEBP": {"lossless": True}}


def quarters() -> Image.Image:
    """Four coloured quarters: no turn or mirroring leaves them as they are."""
    picture = Image.new("RGB", SIZE)
    for colour, at in zip(COLOURS, ((0, 0), (24, 0), (0, 16), (24, 16)), strict=True):
        picture.paste(colour, (*at, at[0] + 24, at[1] + 16))
    return picture


def written(picture: Image.Image, name: str, **options: Any) -> bytes:
    """The picture as a file of that format."""
    if name == "HEIF":
        return (ASSETS / "quarters.heic").read_bytes()
    stream = BytesIO()
    picture.save(stream, name, **options)
    return stream.getvalue()


def read(data: bytes) -> ReadPhoto:
    """The photo in the bytes, which must not be refused."""
    photo = read_photo(data)
    assert isinstance(photo, ReadPhoto), photo
    return photo


def refused(data: bytes, **options: Any) -> SkippedPhoto:
    """The refusal of the bytes, which must not be read."""
    skipped = read_photo(data, **options)
    assert isinstance(skipped, SkippedPhoto), skipped
    return skipped


def shown(pixels: Pixels) -> list[tuple[int, ...]]:
    """The colours in the middle of the four quarters, in the order of `COLOURS`."""
    height, width = pixels.shape[:2]
    places = [(y * height // 4, x * width // 4) for y in (1, 3) for x in (1, 3)]
    return [tuple(int(value) for value in pixels[place]) for place in places]


def alike(found: list[tuple[int, ...]], expected: list[tuple[int, ...]], most: int = 12) -> bool:
    """Whether no channel of any colour is further off than `most`."""
    return all(
        abs(a - b) <= most
        for one, other in zip(found, expected, strict=True)
        for a, b in zip(one, other, strict=True)
    )
