"""WACZ files: their digests are checked, and the archives in them read where they lie."""

import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facewitness.sources.webarchive.wacz import BadWacz, check, entries, is_wacz
from facewitness.terms.provenance import SkippedPhoto, SkipReason

from .crawls import Crawl, arrived, contents, details, photo, refused

BROKEN = SkipReason.BROKEN_ARCHIVE
NAME = "archive/data.warc.gz"


def crawl(*names: str) -> bytes:
    made = Crawl()
    for name in names:
        made.photo(name)
    return made.data()


def sha(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def package(files: dict[str, bytes], **changed: str) -> bytes:
    resources = [
        {"name": name, "path": name, "hash": changed.get(name, sha(content)), "bytes": len(content)}
        for name, content in files.items()
    ]
    return json.dumps({"profile": "data-package", "resources": resources}).encode()


def write(
    path: Path, files: dict[str, bytes], described: bytes | None = None, how: int = zipfile.ZIP_STORED
) -> Path:
    """A WACZ with these files; `described` is its data package, if not one that fits."""
    described = package(files) if described is None else described
    seal = json.dumps({"path": "datapackage.json", "hash": sha(described)}).encode()
    with zipfile.ZipFile(path, "w") as wacz:
        for name, content in files.items():
            wacz.writestr(zipfile.ZipInfo(name), content, how)
        if described:
            wacz.writestr("datapackage.json", described, zipfile.ZIP_DEFLATED)
            wacz.writestr("datapackage-digest.json", seal)
    return path


def test_the_archives_inside_are_read_where_they_lie(tmp_path: Path) -> None:
    files = {
        "pages/pages.jsonl": b"{}",
        NAME: crawl("a.jpg", "b.jpg"),
        "archive/more.warc.gz": crawl("c.jpg"),
    }
    root = write(tmp_path / "a.wacz", files)
    assert contents(root) == [photo(name) for name in ("a.jpg", "b.jpg", "c.jpg")]
    assert refused(root) == []
    first, _, third = arrived(root)
    assert (first.path, third.path) == (f"a.wacz/{NAME}@0", "a.wacz/archive/more.warc.gz@0")
    record = third.observations[0].record
    assert record is not None
    assert (record.file, record.offset) == ("a.wacz/archive/more.warc.gz", 0)


def test_a_wacz_is_known_by_its_content_and_another_zip_is_none(tmp_path: Path) -> None:
    write(tmp_path / "a.zip", {NAME: crawl("a.jpg")})
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as other:
        other.writestr("b.warc.gz", crawl("b.jpg"))
    assert [one.path for one in arrived(tmp_path)] == [f"a.zip/{NAME}@0"]
    assert refused(tmp_path) == []


def test_a_resource_whose_digest_is_wrong_is_named_and_its_records_are_read(tmp_path: Path) -> None:
    files = {NAME: crawl("a.jpg"), "archive/b.warc.gz": crawl("b.jpg"), "pages/pages.jsonl": b"{}"}
    wrong = {NAME: sha(b"else"), "pages/pages.jsonl": sha(b"else")}
    root = write(tmp_path / "a.wacz", files, package(files, **wrong))
    assert refused(root) == [(f"a.wacz/{name}", BROKEN) for name in (NAME, "pages/pages.jsonl")]
    assert "its digest is not the one in datapackage.json" in details(root)[0]
    assert contents(root) == [photo("a.jpg"), photo("b.jpg")]


def test_a_data_package_that_does_not_fit_its_own_digest_is_refused(tmp_path: Path) -> None:
    root = write(tmp_path / "a.wacz", {NAME: crawl("a.jpg")})
    data = root.read_bytes().replace(sha(package({NAME: crawl("a.jpg")})).encode(), b"x")
    with zipfile.ZipFile(root) as wacz:
        files = {name: wacz.read(name) for name in wacz.namelist()}
    files["datapackage-digest.json"] = json.dumps({"hash": sha(b"else")}).encode()
    with zipfile.ZipFile(root, "w") as wacz:
        for name, content in files.items():
            wacz.writestr(name, content)
    assert data
    assert refused(root) == [("a.wacz/datapackage.json", BROKEN)]
    assert len(arrived(root)) == 1


@pytest.mark.parametrize("described", [b"", b"{", b"[]", b'{"resources": 1}', b"[" * 100_000, b"\xff"])
def test_without_a_data_package_nothing_is_checked_and_everything_read(
    tmp_path: Path, described: bytes
) -> None:
    root = write(tmp_path / "a.wacz", {NAME: crawl("a.jpg")}, described)
    assert refused(root) == [("a.wacz/datapackage.json", BROKEN)]
    assert contents(root) == [photo("a.jpg")]


def test_what_the_data_package_does_not_name_or_names_in_vain_is_said(tmp_path: Path) -> None:
    files = {NAME: crawl("a.jpg")}
    root = write(tmp_path / "a.wacz", files, package({"archive/lost.warc.gz": b""}))
    assert refused(root) == [("a.wacz/archive/lost.warc.gz", BROKEN), (f"a.wacz/{NAME}", BROKEN)]
    assert contents(root) == [photo("a.jpg")]


def test_an_archive_that_is_compressed_inside_is_refused_with_advice(tmp_path: Path) -> None:
    root = write(tmp_path / "a.wacz", {NAME: crawl("a.jpg")}, how=zipfile.ZIP_DEFLATED)
    assert refused(root) == [(f"a.wacz/{NAME}", BROKEN)]
    assert "store it as it is" in details(root)[0]
    assert arrived(root) == []


@pytest.mark.parametrize(
    "name",
    ["../a.warc.gz", "/a.warc.gz", "archive/../../a.warc.gz", "C:/a.warc.gz", "archive\\..\\a.warc.gz"],
)
def test_a_name_that_leads_out_is_refused(tmp_path: Path, name: str) -> None:
    files = {NAME: crawl("a.jpg"), name: crawl("b.jpg")}
    root = write(tmp_path / "a.wacz", files)
    assert contents(root) == [photo("a.jpg")]
    assert (f"a.wacz/{name}", BROKEN) in refused(root)
    assert list(tmp_path.iterdir()) == [root]


@pytest.mark.parametrize("name", ["archive/" + "x" * 3_000 + ".warc.gz", "archive/a\nb.warc.gz"])
def test_a_name_that_cannot_be_shown_is_refused_by_one_that_can(tmp_path: Path, name: str) -> None:
    root = write(tmp_path / "a.wacz", {name: crawl("a.jpg"), NAME: crawl("b.jpg")})
    assert contents(root) == [photo("b.jpg")]
    (path, reason), *_ = refused(root)
    assert reason is BROKEN
    assert path.isprintable()
    assert len(path) < 600


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_second_archive_of_the_same_name_is_refused(tmp_path: Path) -> None:
    root = write(tmp_path / "a.wacz", {NAME: crawl("a.jpg")})
    with zipfile.ZipFile(root, "a") as wacz:
        wacz.writestr(zipfile.ZipInfo(NAME), crawl("b.jpg"))
    assert contents(root) == [photo("a.jpg")]
    assert f"a.wacz/{NAME}" in [path for path, _ in refused(root)]


def test_entries_that_lie_upon_each_other_are_refused(tmp_path: Path) -> None:
    root = write(tmp_path / "a.wacz", {NAME: crawl("a.jpg"), "archive/xata.warc.gz": b"x" * 100})
    data = bytearray(root.read_bytes())
    place = data.index(b"archive/xata.warc.gz", data.index(b"PK\1\2")) - 4
    assert int.from_bytes(data[place : place + 4], "little") > 0
    data[place : place + 4] = bytes(4)
    root.write_bytes(data)
    assert contents(root) == [photo("a.jpg")]
    assert ("a.wacz/archive/xata.warc.gz", BROKEN) in refused(root)
    assert "it does not lie where the ZIP says" in details(root)


def test_a_wacz_that_has_lost_its_directory_gives_its_records_all_the_same(tmp_path: Path) -> None:
    root = write(tmp_path / "a.wacz", {NAME: crawl("a.jpg", "b.jpg")})
    data = root.read_bytes()
    root.write_bytes(data[: data.index(b"PK\1\2")])
    assert contents(root) == [photo("a.jpg"), photo("b.jpg")]
    assert refused(root)[0] == ("a.wacz", BROKEN)
    assert "no ZIP can be read" in details(root)[0]


def test_a_resource_that_would_fill_the_disk_is_not_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("facewitness.sources.webarchive.wacz._MAX_UNPACKED", 1_000)
    root = write(tmp_path / "a.wacz", {"indexes/a.cdx": b"x" * 1_001}, how=zipfile.ZIP_DEFLATED)
    assert ("a.wacz/indexes/a.cdx", BROKEN) in refused(root)
    assert "was not checked" in "".join(details(root))


def test_a_zip_of_too_many_entries_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("facewitness.sources.webarchive.wacz._MAX_ENTRIES", 2)
    root = write(tmp_path / "a.wacz", {NAME: crawl("a.jpg")})
    assert "more than 2 entries" in details(root)[0]
    assert contents(root) == [photo("a.jpg")]


def consumed(data: bytes) -> list[Any]:
    stream = io.BytesIO(data)
    is_wacz(stream)
    found: list[Any] = []
    for ask in (entries, check):
        try:
            found += ask(stream, "a.wacz")
        except BadWacz as error:
            found.append(error)
    return found


@given(st.binary(max_size=200), st.sampled_from([b"", b"PK\3\4", b"PK\5\6" + bytes(18)]))
def test_arbitrary_bytes_are_a_bad_wacz(data: bytes, around: bytes) -> None:
    for one in consumed(around + data + around):
        assert isinstance(one, BadWacz | SkippedPhoto)


def small() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as wacz:
        wacz.writestr(NAME, b"x" * 50)
        wacz.writestr("datapackage.json", package({NAME: b"x" * 50}), zipfile.ZIP_DEFLATED)
    return stream.getvalue()


SMALL = small()


@given(st.lists(st.tuples(st.integers(0, len(SMALL) - 1), st.integers(0, 255)), min_size=1, max_size=4))
def test_a_damaged_wacz_never_raises(changes: list[tuple[int, int]]) -> None:
    data = bytearray(SMALL)
    for at, value in changes:
        data[at] = value
    consumed(bytes(data))
