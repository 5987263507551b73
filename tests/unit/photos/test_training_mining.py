"""C2PA's training-and-mining assertion: read from every format, and heeded whoever signed it or did not."""

import struct
import time
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from facewitness.photos import read_facts
from facewitness.terms.provenance import EmbeddedFacts, Preference

from ...assets.manifests import (
    LABEL,
    app11,
    assertion,
    box,
    carried,
    compressed,
    entries,
    in_jpeg,
    manifest,
    saying,
    store,
    superbox,
)
from .damage import CHANGES, CUTS, reads_without_raising
from .pictures import ASSETS, quarters, read, written

FORMATS = ["JPEG", "PNG", "WEBP", "AVIF", "HEIF", "TIFF", "GIF"]
NAMES = ["data_mining", "ai_inference", "ai_training", "ai_generative_training"]
NO_TRAINING = Preference(f"{LABEL}: cawg.ai_training", "notAllowed", True)
HEIC = (ASSETS / "quarters.heic").read_bytes()
PLAIN = written(quarters(), "JPEG")


def with_segments(*segments: bytes) -> bytes:
    return PLAIN[:2] + b"".join(segments) + PLAIN[2:]


def facts(whole: bytes) -> EmbeddedFacts:
    return read_facts(in_jpeg(PLAIN, whole))


def said(*assertions: bytes) -> tuple[Preference, ...]:
    return facts(store(manifest(*assertions))).training_mining


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_gives_its_manifest(name: str) -> None:
    data = carried(quarters(), name, saying(ai_training="notAllowed"), HEIC)
    photo = read(data)
    assert photo.picture.format == name
    assert photo.facts.training_mining == (NO_TRAINING,)
    assert photo.facts == read_facts(data)
    assert photo.facts.reserved_by == "cawg.training-mining: cawg.ai_training is notAllowed"


@pytest.mark.parametrize("name", FORMATS)
def test_a_photo_without_a_manifest_says_nothing(name: str) -> None:
    assert read(written(quarters(), name)).facts.training_mining == ()


@pytest.mark.parametrize("space", ["cawg", "c2pa"])
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("use", "reserves"),
    [("allowed", False), ("notAllowed", True), ("constrained", True), ("Allowed", False), ("denied", True)],
)
def test_every_entry_reserves_unless_it_allows(space: str, name: str, use: str, reserves: bool) -> None:
    label = f"{space}.training-mining"
    data = {"entries": {f"{space}.{name}": {"use": use}}}
    for kind in (b"cbor", b"json"):
        whole = store(manifest(assertion(data, label, kind)))
        assert facts(whole).training_mining == (Preference(f"{label}: {space}.{name}", use, reserves),)
        assert bool(facts(whole).reserved_by) is reserves


def test_of_two_entries_the_reservation_counts() -> None:
    found = facts(saying(data_mining="allowed", ai_inference="notAllowed", ai_training="allowed"))
    assert [one.reserves for one in found.training_mining] == [False, True, False]
    assert found.reserved_by == "cawg.training-mining: cawg.ai_inference is notAllowed"


@pytest.mark.parametrize("name", ["constraint_info", "constraints_info"])
def test_the_conditions_are_kept(name: str) -> None:
    found = facts(saying(ai_training={"use": "constrained", name: "ask\nthe agency"}))
    assert [one.value for one in found.training_mining] == ["constrained (ask the agency)"]


@pytest.mark.parametrize("entry", [{}, {"use": None}, {"use": ""}, {"use": ["allowed"]}, "no", None, 1])
def test_an_entry_that_does_not_say_that_it_allows_reserves(entry: Any) -> None:
    assert [one.reserves for one in said(assertion({"entries": {"cawg.ai_training": entry}}))] == [True]


def test_other_entries_and_other_assertions_say_nothing_of_this() -> None:
    other = {"entries": {"com.example.printing": {"use": "notAllowed"}, "cawg.ai": {"use": "notAllowed"}}}
    assert (
        said(assertion(other), assertion(entries(ai_training="notAllowed"), "com.example.training-mining"))
        == ()
    )


@pytest.mark.parametrize("end", ["__1", "__12", ".v2", ".v2__3"])
def test_labels_end_in_versions_and_instances(end: str) -> None:
    assert said(assertion(entries(ai_training="notAllowed"), LABEL + end)) == (NO_TRAINING,)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_reservation_in_any_manifest_counts(order: tuple[int, ...]) -> None:
    manifests = [
        manifest(name="urn:c2pa:nothing"),
        manifest(assertion(entries(ai_training="allowed")), name="urn:c2pa:allows"),
        manifest(assertion(entries(ai_training="notAllowed")), name="urn:c2pa:reserves"),
    ]
    assert facts(store(*(manifests[place] for place in order))).reserved_by


def test_what_many_manifests_repeat_is_kept_once() -> None:
    data = entries(ai_training="notAllowed")
    one = manifest(assertion(data), assertion(data, kind=b"json"))
    assert facts(store(*[one] * 100)).training_mining == (NO_TRAINING,)


def test_of_a_great_many_different_assertions_the_first_are_kept() -> None:
    many = (entries(ai_training={"use": "constrained", "constraint_info": str(n)}) for n in range(1000))
    assert len(said(*map(assertion, many))) == 64


def test_a_compressed_manifest_is_read() -> None:
    whole = store(compressed(manifest(assertion(entries(ai_training="notAllowed")))))
    assert facts(whole).training_mining == (NO_TRAINING,)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_store_over_several_segments_is_put_together_by_their_numbers(order: tuple[int, ...]) -> None:
    """The middle piece begins within the label; between them lies a box that has nothing to do with it."""
    whole = saying(ai_training="notAllowed")
    cut = whole.index(b"ining") - 8
    header = whole[:8]
    places = (0, cut, cut + 40, len(whole) - 8)
    pieces = []
    for number in range(3):
        piece = whole[8:][places[number] : places[number + 1]]
        payload = b"JP" + struct.pack(">HI", 7, number + 1) + header + piece
        pieces.append(b"\xff\xeb" + struct.pack(">H", len(payload) + 2) + payload)
    other = app11(superbox(b"json", "other", box(b"json", b"{}")), number=8)
    data = with_segments(pieces[order[0]], *other, pieces[order[1]], pieces[order[2]])
    assert read_facts(data).training_mining == (NO_TRAINING,)


def test_a_large_store_is_read_to_its_end() -> None:
    thumbnail = superbox(b"@\xcb\x0c2", "c2pa.thumbnail.claim", box(b"bidb", bytes(300_000)))
    whole = store(manifest(thumbnail, assertion(entries(ai_training="notAllowed"))))
    for name in FORMATS:
        data = carried(quarters(), name, whole, HEIC)
        assert read_facts(data).training_mining == (NO_TRAINING,), name


def test_a_store_whose_length_takes_eight_bytes_is_read() -> None:
    inner = saying(ai_training="notAllowed")[8:]
    whole = box(b"jumb", inner, long=True)
    segments = []
    for number, piece in enumerate((inner[:100], inner[100:]), 1):
        payload = b"JP" + struct.pack(">HI", 1, number) + whole[:16] + piece
        segments.append(b"\xff\xeb" + struct.pack(">H", len(payload) + 2) + payload)
    assert read_facts(with_segments(*segments)).training_mining == (NO_TRAINING,)


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(assertion(b"\xa1\x67entries\xa1"), id="cut short"),
        pytest.param(assertion(b""), id="empty"),
        pytest.param(assertion(b"\x81" * 10_000), id="nested CBOR"),
        pytest.param(assertion(b"[" * 10_000, kind=b"json"), id="nested JSON"),
        pytest.param(assertion(b"9" * 10_000, kind=b"json"), id="a huge number"),
        pytest.param(assertion(b"\xff\xfe", kind=b"json"), id="no text"),
        pytest.param(assertion({"other": {}}), id="no entries"),
        pytest.param(assertion({"entries": ["cawg.ai_training"]}), id="a list of entries"),
        pytest.param(assertion(["entries"]), id="a list"),
        pytest.param(assertion(None), id="null"),
        pytest.param(assertion(entries(ai_training="allowed") | {"x": "x" * 20_000}), id="too large"),
        pytest.param(superbox(b"cbor", LABEL), id="without content"),
        pytest.param(superbox(b"uuid", LABEL, box(b"uuid", bytes(40))), id="of another kind"),
    ],
)
def test_an_assertion_that_cannot_be_read_reserves(broken: bytes) -> None:
    assert said(broken) == (Preference(LABEL, "cannot be read", True),)


def test_a_great_many_assertions_cost_little() -> None:
    text = "x" * 16_000
    many = (assertion(entries(ai_training="allowed") | {str(n): [text[:10]] * 1200}) for n in range(1000))
    whole = store(manifest(*many))
    start = time.process_time()
    facts(whole)
    assert time.process_time() - start < 2


@given(st.sampled_from(FORMATS), st.binary(max_size=300))
@settings(deadline=None)
def test_no_store_costs_the_photo(name: str, whole: bytes) -> None:
    read(carried(quarters(), name, whole, HEIC))


STORE = saying(ai_training="notAllowed", data_mining={"use": "constrained", "constraint_info": "ask"})
FILES = {name: carried(quarters(), name, STORE, HEIC) for name in FORMATS if name != "HEIF"}


@given(st.sampled_from(sorted(FILES)), CHANGES, CUTS)
@settings(max_examples=300, deadline=None)
def test_no_damage_raises(name: str, changes: list[tuple[int, int]], cut: int) -> None:
    reads_without_raising(FILES[name], changes, cut)


@given(st.lists(st.tuples(st.integers(0, len(STORE) - 1), st.integers(0, 255)), max_size=8))
def test_no_changed_store_raises(changes: list[tuple[int, int]]) -> None:
    data = bytearray(STORE)
    for at, value in changes:
        data[at] = value
    for one in facts(bytes(data)).training_mining:
        assert len(one.value) < 500


def test_a_photo_without_a_manifest_costs_next_to_nothing() -> None:
    """Its parts are stepped over: a large file takes no longer than a small one."""
    large = written(Image.effect_noise((2000, 2000), 90), "JPEG", quality=95)
    assert len(large) > 2_000_000
    start = time.process_time()
    for _ in range(100):
        read_facts(large)
    assert time.process_time() - start < 1
