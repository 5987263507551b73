"""A photo's bytes in, its pixels and facts out, or a refusal. Nothing that a file contains raises here."""

from PIL import Image

from facewitness.photos.facts import facts_of
from facewitness.photos.formats import format_of, guess, open_image
from facewitness.photos.picture import Picture, Pixels, ReadPhoto
from facewitness.photos.pixels import ORIENTATION, jpeg_pixels, rgb_pixels, upright
from facewitness.photos.quiet import pillow_quiet
from facewitness.photos.text import clean
from facewitness.terms.provenance import EmbeddedFacts, SkippedPhoto, SkipReason

MAX_PIXELS = 200_000_000
"""Width times height; the largest phone sensors reach it, and it costs 600 MB of memory to decode."""

_THUMBNAIL_ONLY = 0x00FE
"""TIFF's NewSubfileType; bit 0 marks a reduced picture. Camera raw files put one in front of the real one."""


def read_photo(data: bytes, path: str = "", max_pixels: int = MAX_PIXELS) -> ReadPhoto | SkippedPhoto:
    """The photo decoded, upright, with its embedded facts; or why not, under the given path.

    Reads JPEG, PNG, WebP, AVIF, HEIC, TIFF, GIF and BMP, told apart by content, the first frame of each.
    The pixel limit is checked before anything is decoded. Thread-safe; most of the time is spent without
    the interpreter's lock.
    """
    if not data:
        return SkippedPhoto(path, SkipReason.EMPTY)
    name = format_of(data)
    if not name:
        return SkippedPhoto(path, SkipReason.NOT_AN_IMAGE, guess(data))
    try:
        with pillow_quiet():
            return _read(data, name, path, max_pixels)
    except (MemoryError, Image.DecompressionBombError) as error:
        return SkippedPhoto(path, SkipReason.TOO_LARGE, _said(error))
    except Exception as error:  # noqa: BLE001 - decoders raise whatever the damage provokes
        return SkippedPhoto(path, SkipReason.TRUNCATED, f"{name}: {_said(error)}")


def read_facts(data: bytes) -> EmbeddedFacts:
    """Only what the file says of itself, its pixels not decoded; no facts where it cannot be opened."""
    name = format_of(data)
    if not name:
        return EmbeddedFacts()
    try:
        with pillow_quiet():
            return facts_of(open_image(data, name), data)
    except Exception:  # noqa: BLE001 - decoders raise whatever the damage provokes
        return EmbeddedFacts()


def _read(data: bytes, name: str, path: str, max_pixels: int) -> ReadPhoto | SkippedPhoto:
    image = open_image(data, name)
    width, height = image.size
    if width * height > max_pixels:
        return SkippedPhoto(path, SkipReason.TOO_LARGE, f"{width}x{height}, the limit is {max_pixels} pixels")
    if name == "TIFF" and _is_thumbnail(image):
        return SkippedPhoto(
            path, SkipReason.NOT_AN_IMAGE, "a camera raw file, of which only the preview is read"
        )
    facts = facts_of(image, data)
    pixels = upright(_decoded(data, image, name), _orientation(image))
    return ReadPhoto(Picture(pixels, name), facts)


def _decoded(data: bytes, image: Image.Image, name: str) -> Pixels:
    if name == "JPEG" and image.mode in ("RGB", "L"):
        pixels = jpeg_pixels(data)
        if pixels is not None:
            return pixels
    return rgb_pixels(image)  # and where OpenCV gave up, Pillow says why


def _orientation(image: Image.Image) -> int:
    """Asked after decoding: Pillow turns TIFF files itself and then drops the tag."""
    try:
        return int(image.getexif().get(ORIENTATION, 1))
    except Exception:  # noqa: BLE001 - a broken tag must not cost the photo
        return 1


def _is_thumbnail(image: Image.Image) -> bool:
    return bool(int(image.getexif().get(_THUMBNAIL_ONLY, 0)) & 1)


def _said(error: BaseException) -> str:
    return clean(str(error) or type(error).__name__, 200)
