"""What is no photo, or no whole one, is refused with its reason; nothing that a file contains raises."""

import struct
import zlib
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from facewitness.photos import ReadPhoto, read_facts, read_photo
from facewitness.terms.provenance import EmbeddedFacts, SkippedPhoto, SkipReason

from .damage import CHANGES, CUTS, reads_without_raising
from .pictures import ASSETS, quarters, read, refused, written

EXIF = Image.Exif()
EXIF[0x010F] = "Maker"
XMP = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>"
NOISE = Image.effect_noise((160, 120), 90).convert("RGB")

FILES = {
    "JPEG": written(quarters(), "JPEG", exif=EXIF, xmp=XMP),
    "CMYK JPEG": written(quarters().convert("CMYK"), "JPEG"),
    "PNG": written(quarters(), "PNG", exif=EXIF),
    "palette PNG": written(quarters().quantize(8), "PNG", transparency=1),
    "WEBP": written(quarters(), "WEBP", exif=EXIF, xmp=XMP),
    "AVIF": written(quarters(), "AVIF", exif=EXIF, xmp=XMP),
    "HEIF": (ASSETS / "turned.heic").read_bytes(),
    "TIFF": written(quarters(), "TIFF", exif=EXIF),
    "GIF": written(quarters(), "GIF"),
    "BMP": written(quarters(), "BMP"),
}


def png_that_says(width: int, height: int) -> bytes:
    """A PNG of a few bytes which declares that many pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b""))
        + chunk(b"IEND", b"")
    )


def patched(data: bytes, at: int, fields: bytes) -> bytes:
    return data[:at] + fields + data[at + len(fields) :]


def test_no_bytes_are_an_empty_file() -> None:
    assert refused(b"", path="a.jpg") == SkippedPhoto("a.jpg", SkipReason.EMPTY)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"just words", "no known photo format"),
        (b"\0" * 100, "no known photo format"),
        (b"BM, a text that begins like a bitmap", "no known photo format"),
        (b"%PDF-1.7", "PDF"),
        (b"<svg xmlns='x'/>", "SVG"),
        (b"<?xml version='1.0'?>", "XML"),
        (b"PK\3\4", "ZIP"),
        (b"8BPS\0\1", "Photoshop"),
        (b"\0\0\0\x18ftypisom\0\0\0\0isommp42", "video"),
        (b"RIFF\0\0\0\0AVI LIST", "AVI"),
        (b"\x1aE\xdf\xa3", "Matroska"),
        (b"\xff\x0a\0", "JPEG XL"),
    ],
)
def test_other_files_are_not_an_image_and_the_detail_says_what_they_seem_to_be(
    data: bytes, said: str
) -> None:
    skipped = refused(data, path="x")
    assert (skipped.path, skipped.reason) == ("x", SkipReason.NOT_AN_IMAGE)
    assert said in skipped.detail


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF", "GIF", "BMP", "HEIF"])
@pytest.mark.parametrize("share", [0.05, 0.3, 0.6, 0.95])
def test_a_file_cut_short_is_truncated(name: str, share: float) -> None:
    data = written(NOISE, name)
    skipped = refused(data[: max(32, int(len(data) * share))])
    assert skipped.reason is SkipReason.TRUNCATED
    assert skipped.detail.startswith(f"{name}: ")


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_mere_signature_is_truncated(name: str) -> None:
    assert refused(FILES[name][:20]).reason is SkipReason.TRUNCATED


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(png_that_says(100_000, 100_000), id="PNG"),
        pytest.param(png_that_says(2**31 - 1, 2**31 - 1), id="the largest PNG"),
        pytest.param(patched(FILES["GIF"], 6, b"\xff\xff\xff\xff"), id="GIF"),
        pytest.param(patched(FILES["BMP"], 18, struct.pack("<ii", 100_000, 100_000)), id="BMP"),
        pytest.param(
            patched(FILES["CMYK JPEG"], FILES["CMYK JPEG"].index(b"\xff\xc0") + 5, b"\xff\xdc\xff\xdc"),
            id="JPEG",
        ),
    ],
)
def test_a_decompression_bomb_is_too_large_before_anything_is_decoded(data: bytes) -> None:
    skipped = refused(data)
    assert skipped.reason is SkipReason.TOO_LARGE
    assert "the limit is 200000000 pixels" in skipped.detail


@pytest.mark.parametrize("name", sorted(FILES))
def test_the_pixel_limit_holds_for_every_format(name: str) -> None:
    assert refused(FILES[name], max_pixels=48 * 32 - 1).reason is SkipReason.TOO_LARGE
    assert isinstance(read_photo(FILES[name], max_pixels=48 * 32), ReadPhoto)


def test_a_camera_raw_file_is_not_an_image_rather_than_its_thumbnail() -> None:
    skipped = refused(written(quarters(), "TIFF", tiffinfo={0x00FE: 1}))
    assert skipped.reason is SkipReason.NOT_AN_IMAGE
    assert "camera raw" in skipped.detail


def test_bytes_behind_the_picture_do_no_harm() -> None:
    for name in ("JPEG", "PNG", "GIF", "BMP"):
        read(FILES[name] + b"trailer of some phone" * 10)


@given(st.binary(max_size=300))
def test_no_bytes_raise(data: bytes) -> None:
    assert isinstance(read_photo(data, max_pixels=10_000), ReadPhoto | SkippedPhoto)
    assert isinstance(read_facts(data), EmbeddedFacts)


@given(st.sampled_from(sorted(FILES)), CHANGES, CUTS)
@settings(max_examples=300, deadline=None)
def test_no_damage_raises(name: str, changes: list[tuple[int, int]], cut: int) -> None:
    reads_without_raising(FILES[name], changes, cut)


@given(exif=st.binary(max_size=200), xmp=st.binary(max_size=200), block=st.binary(max_size=200))
@settings(deadline=None)
def test_no_metadata_however_broken_costs_the_photo(exif: bytes, xmp: bytes, block: bytes) -> None:
    segments = (
        (0xE1, b"Exif\0\0" + exif),
        (0xE1, b"http://ns.adobe.com/xap/1.0/\0" + xmp),
        (0xED, b"Photoshop 3.0\0" + block),
    )
    head = b"".join(bytes([0xFF, mark]) + struct.pack(">H", len(data) + 2) + data for mark, data in segments)
    plain = FILES["JPEG"]
    read(plain[:2] + head + plain[2:])


def test_a_photo_that_says_a_great_deal_is_still_read() -> None:
    stream = BytesIO()
    quarters().save(stream, "JPEG", comment=b"x" * 60_000, exif=EXIF)
    assert read(stream.getvalue()).facts.camera == "Maker"
