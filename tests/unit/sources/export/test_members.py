"""The parts of an export are one: whatever lies in whichever part, a path finds it."""

import json
import os
from pathlib import Path

import pytest

from facewitness.sources.export import members as members_module
from facewitness.sources.export.members import Members
from facewitness.terms.provenance import SkippedPhoto, SkipReason

from ....assets.exports import write_folder, write_zip


def refusals(root: Path) -> list[tuple[str, SkipReason]]:
    return [(one.path, one.reason) for one in Members(str(root)).refusals]


def test_zips_and_folders_are_parts_of_one_export(tmp_path: Path) -> None:
    write_zip(tmp_path / "x-1.zip", {"media/posts/a.jpg": b"a"})
    write_zip(tmp_path / "x-2.ZIP", {"wrapped/media/posts/b.jpg": b"b"})
    write_folder(tmp_path / "x-3", {"media/posts/c.jpg": b"c"})
    write_folder(tmp_path, {"media/posts/d.jpg": b"d"})
    members = Members(str(tmp_path))
    assert members.paths == tuple(f"media/posts/{one}.jpg" for one in "abcd")
    assert [members[path].read(9) for path in members.paths] == [b"a", b"b", b"c", b"d"]
    assert members.find("./media/posts/c.jpg") == "media/posts/c.jpg"


def test_what_lies_in_a_folder_comes_before_what_lies_deeper(tmp_path: Path) -> None:
    write_folder(tmp_path, {"x/b.jpg": b"", "x/a/c.jpg": b"", "x/z.jpg": b""})
    assert Members(str(tmp_path)).paths == ("x/b.jpg", "x/z.jpg", "x/a/c.jpg")


@pytest.mark.parametrize(
    "written", ["media/posts/x.jpg", "../a.jpg", "https://x.example/a.jpg", "", 3, None, ["a"]]
)
def test_what_is_not_there_is_not_found(tmp_path: Path, written: object) -> None:
    assert Members(str(write_zip(tmp_path / "a.zip", {"a.jpg": b"a"}))).find(written) is None


def test_a_name_is_found_as_macs_write_it(tmp_path: Path) -> None:
    members = Members(str(write_folder(tmp_path, {"cafe\u0301.jpg": b"a"})))
    assert members.find("caf\u00e9.jpg") == "cafe\u0301.jpg"


def test_a_zip_beside_the_folder_into_which_it_was_unpacked_is_taken_once(tmp_path: Path) -> None:
    files = {"media/posts/a.jpg": b"a"}
    write_zip(tmp_path / "x.zip", files)
    write_folder(tmp_path / "x", files)
    assert Members(str(tmp_path)).paths == ("media/posts/a.jpg",)
    assert refusals(tmp_path) == []


def test_of_two_files_of_one_path_the_first_part_s_is_taken_and_the_other_refused(tmp_path: Path) -> None:
    write_zip(tmp_path / "x-2.zip", {"media/a.jpg": b"B", "index.html": b"2", "media/a.json": b"2"})
    write_zip(tmp_path / "x-1.zip", {"media/a.jpg": b"A", "index.html": b"1", "media/a.json": b"1"})
    assert Members(str(tmp_path))["media/a.jpg"].read(9) == b"A"
    bad = SkipReason.BAD_RECORD
    assert refusals(tmp_path) == [("x-2.zip/media/a.jpg", bad), ("x-2.zip/media/a.json", bad)]


def test_links_pipes_and_odd_names_are_refused_and_nothing_is_followed(tmp_path: Path) -> None:
    root = write_folder(tmp_path / "x", {"a.jpg": b"a"})
    write_folder(tmp_path / "outside", {"b.jpg": b"b"})
    (root / "link").symlink_to(tmp_path / "outside")
    (root / "part.zip").symlink_to(tmp_path / "outside/b.jpg")
    os.mkfifo(root / "pipe")
    Path(os.fsdecode(os.fsencode(root) + b"/caf\xe9.jpg")).touch()
    assert Members(str(root)).paths == ("a.jpg",)
    assert refusals(root) == [
        ("caf\\udce9.jpg", SkipReason.ODD_NAME),
        ("link", SkipReason.NOT_A_FILE),
        ("part.zip", SkipReason.NOT_A_FILE),
        ("pipe", SkipReason.NOT_A_FILE),
    ]


def test_folders_may_lie_deeper_than_a_path_may_be_long(tmp_path: Path) -> None:
    folder = tmp_path / ("d" * 200)
    for _ in range(4):
        folder = folder / ("d" * 200)
    folder.mkdir(parents=True)
    assert [reason for _, reason in refusals(tmp_path)] == [SkipReason.ODD_NAME]


def test_a_folder_that_may_not_be_read_is_refused_and_the_rest_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write_folder(tmp_path, {"a.jpg": b"a", "closed/b.jpg": b"b"})
    really = os.scandir

    def scandir(path: str) -> object:
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied", path)
        return really(path)

    monkeypatch.setattr(os, "scandir", scandir)
    assert Members(str(root)).paths == ("a.jpg",)
    assert refusals(root) == [("closed", SkipReason.NO_PERMISSION)]


def test_a_damaged_part_costs_only_itself(tmp_path: Path) -> None:
    write_zip(tmp_path / "x-1.zip", {"media/a.jpg": b"A"})
    (tmp_path / "x-2.zip").write_bytes(b"PK, or not")
    assert Members(str(tmp_path)).paths == ("media/a.jpg",)
    assert refusals(tmp_path) == [("x-2.zip", SkipReason.BROKEN_ARCHIVE)]


def test_beyond_the_limit_files_are_not_looked_at_and_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(members_module, "MAX_MEMBERS", 2)
    write_zip(tmp_path / "x.zip", {f"{number}.jpg": b"" for number in range(5)})
    assert Members(str(tmp_path)).paths == ("0.jpg", "1.jpg")
    assert refusals(tmp_path) == [("x.zip", SkipReason.UNREADABLE)]


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"\xff\xfe\xff", b"[" * 100_000, b"9" * 10_000, b"{'a': 1}"],
    ids=["nothing", "a bracket never closed", "no text", "deep nesting", "a long number", "quotes"],
)
def test_what_is_not_json_is_refused(tmp_path: Path, data: bytes) -> None:
    members = Members(str(write_zip(tmp_path / "a.zip", {"a.json": data})))
    assert members.json("a.json") == SkippedPhoto("a.json", SkipReason.BAD_RECORD, "not JSON")


def test_json_is_read_with_a_byte_order_mark_and_without(tmp_path: Path) -> None:
    files = {"a.json": json.dumps({"a": "é"}).encode("utf-8-sig"), "b.json": '{"a": "é"}'.encode()}
    members = Members(str(write_zip(tmp_path / "a.zip", files)))
    assert members.json("a.json") == members.json("b.json") == {"a": "é"}


def test_json_that_is_too_large_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    members = Members(str(write_zip(tmp_path / "a.zip", {"a.json": b"[        ]"})))
    monkeypatch.setattr(members_module, "MAX_JSON", 9)
    found = members.json("a.json")
    assert isinstance(found, SkippedPhoto)
    assert found.reason is SkipReason.TOO_LARGE
