"""What EXIF and IPTC say: when, with what, where and by whom; what is broken is left out."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, TiffImagePlugin

from facewitness.photos import read_facts
from facewitness.photos.iptc import datasets
from facewitness.terms.provenance import EmbeddedFacts

from .pictures import quarters, read, written

SHOT, GPS = 0x8769, 0x8825
ORIGINAL, DIGITIZED, ORIGINAL_OFFSET = 0x9003, 0x9004, 0x9011
HERE = {1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 36.0)}
UTF8 = b"\x1c\x01\x5a\x00\x03\x1b%G"


def with_exif(main: dict[int, Any] | None = None, **directories: dict[int, Any]) -> Image.Exif:
    exif = Image.Exif()
    exif.update(main or {})
    for name, tag in (("shot", SHOT), ("gps", GPS)):
        if name in directories:
            exif.get_ifd(tag).update(directories[name])
    return exif


def exif_facts(main: dict[int, Any] | None = None, **directories: dict[int, Any]) -> EmbeddedFacts:
    return read(written(quarters(), "JPEG", exif=with_exif(main, **directories))).facts


def dataset(number: int, value: bytes, record: int = 2) -> bytes:
    return bytes([0x1C, record, number]) + len(value).to_bytes(2, "big") + value


def in_jpeg(block: bytes, **options: Any) -> bytes:
    """A JPEG with an IPTC block in Photoshop's resource 0x0404."""
    resource = b"8BIM\x04\x04\0\0" + len(block).to_bytes(4, "big") + block + b"\0" * (len(block) % 2)
    segment = b"Photoshop 3.0\0" + resource
    plain = written(quarters(), "JPEG", **options)
    return plain[:2] + b"\xff\xed" + (len(segment) + 2).to_bytes(2, "big") + segment + plain[2:]


def in_tiff(block: bytes) -> bytes:
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[0x83BB] = block
    tags.tagtype[0x83BB] = 7  # bytes without a type
    return written(quarters(), "TIFF", tiffinfo=tags)


def test_a_photo_without_metadata_says_nothing() -> None:
    assert read(written(quarters(), "PNG")).facts == EmbeddedFacts()


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF"])
def test_every_format_gives_its_exif(name: str) -> None:
    exif = with_exif({0x010F: "Maker", 0x0110: "One"}, shot={ORIGINAL: "2024:05:01 12:30:59"}, gps=HERE)
    data = written(
        quarters(), name, exif=exif.tobytes()
    )  # as bytes: TIFF is written without what hangs below
    facts = read(data).facts
    assert facts.camera == "Maker One"
    assert facts.taken_at == datetime(2024, 5, 1, 12, 30, 59)  # noqa: DTZ001 - as the file gives it
    assert facts.gps == pytest.approx((52.52, 13.41))
    assert read_facts(data) == facts


def test_a_heic_gives_its_exif() -> None:
    assert read(written(quarters(), "HEIF")).facts.camera == "Maker Model"


@pytest.mark.parametrize(
    ("shot", "expected"),
    [
        ({ORIGINAL: "2024:05:01 12:30:59"}, "2024-05-01T12:30:59"),
        ({ORIGINAL: "2024-05-01 12:30:59"}, "2024-05-01T12:30:59"),
        ({ORIGINAL: "2024:05:01 12:30:59", ORIGINAL_OFFSET: "+02:00"}, "2024-05-01T12:30:59+02:00"),
        ({ORIGINAL: "2024:05:01 12:30:59", ORIGINAL_OFFSET: "-0330"}, "2024-05-01T12:30:59-03:30"),
        ({ORIGINAL: "2024:05:01 12:30:59", ORIGINAL_OFFSET: "Z"}, "2024-05-01T12:30:59+00:00"),
        ({ORIGINAL: "2024:05:01 12:30:59", ORIGINAL_OFFSET: "somewhere"}, "2024-05-01T12:30:59"),
        ({DIGITIZED: "1999:12:31 23:59:59"}, "1999-12-31T23:59:59"),
        ({ORIGINAL: "0000:00:00 00:00:00", DIGITIZED: "1999:12:31 23:59:59"}, "1999-12-31T23:59:59"),
        ({ORIGINAL: "    :  :     :  :  "}, None),
        ({ORIGINAL: "2024:13:45 99:99:99"}, None),
        ({ORIGINAL: "2024:05:01 12:30:59", ORIGINAL_OFFSET: "+99:00"}, None),
        ({ORIGINAL: "yesterday"}, None),
    ],
)
def test_the_time_is_the_exposure_s_with_its_zone_where_there_is_one(
    shot: dict[int, str], expected: str | None
) -> None:
    taken_at = exif_facts(shot=shot).taken_at
    assert taken_at == (datetime.fromisoformat(expected) if expected else None)


def test_the_time_of_the_last_edit_is_not_the_exposure_s() -> None:
    assert exif_facts({0x0132: "2024:05:01 12:30:59"}).taken_at is None


@pytest.mark.parametrize(
    ("make", "model", "expected"),
    [
        ("NIKON", "D90", "NIKON D90"),
        ("Canon", "Canon EOS 5D", "Canon EOS 5D"),
        ("", "D90", "D90"),
        ("NIKON", "", "NIKON"),
        (" NIKON \0", "D90\0\0", "NIKON D90"),
        ("Café".encode(), "1", "Café 1"),
        ("Café".encode("latin-1"), "1", "Café 1"),
    ],
)
def test_the_camera_is_make_and_model_with_the_make_once(
    make: str | bytes, model: str, expected: str
) -> None:
    assert exif_facts({0x010F: make, 0x0110: model}).camera == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, (52.52, 13.41)),
        ({1: "S", 3: "W"}, (-52.52, -13.41)),
        ({1: "n", 3: "east"}, (52.52, 13.41)),
        ({2: (90.0, 0.0, 0.0)}, (90.0, 13.41)),
        ({2: (90.0, 0.0, 1.0)}, None),
        ({4: (181.0, 0.0, 0.0)}, None),
        ({2: (0.0, 0.0, 0.0), 4: (0.0, 0.0, 0.0)}, None),
        ({1: ""}, None),
        ({1: "E"}, None),
        ({2: (52.0, 31.0, 12.0, 5.0)}, None),
        ({2: (TiffImagePlugin.IFDRational(1, 0),) * 3}, None),
        ({3: None, 4: None}, None),
    ],
)
def test_a_position_is_given_only_where_it_can_be_one(
    changes: dict[int, Any], expected: tuple[float, float] | None
) -> None:
    gps = {tag: value for tag, value in (HERE | changes).items() if value is not None}
    found = exif_facts(gps=gps).gps
    assert found == (pytest.approx(expected) if expected else None)


def test_exif_says_who_made_it_what_it_shows_and_whose_it_is() -> None:
    facts = exif_facts({0x013B: "A. Photographer", 0x010E: "A harbour", 0x8298: "© A. Photographer".encode()})
    assert (facts.creator, facts.caption, facts.rights) == (
        "A. Photographer",
        "A harbour",
        "© A. Photographer",
    )


def test_one_broken_tag_costs_no_other() -> None:
    facts = exif_facts({0x010F: "Maker"}, shot={ORIGINAL: "never"}, gps={1: "N", 2: 4})
    assert facts == EmbeddedFacts(camera="Maker")


@pytest.mark.parametrize("carrier", [in_jpeg, in_tiff])
def test_iptc_gives_creators_credit_caption_and_rights(carrier: Any) -> None:
    block = b"".join(
        dataset(number, value)
        for number, value in (
            (80, b"One"),
            (80, b"Two"),
            (110, b"Agency"),
            (120, b"A harbour"),
            (116, b"(c) One"),
        )
    )
    assert read(carrier(block)).facts == EmbeddedFacts(
        creator="One, Two", credit="Agency", caption="A harbour", rights="(c) One"
    )


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        (UTF8 + dataset(80, "Žižek".encode()), "Žižek"),
        (dataset(80, "Žižek".encode()), "Žižek"),
        (dataset(80, "José".encode("latin-1")), "José"),
        (UTF8 + dataset(80, b"Jos\xe9"), "Jos\ufffd"),
        (dataset(80, b"  One\r\nTwo\0\x07 "), "One  Two"),
        (dataset(80, b""), ""),
    ],
)
def test_iptc_text_is_decoded_and_cleaned(block: bytes, expected: str) -> None:
    assert read(in_jpeg(block)).facts.creator == expected


def test_an_extended_dataset_is_read() -> None:
    block = b"\x1c\x02\x50\x80\x04" + (3).to_bytes(4, "big") + b"One" + dataset(110, b"Agency")
    assert list(datasets(block)) == [((2, 80), b"One"), ((2, 110), b"Agency")]


def test_datasets_before_the_damage_are_kept() -> None:
    assert list(datasets(dataset(80, b"One") + dataset(110, b"Agency")[:-1])) == [((2, 80), b"One")]


@given(st.binary(max_size=100))
def test_no_iptc_block_raises(block: bytes) -> None:
    assert sum(len(value) for _, value in datasets(block)) <= len(block)


def test_texts_are_bounded() -> None:
    assert len(exif_facts({0x010E: "x" * 50_000}).caption) == 4_000


def test_the_newer_kind_of_metadata_goes_first_field_by_field() -> None:
    xmp = (
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        b'<rdf:Description dc:rights="of XMP"/></rdf:RDF>'
    )
    exif = with_exif({0x013B: "of EXIF", 0x010E: "of EXIF", 0x8298: "of EXIF"})
    block = dataset(120, b"of IPTC") + dataset(116, b"of IPTC")
    assert read(in_jpeg(block, exif=exif, xmp=xmp)).facts == EmbeddedFacts(
        creator="of EXIF", caption="of IPTC", rights="of XMP"
    )


def test_an_offset_is_a_fixed_zone() -> None:
    taken_at = exif_facts(shot={ORIGINAL: "2024:05:01 01:00:00", ORIGINAL_OFFSET: "+02:00"}).taken_at
    assert taken_at is not None
    assert taken_at.tzinfo == timezone(timedelta(hours=2))
    assert taken_at.astimezone(UTC).day == 30
