"""A window is a file of its own, and a search finds what lies across the pieces it reads."""

import io
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facewitness.sources.webarchive import window
from facewitness.sources.webarchive.window import find_all, open_window, read_at

ALPHABET = "".join(chr(one) for one in range(256))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "file"
    path.write_text(ALPHABET, encoding="latin-1")
    return path


def test_a_window_gives_its_part_of_the_file_and_no_more(file: Path) -> None:
    with open_window(str(file), 10, 20) as stream:
        assert stream.read() == bytes(range(10, 30))
        assert stream.read(1) == b""
        assert stream.seek(0, 2) == 20
        assert stream.seek(-5, 1) == 15
        assert stream.read(2) == bytes((25, 26))
        assert read_at(stream, 3, 2) == bytes((13, 14))
        assert read_at(stream, 100, 2) == b""
        assert stream.tell() == 100


def test_a_window_ends_with_the_file(file: Path) -> None:
    with open_window(str(file), 250, 20) as stream:
        assert stream.read() == bytes(range(250, 256))


@given(
    st.text(alphabet="ab", max_size=60).map(str.encode),
    st.sampled_from([rb"ab", rb"aba", rb"(?<=b)a", rb"bbbb"]),
    st.integers(1, 60),
)
def test_a_search_finds_what_a_search_in_all_of_it_finds(data: bytes, pattern: bytes, start: int) -> None:
    compiled = re.compile(pattern)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(window, "_PIECE", 7)
        patched.setattr(window, "_OVERLAP", 4)
        found = list(find_all(io.BytesIO(data), re.compile(b"(?=" + pattern + b")"), start))
    every = [at for at in range(start, len(data)) if compiled.match(data, at)]
    assert found == every
