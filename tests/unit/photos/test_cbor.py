"""CBOR: what another writer wrote is read as it was; anything else is a ValueError, soon and in little memory."""

import math
import time
import tracemalloc
from contextlib import suppress
from typing import Any

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from facewitness.photos.cbor import MAX_DEPTH, from_cbor

PLAIN = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**64), 2**64 - 1),
    st.floats(allow_nan=False),
    st.text(),
    st.binary(),
)
FLAT = (
    PLAIN
    | st.lists(PLAIN, max_size=30)
    | st.dictionaries(st.text() | st.integers(-(2**64), 2**64 - 1), PLAIN, max_size=30)
)
VALUES = FLAT | st.lists(FLAT, max_size=3) | st.dictionaries(st.text(), FLAT, max_size=3)


@given(VALUES)
def test_what_was_written_is_read(value: Any) -> None:
    assert from_cbor(cbor2.dumps(value)) == value


@pytest.mark.parametrize(
    ("written", "value"),
    [
        # RFC 8949, appendix A
        ("f93c00", 1.0),
        ("fa47c35000", 100000.0),
        ("3bffffffffffffffff", -(2**64)),
        ("f7", None),
        ("5f42010243030405ff", b"\1\2\3\4\5"),
        ("7f657374726561646d696e67ff", "streaming"),
        ("9f018202039f0405ffff", [1, [2, 3], [4, 5]]),
        ("bf61610161629f0203ffff", {"a": 1, "b": [2, 3]}),
        ("c074323031332d30332d32315432303a30343a30305a", "2013-03-21T20:04:00Z"),
        ("d818456449455446", b"dIETF"),
        ("f97e00", math.nan),
    ],
)
def test_the_standard_s_own_examples_are_read(written: str, value: Any) -> None:
    assert repr(from_cbor(bytes.fromhex(written))) == repr(value)


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param("", id="nothing"),
        pytest.param("62c328", id="text that is no UTF-8"),
        pytest.param("6261", id="text cut short"),
        pytest.param("9bffffffffffffffff01", id="a list that says it is huge"),
        pytest.param("bbffffffffffffffff01", id="a map that says it is huge"),
        pytest.param("7bffffffffffffffff61", id="a text that says it is huge"),
        pytest.param("9f01", id="a list without its end"),
        pytest.param("bf6161ff", id="a key without its value"),
        pytest.param("a2616101616102", id="a key named twice"),
        pytest.param("a1810102", id="a list as key"),
        pytest.param("a1a002", id="a map as key"),
        pytest.param("7f4161ff", id="bytes in a text"),
        pytest.param("1c", id="a reserved length"),
        pytest.param("1f", id="a number without an end"),
        pytest.param("82ff01", id="an end within a counted list"),
        pytest.param("ff", id="an end of nothing"),
        pytest.param("f820", id="an unknown simple value"),
        pytest.param("81" * (MAX_DEPTH + 1) + "01", id="nested lists"),
        pytest.param("c1" * 10_000 + "01", id="nested tags"),
        pytest.param("5f" * 10_000, id="nested strings"),
    ],
)
def test_what_is_not_cbor_or_not_wanted_is_a_value_error(broken: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  any one
        from_cbor(bytes.fromhex(broken))


def test_a_length_that_is_claimed_costs_no_memory() -> None:
    tracemalloc.start()
    for claim in ("5bffffffffffffff00", "9a7fffffff", "ba7fffffff", "5a7fffffff"):
        with pytest.raises(ValueError, match="cut short"):
            from_cbor(bytes.fromhex(claim))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 100_000


def test_time_is_in_proportion_to_the_bytes() -> None:
    start = time.process_time()
    from_cbor(b"\x9f" + b"\x01" * 16_000 + b"\xff")
    assert time.process_time() - start < 0.5


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_but_a_value_error(data: bytes) -> None:
    with suppress(ValueError):
        from_cbor(data)
