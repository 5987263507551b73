"""What a record says is cleaned, and no JSON that it may hold raises."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facewitness.sources.shards.description import KNOWN, Description, describe, from_json, known

from .making import UNHURRIED

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["https://a.example/b"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@UNHURRIED
@given(st.dictionaries(st.sampled_from(sorted(KNOWN | {"stars", "URL", "TEXT"})), JSON))
def test_no_json_raises_and_what_is_kept_can_be_stored(values: dict[str, Any]) -> None:
    read = from_json(json.dumps(values))
    assert read is not None
    said = describe(read)
    f"{said}".encode()
    for text in (said.caption, said.licence, said.page_title, said.failure):
        assert text.isprintable()
    for address in (said.image_url, said.page_url):
        assert not address or address.startswith(("http://", "https://"))
    assert said.captured_at is None or said.captured_at.tzinfo is UTC
    assert len(said.digest(5)) == 16


@UNHURRIED
@given(st.binary(max_size=100) | st.text(max_size=100))
def test_no_text_raises(data: bytes | str) -> None:
    assert from_json(data) is None or isinstance(from_json(data), dict)


@pytest.mark.parametrize(
    ("values", "field", "expected"),
    [
        ({"URL": "https://a.example"}, "image_url", "https://a.example"),
        ({"image_url": "https://a.example", "url": "https://b.example"}, "image_url", "https://a.example"),
        ({"image_url": "", "url": "https://b.example"}, "image_url", "https://b.example"),
        ({"source_url": "https://a.example"}, "page_url", "https://a.example"),
        ({"page_title": "T"}, "page_title", "T"),
        ({"LICENSE": "CC0"}, "licence", "CC0"),
        ({"licence": "CC0"}, "licence", "CC0"),
        ({"TEXT": "t"}, "caption", "t"),
        ({"alt": "t"}, "caption", "t"),
        ({"status": "SUCCESS"}, "failure", ""),
        ({"status": "failed_to_download", "error_message": "404"}, "failure", "failed_to_download: 404"),
    ],
)
def test_the_names_that_datasets_use_are_known(values: dict[str, Any], field: str, expected: str) -> None:
    assert getattr(describe(known(values)), field) == expected


@pytest.mark.parametrize(
    "change",
    [
        {"caption": "b"},
        {"url": "https://b.example"},
        {"timestamp": "2024"},
        {"sha256": "cd"},
        {"license": "CC0"},
    ],
)
def test_the_digest_changes_with_each_thing_said_and_with_the_size(change: dict[str, str]) -> None:
    before = {
        "caption": "a",
        "url": "https://a.example",
        "timestamp": "2023",
        "sha256": "ab",
        "license": "CC BY",
    }
    assert describe(before).digest(1) != describe(before | change).digest(1)
    assert describe(before).digest(1) != describe(before).digest(2)
    assert describe(before).digest(1) == describe(dict(before)).digest(1)


@pytest.mark.parametrize("zone", [None, UTC, timezone(timedelta(hours=2))])
def test_a_time_is_in_utc_whatever_its_zone_and_where_it_has_none(zone: timezone | None) -> None:
    said = describe({"timestamp": datetime(2024, 5, 1, 14, tzinfo=zone)})
    assert said.captured_at is not None
    assert said.captured_at.tzinfo is UTC
    assert said.captured_at.hour == (12 if zone not in (None, UTC) else 14)


def test_nothing_said_is_an_empty_description() -> None:
    assert describe({}) == Description()
