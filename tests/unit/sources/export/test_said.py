"""Texts, times and addresses of any shape are taken in as what can be stored, or not at all."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facewitness.sources.export.said import address, moment, text

ANY = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.integers())


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1_640_000_000, datetime(2021, 12, 20, 11, 33, 20, tzinfo=UTC)),
        ("1640000000", datetime(2021, 12, 20, 11, 33, 20, tzinfo=UTC)),
        (-86_400, datetime(1969, 12, 31, tzinfo=UTC)),
        ("2018-05-01T12:00:00+02:00", datetime(2018, 5, 1, 10, tzinfo=UTC)),
        ("2018-05-01T12:00:00", datetime(2018, 5, 1, 12, tzinfo=UTC)),
        (0, None),
        (-62_169_958_800, None),
        (10**400, None),
        ("9" * 5_000, None),
        (float("nan"), None),
        (True, None),
        ("yesterday", None),
        ({}, None),
    ],
)
def test_times(value: Any, expected: datetime | None) -> None:
    assert moment(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("https://photos.google.com/photo/x", "https://photos.google.com/photo/x"),
        ("javascript:alert(1)", ""),
        ("https://", ""),
        ("https://[broken", ""),
        ("https://one.example/a b", ""),
        ("https://one.example/" + "x" * 8_000, ""),
        (3, ""),
    ],
)
def test_addresses(value: Any, expected: str) -> None:
    assert address(value) == expected


def test_texts_are_cleared_of_what_a_terminal_would_obey_and_cut() -> None:
    assert text(" one\r\ntwo\x1b[31m\u202e\ud800 ") == "one  two[31m"
    assert len(text("x" * 20_000)) == 10_000


@given(ANY)
def test_nothing_raises_and_everything_can_be_stored(value: Any) -> None:
    text(value).encode()
    address(value).encode()
    found = moment(value)
    assert found is None or found.tzinfo is UTC
