"""The manifest: what comes back is what was written, or nothing."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from facewitness.gallery import Position
from facewitness.gallery.embedded.manifest import FileEntry, Manifest, SegmentEntry

FILE = FileEntry("a.ids", 8, "00")
SEGMENT = SegmentEntry(1, FILE, FileEntry("a.templates", 128, "11"), None)
MANIFEST = Manifest(32, Position(70, 3), (SEGMENT, replace(SEGMENT, codes=FileEntry("b.codes", 9, "22"))))


def test_it_is_read_as_it_was_written() -> None:
    assert Manifest.read(MANIFEST.written()) == MANIFEST
    assert MANIFEST.names == {"a.ids", "a.templates", "b.codes"}


@given(st.data())
def test_an_altered_one_is_none(data: st.DataObject) -> None:
    text = MANIFEST.written()
    place = data.draw(st.integers(0, len(text) - 1))
    put = data.draw(st.characters(codec="utf-8"))
    assert Manifest.read(text[:place] + put + text[place + 1 :]) in (None, MANIFEST)


@given(st.integers(0, len(MANIFEST.written()) - 1))
def test_a_part_of_one_is_none(length: int) -> None:
    assert Manifest.read(MANIFEST.written()[:length]) is None


@given(st.text() | st.sampled_from(["[]", "1", "null", '{"sha256": 1}', '{"sha256": ""}', '"sha256"']))
def test_anything_else_is_none(text: str) -> None:
    assert Manifest.read(text) is None


def test_one_of_a_later_version_is_none() -> None:
    assert Manifest.read(MANIFEST.written().replace('"version": 1', '"version": 2')) is None
