"""A ZIP costs no more than its own bytes, and what is damaged in it costs only itself."""

import struct
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from facewitness.sources.export import zips
from facewitness.sources.export.zips import ZipMember, members_of_zip
from facewitness.terms.provenance import SkippedPhoto, SkipReason

from ....assets.exports import write_zip

MEGABYTE = 1024 * 1024


def listed(path: Path) -> list[ZipMember | SkippedPhoto]:
    return list(members_of_zip(str(path), path.name))


def only(path: Path) -> ZipMember:
    (one,) = listed(path)
    assert isinstance(one, ZipMember)
    return one


def reason(found: object) -> SkipReason | None:
    return found.reason if isinstance(found, SkippedPhoto) else None


def test_members_are_read_whichever_way_they_are_packed(tmp_path: Path) -> None:
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        write_zip(tmp_path / "a.zip", {"a.jpg": b"abc" * 50, "empty": b""}, method)
        assert [one.read(1_000) for one in listed(tmp_path / "a.zip") if isinstance(one, ZipMember)] == [
            b"abc" * 50,
            b"",
        ]


def test_folders_and_junk_are_no_members(tmp_path: Path) -> None:
    files = {"media/": b"", "media/a.jpg": b"a", "__MACOSX/media/._a.jpg": b"x", "media/.DS_Store": b"x"}
    assert only(write_zip(tmp_path / "a.zip", files)).path == "media/a.jpg"


def test_names_that_macs_write_as_utf_8_without_saying_so_are_read(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {"caf\u00e9.jpg": b"a"})
    data = bytearray(path.read_bytes())
    for at, header in ((6, b"PK\3\4"), (8, b"PK\1\2")):
        flag = data.index(header) + at
        data[flag : flag + 2] = bytes(2)
    path.write_bytes(data)
    assert only(path).path == "café.jpg"


def test_a_path_that_leads_out_costs_only_itself(tmp_path: Path) -> None:
    found = listed(write_zip(tmp_path / "a.zip", {"../../etc/passwd": b"x", "a.jpg": b"a"}))
    assert [(one.path, reason(one)) for one in found] == [
        ("a.zip/../../etc/passwd", SkipReason.OUTSIDE_SOURCE),
        ("a.jpg", None),
    ]


def test_a_member_over_the_limit_is_refused_unread(tmp_path: Path) -> None:
    one = only(write_zip(tmp_path / "a.zip", {"a.jpg": b"0123456789"}))
    assert one.refusal(10) is None
    assert one.refusal(9) == SkippedPhoto("a.jpg", SkipReason.TOO_LARGE, "10 bytes, the limit is 9")
    assert one.read(9) == one.refusal(9)


def test_a_member_that_is_longer_packed_than_unpacked_is_refused_unread(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {"a.jpg": bytes(5_000)}, zipfile.ZIP_STORED)
    data = path.read_bytes()
    entry = data.index(b"PK\1\2") + 24
    path.write_bytes(data[:entry] + struct.pack("<I", 100) + data[entry + 4 :])
    assert reason(only(path).read(MEGABYTE)) is SkipReason.BAD_RECORD


def test_a_bomb_is_refused_unread(tmp_path: Path) -> None:
    one = only(write_zip(tmp_path / "a.zip", {"a.jpg": bytes(4 * MEGABYTE)}))
    assert reason(one.read(8 * MEGABYTE)) is SkipReason.TOO_LARGE


def test_a_bomb_that_lies_about_its_size_is_unpacked_no_further_than_that(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {"a.jpg": bytes(16 * MEGABYTE)})
    data = path.read_bytes()
    path.write_bytes(data.replace(struct.pack("<I", 16 * MEGABYTE), struct.pack("<I", 100_000)))
    one = only(path)
    tracemalloc.start()
    found = one.read(MEGABYTE)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found == SkippedPhoto("a.jpg", SkipReason.BAD_RECORD, "damaged in its ZIP")
    assert peak < MEGABYTE


def test_members_that_lie_over_each_other_are_refused(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {"a.jpg": b"0123456789" * 100, "b.jpg": b"x"}, zipfile.ZIP_STORED)
    data = path.read_bytes()
    entry, end = data.index(b"PK\1\2"), data.index(b"PK\5\6")
    first = data[entry : data.index(b"PK\1\2", entry + 1)]
    tail = struct.pack("<4s4xHHIIH", b"PK\5\6", 5, 5, 5 * len(first), entry, 0)
    assert len(tail) == len(data) - end
    path.write_bytes(data[:entry] + 5 * first + tail)
    assert listed(path) == [
        SkippedPhoto("a.zip", SkipReason.BROKEN_ARCHIVE, "its members lie over each other")
    ]


def test_a_list_of_members_that_would_fill_the_memory_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_zip(tmp_path / "a.zip", {f"{number}.jpg": b"" for number in range(1_500)})
    monkeypatch.setattr(zips, "MAX_DIRECTORY", 70_000)
    assert [reason(one) for one in listed(path)] == [SkipReason.BROKEN_ARCHIVE]


def test_an_encrypted_member_and_one_packed_in_a_strange_way_are_refused(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {"a.jpg": b"a"})
    plain = path.read_bytes()
    entry = plain.index(b"PK\1\2")
    path.write_bytes(plain[: entry + 8] + b"\1" + plain[entry + 9 :])
    assert only(path).read(9) == SkippedPhoto("a.jpg", SkipReason.BAD_RECORD, "encrypted")
    path.write_bytes(plain[: entry + 10] + b"\x63" + plain[entry + 11 :])
    assert only(path).read(9) == SkippedPhoto("a.jpg", SkipReason.BAD_RECORD, "packed by method 99")


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_damaged_member_costs_only_itself(tmp_path: Path, method: int) -> None:
    path = write_zip(tmp_path / "a.zip", {"a.jpg": b"abcdefgh" * 9, "b.jpg": b"b"}, method)
    data = bytearray(path.read_bytes())
    data[40] ^= 0xFF
    path.write_bytes(data)
    first, second = listed(path)
    assert isinstance(first, ZipMember)
    assert isinstance(second, ZipMember)
    assert reason(first.read(999)) is SkipReason.BAD_RECORD
    assert second.read(999) == b"b"


def test_a_member_that_is_not_where_the_list_says_is_damaged(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {"a.jpg": b"a"})
    data = path.read_bytes()
    path.write_bytes(b"XX" + data[2:])
    assert reason(only(path).read(9)) is SkipReason.BAD_RECORD


def test_a_name_in_the_letters_of_1981_is_read_as_such(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {"caf_.jpg": b"a"})
    path.write_bytes(path.read_bytes().replace(b"caf_", b"caf\x82"))
    assert only(path).path == "café.jpg"


@pytest.mark.parametrize("cut", [0, 3, 60, -1])
def test_a_zip_that_was_cut_off_is_broken(tmp_path: Path, cut: int) -> None:
    path = write_zip(tmp_path / "a.zip", {"a.jpg": b"abcdefgh" * 9})
    path.write_bytes(path.read_bytes()[:cut])
    assert [(one.path, reason(one)) for one in listed(path)] == [("a.zip", SkipReason.BROKEN_ARCHIVE)]


def test_a_zip_that_has_vanished_is_unreadable(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {"a.jpg": b"a"})
    one = only(path)
    path.unlink()
    assert reason(one.read(9)) is SkipReason.UNREADABLE
    assert [reason(one) for one in listed(path)] == [SkipReason.UNREADABLE]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_no_bytes_raise(tmp_path: Path, data: st.DataObject) -> None:
    path = write_zip(tmp_path / "a.zip", {"a.jpg": b"abcdefgh" * 9, "b\u00e9.jpg": b"b", "c": bytes(99)})
    content = bytearray(path.read_bytes())
    for at in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=4)):
        content[at] = data.draw(st.integers(0, 255))
    path.write_bytes(content[: data.draw(st.integers(len(content) - 30, len(content)))])
    for one in listed(path):
        if isinstance(one, ZipMember):
            assert isinstance(one.read(1_000), bytes | SkippedPhoto)
