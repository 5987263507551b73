"""A tar shard gives the photo of every record with what its record says, read where it lies."""

import io
import os
import tarfile
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from facewitness.terms.provenance import Arrival, Observation, SkippedPhoto, SkipReason

from .making import (
    SAID,
    Members,
    add,
    arrived,
    contents,
    details,
    everything,
    paths,
    records,
    seen,
    skips,
    tar,
    tar_bytes,
)

WRITTEN = datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
EVERY_PACKING = pytest.mark.parametrize("name", ["s.tar", "s.tar.gz", "s.tgz"])
EVERY_FORMAT = pytest.mark.parametrize(
    "kind", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT], ids=["ustar", "gnu", "pax"]
)


@EVERY_PACKING
def test_every_record_is_an_arrival_with_its_bytes_and_what_it_says(tmp_path: Path, name: str) -> None:
    one, two = arrived(tar(tmp_path / name, {"0001.jpg": b"one", "0001.json": SAID, "0002.png": b"two"}))
    assert (one.path, one.read(), two.path, two.read()) == (
        f"{name}/0001.jpg",
        b"one",
        f"{name}/0002.png",
        b"two",
    )
    assert one.observations == (
        Observation(
            locator=one.path,
            page_url=SAID["page_url"],
            image_url=SAID["url"],
            caption="A caption",
            licence="CC BY 4.0",
            captured_at=datetime(2024, 5, 1, 12, tzinfo=UTC),
        ),
    )
    assert two.observations == (Observation(locator=two.path, captured_at=WRITTEN, is_file_time=True),)


@EVERY_PACKING
def test_two_runs_give_the_same_and_photos_are_read_in_any_thread_and_order(
    tmp_path: Path, name: str
) -> None:
    file = tar(tmp_path / name, records(40))
    first = arrived(file)
    assert first == arrived(file)
    with ThreadPoolExecutor(4) as pool:
        read = list(pool.map(lambda one: one.read(), [*reversed(first), *first]))
    assert read[40:] == [f"{number:04}.jpg".encode().ljust(20, b".") for number in range(40)]
    assert read[:40] == read[:39:-1]


@EVERY_FORMAT
@pytest.mark.parametrize("length", [5, 99, 100, 101, 300])
def test_names_of_every_length_and_alphabet_are_read_as_they_were_written(
    tmp_path: Path, kind: int, length: int
) -> None:
    if kind == tarfile.USTAR_FORMAT and length > 100:
        name = "é" * 20 + "/" + "x" * 50 + ".jpg"
    else:
        name = "é" * (length // 4) + "/" + "x" * (length // 2) + ".jpg"
    assert contents(tar(tmp_path / "s.tar", {name: b"data", "b.jpg": b"b"}, kind)) == {
        f"s.tar/{name}": b"data",
        "s.tar/b.jpg": b"b",
    }


@pytest.mark.parametrize(
    ("members", "caption"),
    [
        ({"1.txt": "before", "1.jpg": b""}, "before"),
        ({"1.jpg": b"", "1.txt": "after"}, "after"),
        ({"1.jpg": b"", "1.txt": "txt", "1.json": {"caption": "json"}}, "json"),
        ({"1.jpg": b"", "1.txt": "txt", "1.json": {"caption": ""}}, "txt"),
        ({"1.jpg": b"", "1.txt": "txt", "1.json": {"caption": None}}, "txt"),
        ({"1.jpg": b"", "1.json": {"TEXT": "upper"}}, "upper"),
        ({"1.jpg": b"", "1.json": {"alt": ["one", "two"]}}, "one; two"),
        ({"1.jpg": b"", "1.txt": " one\r\ntwo\x1b[31m\u202e "}, "one  two[31m"),
        ({"1.jpg": b"", "1.txt": b"caf\xe9"}, "caf\ufffd"),
        ({"1.jpg": b"", "1.json": b'\xef\xbb\xbf{"caption": "after a mark"}'}, "after a mark"),
        ({"1.jpg": b"", "1.json": b'{"caption": "\\ud800half"}'}, "half"),
        ({"1.jpg": b"", "1.txt": "x" * 500_000}, "x" * 10_000),
        ({"1.seg.jpg": b"", "1.txt": "the key's"}, "the key's"),
        ({"1.seg.jpg": b"", "1.seg.txt": "its own", "1.txt": "the key's"}, "its own"),
        ({"1.jpg": b"", "2.txt": "another's", "2.jpg": b""}, ""),
        ({"a/1.jpg": b"", "b/1.txt": "another's", "b/1.jpg": b""}, ""),
    ],
)
def test_the_caption_is_the_record_s_own_in_json_before_txt(
    tmp_path: Path, members: dict[str, Any], caption: str
) -> None:
    assert seen(tar(tmp_path / "s.tar", members))[0].caption == caption


def test_photos_that_share_a_key_each_get_what_is_said_of_it(tmp_path: Path) -> None:
    members: Members = {"1.left.jpg": b"l", "1.right.jpg": b"r", "1.json": SAID, "2.jpg": b"2"}
    assert [one.caption for one in seen(tar(tmp_path / "s.tar", members))] == ["A caption", "A caption", ""]


def test_names_with_dots_that_make_one_key_of_all_keep_their_own_descriptions(tmp_path: Path) -> None:
    members: dict[str, Any] = {}
    for number in range(300):
        members |= {
            f"img.{number}.jpg": b"",
            f"img.{number}.json": {},
            f"img.{number}.txt": f"caption {number}",
        }
    found = seen(tar(tmp_path / "s.tar", members))
    assert [one.caption for one in found] == [f"caption {number}" for number in range(300)]


@pytest.mark.parametrize("name", ["img.{}.jpg", "img.{}"], ids=["stems", "one stem"])
def test_a_key_without_end_is_not_kept_without_end(tmp_path: Path, name: str) -> None:
    members: dict[str, Any] = {name.format(number): b"" for number in range(500)}
    captions = [one.caption for one in seen(tar(tmp_path / "s.tar", members | {"img.txt": "the key's"}))]
    assert len(captions) == 500
    assert 1 <= captions.count("the key's") <= 128


def test_a_description_that_is_too_long_is_not_read(tmp_path: Path) -> None:
    file = tar(tmp_path / "s.tar", {"1.jpg": b"", "1.json": {"caption": "x" * 300_000}})
    assert details(file) == ["300015 bytes, the limit is 262144; without it the photo comes in"]


def test_a_name_that_comes_again_is_one_more_photo_with_a_path_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "s.tar"
    with tarfile.open(file, "w") as archive:
        for data in (b"one", b"two", b"three"):
            add(archive, "a.jpg", data)
    assert contents(file) == {
        "s.tar/a.jpg": b"one",
        "s.tar/a.jpg/@1536": b"two",
        "s.tar/a.jpg/@2560": b"three",
    }


@pytest.mark.parametrize(
    "name",
    [".hidden.jpg", "._a.jpg", ".sub/a.jpg", "Thumbs.db", "__MACOSX/a.jpg", "folder/", "a.npy", "a.cls"],
)
def test_folders_hidden_members_junk_and_labels_are_not_counted(tmp_path: Path, name: str) -> None:
    assert everything(tar(tmp_path / "s.tar", {name: b""})) == []


@pytest.mark.parametrize("name", ["a", "a.jpg.bak", "b c #1?.png", "./a.webp", "a.jpg"])
def test_the_content_and_not_the_ending_decides_what_may_be_a_photo(tmp_path: Path, name: str) -> None:
    assert paths(tar(tmp_path / "s.tar", {name: b""})) == [f"s.tar/{name.removeprefix('./')}"]


@pytest.mark.parametrize("name", ["a.mp4", "a.MOV", "a.flac"])
def test_films_and_sounds_are_refused_unread_and_not_missed_besides(tmp_path: Path, name: str) -> None:
    file = tar(tmp_path / "s.tar", {name: b"", "a.json": SAID})
    assert skips(file) == [(f"s.tar/{name}", SkipReason.NOT_AN_IMAGE)]


@pytest.mark.parametrize(
    ("said", "detail"),
    [
        ({"status": "failed_to_download", "error_message": "404"}, "failed_to_download: 404"),
        ({"status": "failed_to_resize"}, "failed_to_resize"),
        ({"status": "success"}, "described, and not in the shard"),
        ({}, "described, and not in the shard"),
        ("a caption", "described, and not in the shard"),
    ],
)
def test_a_record_without_a_photo_was_not_captured(tmp_path: Path, said: Any, detail: str) -> None:
    name = "1.json" if isinstance(said, dict) else "1.txt"
    file = tar(tmp_path / "s.tar", {name: said, "1.npy": b"", "2.jpg": b""})
    assert skips(file) == [("s.tar/1", SkipReason.NOT_CAPTURED)]
    assert details(file) == [detail]
    assert paths(file) == ["s.tar/2.jpg"]


@pytest.mark.parametrize("status", ["failed_to_resize", 5])
def test_a_photo_that_is_there_comes_in_whatever_its_status(tmp_path: Path, status: object) -> None:
    assert paths(tar(tmp_path / "s.tar", {"1.jpg": b"", "1.json": {"status": status}})) == ["s.tar/1.jpg"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[1]",
        b"null",
        b'"text"',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"n": ' + b"9" * 5_000 + b"}",
        b'{"caption": "' + b"x" * 300_000 + b'"}',
    ],
    ids=range(9),
)
def test_a_description_that_is_no_json_object_costs_itself_and_not_the_photo(
    tmp_path: Path, data: bytes
) -> None:
    file = tar(tmp_path / "s.tar", {"1.jpg": b"", "1.json": data, "1.txt": "caption"})
    assert skips(file) == [("s.tar/1.json", SkipReason.BAD_RECORD)]
    assert [one.caption for one in seen(file)] == ["caption"]


@pytest.mark.parametrize(
    ("change", "said", "lost"),
    [
        ({"url": "javascript:alert(1)"}, "image_url is not an http", "image_url"),
        ({"url": "data:image/png;base64,xx"}, "image_url is not an http", "image_url"),
        ({"page_url": "one.example"}, "page_url is not an http", "page_url"),
        ({"caption": 5}, "caption is not text", "caption"),
        ({"license": {"name": "CC"}}, "license is not text", "licence"),
        ({"timestamp": "yesterday"}, "timestamp is not a time", ""),
        ({"timestamp": 10**400}, "timestamp is not a time", ""),
        ({"timestamp": float("nan")}, "timestamp is not a time", ""),
        ({"timestamp": True}, "timestamp is not a time", ""),
    ],
)
def test_a_value_that_cannot_be_used_costs_only_itself_and_is_counted(
    tmp_path: Path, change: dict[str, Any], said: str, lost: str
) -> None:
    file = tar(tmp_path / "s.tar", {"1.jpg": b"", "1.json": SAID | change})
    assert skips(file) == [("s.tar/1.jpg/#", SkipReason.BAD_RECORD)]
    assert said in details(file)[0]
    (one,) = seen(file)
    kept = {"image_url", "page_url", "caption", "licence"} - {lost}
    assert all(getattr(one, name) for name in kept)
    assert not (lost and getattr(one, lost))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2024-05", "2024-05-01T00:00:00+00:00"),
        ("2024-05-01T12:00:00+02:00", "2024-05-01T10:00:00+00:00"),
        (1_700_000_000, "2023-11-14T22:13:20+00:00"),
        (1_700_000_000_000, "2023-11-14T22:13:20+00:00"),
        (-86_400, "1969-12-31T00:00:00+00:00"),
    ],
)
def test_times_are_texts_seconds_or_milliseconds(tmp_path: Path, written: object, expected: str) -> None:
    file = tar(tmp_path / "s.tar", {"1.jpg": b"", "1.json": {"timestamp": written}})
    assert [one.captured_at for one in seen(file)] == [datetime.fromisoformat(expected)]


@pytest.mark.parametrize(
    ("kind", "detail"),
    [
        (tarfile.SYMTYPE, "a link"),
        (tarfile.LNKTYPE, "a link"),
        (tarfile.CHRTYPE, "a device"),
        (tarfile.BLKTYPE, "a device"),
        (tarfile.FIFOTYPE, "a pipe"),
        (b"Z", "of type b'Z'"),
    ],
)
def test_links_devices_and_pipes_in_a_tar_are_no_files(tmp_path: Path, kind: bytes, detail: str) -> None:
    file = tmp_path / "s.tar"
    with tarfile.open(file, "w") as archive:
        add(archive, "1.jpg", kind=kind)
        add(archive, "1.txt", b"caption")
        add(archive, "2.jpg", b"2")
    assert skips(file) == [("s.tar/1.jpg", SkipReason.NOT_A_FILE)]
    assert details(file) == [detail]
    assert contents(file) == {"s.tar/2.jpg": b"2"}


@pytest.mark.parametrize(
    ("name", "shown", "reason"),
    [
        ("../a.jpg", "../a.jpg", SkipReason.OUTSIDE_SOURCE),
        ("sub/../../a.jpg", "sub/../../a.jpg", SkipReason.OUTSIDE_SOURCE),
        ("..\\a.jpg", "..\\a.jpg", SkipReason.OUTSIDE_SOURCE),
        ("C:\\a.jpg", "C:\\a.jpg", SkipReason.OUTSIDE_SOURCE),
        ("/etc/a.jpg", "/etc/a.jpg", SkipReason.OUTSIDE_SOURCE),
        ("caf\udce9.jpg", "caf\\xe9.jpg", SkipReason.ODD_NAME),
        ("a\nb.jpg", "a\\nb.jpg", SkipReason.ODD_NAME),
        ("\x1b[31m.jpg", "\\x1b[31m.jpg", SkipReason.ODD_NAME),
        ("\u202egpj.a", "\\u202egpj.a", SkipReason.ODD_NAME),
        ("x" * 2_000 + ".jpg", "x" * 1_000, SkipReason.ODD_NAME),
    ],
)
def test_names_that_lead_out_or_are_no_text_are_refused_by_a_printable_one(
    tmp_path: Path, name: str, shown: str, reason: SkipReason
) -> None:
    file = tmp_path / "s.tar"
    with tarfile.open(file, "w", encoding="utf-8", errors="surrogateescape") as archive:
        add(archive, name)
        add(archive, "b.jpg", b"b")
    assert skips(file) == [(f"s.tar/{shown}", reason)]
    assert contents(file) == {"s.tar/b.jpg": b"b"}


@EVERY_PACKING
def test_a_photo_over_the_limit_is_refused_and_its_description_is_not_missed_besides(
    tmp_path: Path, name: str
) -> None:
    file = tar(tmp_path / name, {"1.jpg": b"x" * 11, "1.json": SAID, "2.jpg": b"x" * 10})
    refused, one = everything(file, max_bytes=10)
    assert refused == SkippedPhoto(f"{name}/1.jpg", SkipReason.TOO_LARGE, "11 bytes, the limit is 10")
    assert isinstance(one, Arrival)
    assert one.read() == b"x" * 10


def test_the_fingerprint_changes_with_the_shard_and_with_what_is_said_and_only_then(tmp_path: Path) -> None:
    def fingerprint(time: int, data: bytes = b"1", **change: str) -> str:
        file = tar(tmp_path / "s.tar", {"1.jpg": data, "1.json": SAID | change})
        os.utime(file, ns=(0, time))
        return arrived(file)[0].fingerprint

    same = fingerprint(1)
    changed = [
        fingerprint(2),
        fingerprint(1, b"12"),
        fingerprint(1, caption="B caption"),
        fingerprint(1, sha256="cd" * 32),
    ]
    assert fingerprint(1) == same
    assert len({same, *changed}) == 5


@EVERY_PACKING
def test_a_shard_that_was_replaced_since_gives_no_bytes_of_another_photo(tmp_path: Path, name: str) -> None:
    file = tar(tmp_path / name, {"1.jpg": os.urandom(1_000)})
    (one,) = arrived(file)
    carried = one.read() if name != "s.tar" else None
    tar(file, {"1.jpg": b"other" * 300})
    found = one.read()
    if carried is None:
        assert found == SkippedPhoto(
            "s.tar/1.jpg", SkipReason.UNREADABLE, "the shard has changed since it was listed"
        )
    else:
        assert found == carried


def test_a_shard_that_has_vanished_is_unreadable(tmp_path: Path) -> None:
    file = tar(tmp_path / "s.tar", {"1.jpg": b"1"})
    (one,) = arrived(file)
    file.unlink()
    assert one.read() == SkippedPhoto("s.tar/1.jpg", SkipReason.UNREADABLE, "No such file or directory")


def test_shards_set_one_behind_the_other_are_read_to_the_last(tmp_path: Path) -> None:
    (tmp_path / "s.tar").write_bytes(tar_bytes({"1.jpg": b"1"}) + tar_bytes({"2.jpg": b"2"}))
    assert contents(tmp_path / "s.tar") == {"s.tar/1.jpg": b"1", "s.tar/2.jpg": b"2"}
    assert skips(tmp_path / "s.tar") == []


def test_sizes_of_more_than_eight_gigabytes_are_understood(tmp_path: Path) -> None:
    info = tarfile.TarInfo("a.jpg")
    info.size = 9 * 1024**3
    data = info.tobuf(tarfile.PAX_FORMAT)
    assert b"size=" in data
    with (tmp_path / "s.tar").open("wb") as stream:
        stream.write(data)
        stream.seek(info.size, io.SEEK_CUR)
        stream.write(tar_bytes({"b.jpg": b"b"}))
    assert skips(tmp_path / "s.tar") == [("s.tar/a.jpg", SkipReason.TOO_LARGE)]
    assert contents(tmp_path / "s.tar") == {"s.tar/b.jpg": b"b"}
