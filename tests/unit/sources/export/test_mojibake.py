"""What Meta's JSON writes byte by byte is read as what was meant, and nothing else is touched."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facewitness.sources.export.mojibake import repaired, repaired_tree

from ....assets.exports import as_meta, mangled

TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r'"Gator bites \u00f0\u009f\u0098\u0081"', "Gator bites 😁"),
        (r'"caf\u00c3\u00a9"', "café"),
        (r'"caf\u00e9"', "café"),
        (r'"\u97f3\u6c50"', "音汐"),
        (r'"\ud83d\ude01"', "😁"),
        (r'"half \ud83d"', "half \ud83d"),
        (r'"plain"', "plain"),
        (r'""', ""),
        (r'"\u00c3\u00a9 and \u97f3"', "Ã© and 音"),
    ],
)
def test_the_known_vectors(written: str, meant: str) -> None:
    assert repaired(json.loads(written)) == meant
    assert repaired(repaired(json.loads(written))) == meant


def test_keys_and_values_at_every_depth_are_repaired() -> None:
    tree = {"é": ["ü", {"ñ": ["😁", 1, None, True, 2.5]}]}
    assert repaired_tree(json.loads(as_meta(tree))) == tree


@given(TEXT)
def test_what_meta_writes_is_read_back_whatever_it_was(text: str) -> None:
    assert repaired(mangled(text)) == text


@given(st.text())
def test_no_text_is_lost(text: str) -> None:
    found = repaired(text)
    assert found == text or mangled(found) == text


@given(st.text(st.characters(max_codepoint=127)) | TEXT.map("音".__add__))
def test_what_cannot_have_come_from_bytes_stays_as_it_is(text: str) -> None:
    assert repaired(text) == text
