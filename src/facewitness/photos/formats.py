"""Which format the bytes are in, by their first bytes, and Pillow's reader for it.

The readers are called directly: `Image.open` would try formats that this program does not take, and would
put its own pixel limit and warnings in place of ours.
"""

from collections.abc import Callable
from io import BytesIO

from PIL import Image
from PIL.AvifImagePlugin import AvifImageFile
from PIL.BmpImagePlugin import BmpImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile
from PIL.WebPImagePlugin import WebPImageFile

from facewitness.photos.heif import open_heif

_READERS: dict[str, Callable[[BytesIO], Image.Image]] = {
    "JPEG": JpegImageFile,
    "PNG": PngImageFile,
    "WEBP": WebPImageFile,
    "AVIF": AvifImageFile,
    "HEIF": open_heif,
    "TIFF": TiffImageFile,
    "GIF": GifImageFile,
    "BMP": BmpImageFile,
}

_SIGNATURES = {
    b"\xff\xd8\xff": "JPEG",
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"II+\0": "TIFF",  # BigTIFF
    b"MM\0+": "TIFF",
    b"GIF87a": "GIF",
    b"GIF89a": "GIF",
}

_BMP_HEADER_SIZES = {12, 40, 52, 56, 64, 108, 124}
_AVIF_BRANDS = {b"avif", b"avis"}
_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}

_NOT_PHOTOS = {
    b"%PDF": "a PDF document",
    b"\x1aE\xdf\xa3": "a Matroska or WebM video",
    b"\0\0\1\xba": "an MPEG video",
    b"\0\0\0\x0cJXL ": "JPEG XL, which is not read yet",
    b"\xff\x0a": "JPEG XL, which is not read yet",
    b"\0\0\0\x0cjP  ": "JPEG 2000, which is not read",
    b"8BPS": "a Photoshop document",
    b"PK\3\4": "a ZIP archive",
    b"<svg": "an SVG drawing",
    b"<?xml": "XML text",
}


def format_of(data: bytes) -> str:
    """The format's name, empty where the bytes begin like none that is read."""
    for signature, name in _SIGNATURES.items():
        if data.startswith(signature):
            return name
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[:2] == b"BM" and int.from_bytes(data[14:18], "little") in _BMP_HEADER_SIZES:
        return "BMP"
    brands = _brands(data)
    if brands & _AVIF_BRANDS:
        return "AVIF"
    return "HEIF" if brands & _HEIF_BRANDS else ""


def guess(data: bytes) -> str:
    """In words, what bytes of no known photo format seem to be; for the refusal's detail."""
    for signature, name in _NOT_PHOTOS.items():
        if data.startswith(signature):
            return name
    if data[:4] == b"RIFF" and data[8:12] == b"AVI ":
        return "an AVI video"
    return "a video" if _brands(data) else "of no known photo format"


def open_image(data: bytes, name: str) -> Image.Image:
    """The file's header read, its pixels not yet decoded. Raises whatever the damage provokes."""
    return _READERS[name](BytesIO(data))


def _brands(data: bytes) -> set[bytes]:
    """The brands of an ISO base media file: the major one and at most 64 compatible ones."""
    if data[4:8] != b"ftyp":
        return set()
    end = min(int.from_bytes(data[:4], "big"), 16 + 4 * 64)
    return {data[8:12]} | {data[at : at + 4] for at in range(16, end, 4)}
