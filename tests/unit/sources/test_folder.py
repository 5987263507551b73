"""A folder gives every photo below it once, in a fixed order, unread until asked."""

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from facewitness.errors import BadInput
from facewitness.sources import FolderSource
from facewitness.terms.provenance import Arrival, Observation, SkippedPhoto, SkipReason

from .places import arrived, everything, fill, paths, skips


def only(root: Path) -> Arrival:
    (one,) = arrived(root)
    return one


def test_files_come_before_folders_and_both_by_name(tmp_path: Path) -> None:
    fill(tmp_path, "b/d.jpg", "b/c/e.jpg", "b.jpg", "a/z.jpg", "Z.jpg", "a.jpg", "é/ü.jpg")
    expected = ["Z.jpg", "a.jpg", "b.jpg", "a/z.jpg", "b/d.jpg", "b/c/e.jpg", "é/ü.jpg"]
    assert paths(tmp_path) == expected
    source = FolderSource(tmp_path)
    assert list(source.arrivals()) == list(source.arrivals())


def test_an_empty_folder_gives_nothing(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert everything(tmp_path) == []


@pytest.mark.parametrize("name", ["a.jpg", "none"])
def test_only_a_folder_can_be_a_source(tmp_path: Path, name: str) -> None:
    fill(tmp_path, "a.jpg")
    with pytest.raises(BadInput, match="not a folder"):
        FolderSource(tmp_path / name)


@pytest.mark.parametrize(
    "name",
    [
        ".hidden.jpg",
        ".hidden/a.jpg",
        "Thumbs.db",
        "desktop.ini",
        "@eaDir/a.jpg",
        "__MACOSX/a.jpg",
        "$RECYCLE.BIN/a.jpg",
        "a.xmp",
        "a.JSON",
        "a.AAE",
    ],
)
def test_hidden_files_junk_and_sidecars_are_not_counted(tmp_path: Path, name: str) -> None:
    assert everything(fill(tmp_path, name)) == []


@pytest.mark.parametrize("name", ["a.jpg", "a", "a.txt", "a.jpg.bak", "sub/b c #1?.png", "-rf"])
def test_the_content_and_not_the_ending_decides_what_may_be_a_photo(tmp_path: Path, name: str) -> None:
    assert paths(fill(tmp_path, name)) == [name]


@pytest.mark.parametrize("name", ["a.mp4", "sub/a.MOV"])
def test_videos_are_refused_unread(tmp_path: Path, name: str) -> None:
    assert skips(fill(tmp_path, name)) == [(name, SkipReason.NOT_AN_IMAGE)]


def test_without_a_manifest_a_photo_s_only_appearance_is_the_file_at_its_own_time(tmp_path: Path) -> None:
    fill(tmp_path, "sub/a.jpg")
    os.utime(tmp_path / "sub/a.jpg", (1_700_000_000, 1_700_000_000))
    time = datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    [seen] = only(tmp_path).observations
    assert seen == Observation(locator="sub/a.jpg", captured_at=time, is_file_time=True)


def test_nothing_is_read_before_it_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(tmp_path, "a.jpg", "b.jpg")
    opened: list[str] = []
    really_open = os.open

    def watched(path: str, flags: int) -> int:
        opened.append(Path(path).name)
        return really_open(path, flags)

    monkeypatch.setattr("facewitness.sources.files.os.open", watched)
    first, _ = arrived(tmp_path)
    assert opened == []
    assert first.read() == b"a.jpg"
    assert opened == ["a.jpg"]


def test_a_folder_is_listed_when_it_is_its_turn(tmp_path: Path) -> None:
    rest = FolderSource(fill(tmp_path, "a.jpg", "sub/b.jpg")).arrivals()
    next(rest)
    fill(tmp_path, "sub/c.jpg")
    assert [one.path for one in rest] == ["sub/b.jpg", "sub/c.jpg"]


def test_a_photo_can_be_read_by_several_threads_and_again(tmp_path: Path) -> None:
    one = only(fill(tmp_path, "a.jpg"))
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(lambda _: one.read(), range(8))) == {b"a.jpg"}


def test_the_fingerprint_changes_when_the_file_does_and_only_then(tmp_path: Path) -> None:
    file = fill(tmp_path, "a.jpg") / "a.jpg"
    os.utime(file, ns=(0, 1_000))
    before = only(tmp_path).fingerprint
    assert only(tmp_path).fingerprint == before
    os.utime(file, ns=(5, 1_001))
    touched = only(tmp_path).fingerprint
    file.write_text("longer than before")
    os.utime(file, ns=(5, 1_001))
    assert len({before, touched, only(tmp_path).fingerprint}) == 3


def test_a_file_that_has_vanished_is_unreadable(tmp_path: Path) -> None:
    one = only(fill(tmp_path, "sub/a.jpg"))
    (tmp_path / "sub/a.jpg").unlink()
    assert one.read() == SkippedPhoto("sub/a.jpg", SkipReason.UNREADABLE, "No such file or directory")


def test_a_source_that_has_vanished_is_said_to_be_unreadable(tmp_path: Path) -> None:
    root = tmp_path / "photos"
    root.mkdir()
    source = FolderSource(root)
    root.rmdir()
    (found,) = source.arrivals()
    assert isinstance(found, SkippedPhoto)
    assert (found.path, found.reason) == (".", SkipReason.UNREADABLE)


def test_a_file_over_the_limit_is_refused_unread_even_when_it_has_grown_since(tmp_path: Path) -> None:
    source = FolderSource(fill(tmp_path, "a.jpg", "too long a name.jpg"), max_bytes=10)
    one, refused = source.arrivals()
    assert isinstance(one, Arrival)
    assert refused == SkippedPhoto("too long a name.jpg", SkipReason.TOO_LARGE, "19 bytes, the limit is 10")
    (tmp_path / "a.jpg").write_text("x" * 15)
    assert one.read() == SkippedPhoto("a.jpg", SkipReason.TOO_LARGE, "15 bytes, the limit is 10")


def test_folders_may_lie_deeper_than_python_can_recurse(tmp_path: Path) -> None:
    folder = str(tmp_path)
    for _ in range(1_100):
        folder += "/d"
        os.mkdir(folder)  # noqa: PTH102
    Path(folder, "a.jpg").touch()
    try:
        assert [path.count("/") for path in paths(tmp_path)] == [1_100]
    finally:  # pytest would recurse
        Path(folder, "a.jpg").unlink()
        os.removedirs(folder)
        tmp_path.mkdir(parents=True, exist_ok=True)
