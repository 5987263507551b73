"""A header says what `tarfile` reads in it, and whatever else stands there is refused."""

import tarfile
from typing import Literal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from facewitness.sources.shards.headers import (
    BLOCK,
    BadHeader,
    Header,
    extension,
    length,
    read_header,
    special,
)

from .making import UNHURRIED

FORMATS: list[Literal[0, 1]] = [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT]
NAMES = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=80)


def summed(block: bytes) -> bytes:
    """The block with the checksum that it should have."""
    blank = block[:148] + b" " * 8 + block[156:]
    return blank[:148] + b"%06o\0 " % sum(blank) + blank[156:]


def by_tarfile(block: bytes) -> Header | None:
    try:
        info = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
    except tarfile.HeaderError:
        return None
    return Header(info.name.rstrip("/"), info.type, info.size, int(info.mtime))


def ours(block: bytes) -> Header | None:
    try:
        header = read_header(block)
    except BadHeader:
        return None
    return Header(header.name.rstrip("/"), header.kind, header.size, header.mtime)


@UNHURRIED
@given(
    NAMES,
    st.integers(0, 2**63),
    st.integers(-(2**40), 2**40),
    st.sampled_from(FORMATS),
    st.sampled_from(list(b"01234567\0LKxgXZ")),
)
@example("sub/", 0, 0, tarfile.GNU_FORMAT, 0)
@example("a.jpg", 0, 0, tarfile.GNU_FORMAT, ord("L"))
def test_a_header_says_what_tarfile_reads_in_it(
    name: str, size: int, mtime: int, kind: Literal[0, 1], type_: int
) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mtime, info.type = size, mtime, bytes([type_])
    try:
        block = info.tobuf(kind, "utf-8", "surrogateescape")[-BLOCK:]
    except ValueError:  # ustar has no room for it
        return
    assert ours(block) == by_tarfile(block)


@UNHURRIED
@given(st.lists(st.tuples(st.integers(0, 511), st.binary(min_size=1, max_size=12)), max_size=5))
@example([(124, b"\xff" * 12)])
@example([(0, b"\xe9")])
@example([(345, b"times"), (156, b"L")])
@example([(345, b"first part")])
def test_a_damaged_header_that_tarfile_reads_says_the_same(damages: list[tuple[int, bytes]]) -> None:
    block = bytearray(tarfile.TarInfo("sub/a.jpg").tobuf(tarfile.USTAR_FORMAT))
    for at, data in damages:
        block[at : at + len(data)] = data
    del block[BLOCK:]
    for whole in (bytes(block), summed(bytes(block))):
        theirs = by_tarfile(whole)  # which also refuses owners and modes that are no numbers
        if theirs is not None and theirs.kind != b"S":
            assert ours(whole) == theirs


def test_a_checksum_of_signed_bytes_as_old_writers_made_it_is_right_too() -> None:
    blank = tarfile.TarInfo("caf\u00e9.jpg").tobuf(tarfile.USTAR_FORMAT, "latin-1")
    blank = blank[:148] + b" " * 8 + blank[156:]
    total = sum(blank) - 256 * sum(one > 127 for one in blank)
    assert read_header(blank[:148] + b"%06o\0 " % total + blank[156:]).name == "caf\udce9.jpg"


@pytest.mark.parametrize("kind", [b"1", b"2", b"3", b"4", b"5", b"6"])
def test_no_bytes_follow_a_link_a_device_or_a_folder_whatever_its_size_says(kind: bytes) -> None:
    assert length(Header("a", kind, 700, 0), {}) == 0
    assert length(Header("a", b"0", 700, 0), {}) == 700


@pytest.mark.parametrize("pax", [b"22 GNU.sparse.major=1\n", b"22 GNU.sparse.map=0,1\n"])
def test_a_sparse_file_is_no_photo_as_it_lies(pax: bytes) -> None:
    said = extension(b"x", b"11 path=ab\n13 size=1234\n16 uname=nobody\n" + pax)
    assert said == {"path": "ab", "size": "1234", "sparse": "yes"}
    assert special(Header("a", b"0", 5, 0), said) == special(Header("a", b"S", 5, 0), {}) == "a sparse file"
    assert special(Header("a", b"0", 5, 0), {}) == ""


@pytest.mark.parametrize("digits", ["", "-1", "1e3", "\u0663", "9" * 20])
def test_a_size_in_pax_that_is_no_number_is_refused(digits: str) -> None:
    with pytest.raises(BadHeader, match="a size that is no number"):
        length(Header("a", b"0", 0, 0), {"size": digits})


@UNHURRIED
@given(st.binary(max_size=60))
@example(b"11 path=ab\n13 size=1234\n")
def test_no_extension_raises_but_bad_header(data: bytes) -> None:
    for kind in (b"L", b"K", b"x", b"g"):
        try:
            assert isinstance(extension(kind, data), dict)
        except BadHeader:
            assert kind == b"x"
