"""Links, pipes, odd names and closed doors: each is refused with its reason, and the rest still arrives."""

import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from facewitness.terms.provenance import Arrival, SkippedPhoto, SkipReason

from .places import arrived, everything, fill, paths, skips

CLOSED = SkipReason.NO_PERMISSION
LOOP = SkipReason.LINK_LOOP
OUTSIDE = SkipReason.OUTSIDE_SOURCE


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A source with something beside it."""
    fill(tmp_path, "photos/a.jpg", "photos-private/secret.jpg", "outside.jpg")
    return tmp_path / "photos"


def closing(monkeypatch: pytest.MonkeyPatch, function: str, name: str) -> None:
    """Make a system call refuse whatever has this name: to root the system refuses nothing."""
    really: Callable[..., Any] = getattr(os, function)

    def call(path: str, *args: Any) -> Any:
        if Path(path).name == name:
            raise PermissionError(13, "Permission denied", path)
        return really(path, *args)

    monkeypatch.setattr(os, function, call)


def test_a_link_to_a_file_within_the_source_is_one_more_appearance(root: Path) -> None:
    (root / "b.jpg").symlink_to("a.jpg")
    content = b"photos/a.jpg"
    assert [(one.path, one.read()) for one in arrived(root)] == [("a.jpg", content), ("b.jpg", content)]


@pytest.mark.parametrize(
    "target", ["../outside.jpg", "../photos-private", "../photos-private/secret.jpg", "/", "/dev/zero"]
)
def test_a_link_out_of_the_source_is_not_followed(root: Path, target: str) -> None:
    (root / "b").symlink_to(target)
    assert paths(root) == ["a.jpg"]
    assert skips(root) == [("b", OUTSIDE)]


def test_a_link_through_a_link_out_of_the_source_is_not_followed(root: Path) -> None:
    (root / "door").symlink_to("..")
    (root / "z.jpg").symlink_to("door/outside.jpg")
    assert skips(root) == [("door", OUTSIDE), ("z.jpg", OUTSIDE)]


def test_a_link_to_nothing_is_unreadable(root: Path) -> None:
    (root / "b.jpg").symlink_to("never.jpg")
    assert skips(root) == [("b.jpg", SkipReason.UNREADABLE)]


def test_a_link_to_itself_is_a_loop(root: Path) -> None:
    (root / "b.jpg").symlink_to("b.jpg")
    assert skips(root) == [("b.jpg", LOOP)]
    assert paths(root) == ["a.jpg"]


@pytest.mark.parametrize("target", [".", "..", "../.."])
def test_a_linked_folder_that_holds_the_link_is_a_loop(root: Path, target: str) -> None:
    fill(root, "one/two/b.jpg")
    (root / "one/two/again").symlink_to(target)
    assert paths(root) == ["a.jpg", "one/two/b.jpg"]
    assert skips(root) == [("one/two/again", LOOP)]


def test_a_linked_folder_is_entered_through_the_first_link_only(root: Path) -> None:
    fill(root, "sub/b.jpg")
    (root / "m").symlink_to("sub")
    (root / "n").symlink_to("sub")
    assert paths(root) == ["a.jpg", "m/b.jpg", "sub/b.jpg"]
    assert skips(root) == [("n", LOOP)]


def test_two_folders_that_link_to_each_other_come_to_an_end(root: Path) -> None:
    fill(root, "one/b.jpg", "two/c.jpg")
    (root / "one/to").symlink_to("../two")
    (root / "two/to").symlink_to("../one")
    found = paths(root)
    assert len(found) == len(set(found))
    assert {"one/b.jpg", "two/c.jpg"} <= set(found)
    assert {reason for _, reason in skips(root)} == {LOOP}


def test_a_source_given_through_a_link_is_the_folder_behind_it(root: Path) -> None:
    (root.parent / "link").symlink_to("photos")
    assert paths(root.parent / "link") == ["a.jpg"]


def test_a_pipe_is_not_a_file_and_nobody_waits_for_it(root: Path) -> None:
    os.mkfifo(root / "pipe.jpg")
    (root / "to.jpg").symlink_to("pipe.jpg")
    assert skips(root) == [("pipe.jpg", SkipReason.NOT_A_FILE), ("to.jpg", SkipReason.NOT_A_FILE)]


def into_pipe(file: Path) -> None:
    os.mkfifo(file)


@pytest.mark.parametrize(
    ("swap", "reason"),
    [
        pytest.param(into_pipe, SkipReason.NOT_A_FILE, id="a pipe"),
        pytest.param(Path.mkdir, SkipReason.UNREADABLE, id="a folder"),
        pytest.param(lambda file: file.symlink_to("../outside.jpg"), LOOP, id="a link"),
    ],
)
def test_what_was_put_in_a_file_s_place_since_is_not_read(
    root: Path, swap: Callable[[Path], None], reason: SkipReason
) -> None:
    (one,) = arrived(root)
    (root / "a.jpg").unlink()
    swap(root / "a.jpg")
    found = one.read()
    assert isinstance(found, SkippedPhoto)
    assert (found.path, found.reason) == ("a.jpg", reason)


def test_a_name_that_is_no_text_is_refused_by_a_printable_one(root: Path) -> None:
    try:
        Path(os.fsdecode(os.fsencode(root) + b"/caf\xe9.jpg")).touch()
        folder = Path(os.fsdecode(os.fsencode(root) + b"/\xff"))
        fill(folder, "b.jpg")
    except OSError:
        pytest.skip("This file system takes no such names.")
    assert paths(root) == ["a.jpg"]
    assert skips(root) == [("caf\\xe9.jpg", SkipReason.ODD_NAME), ("\\xff/b.jpg", SkipReason.ODD_NAME)]


def test_a_file_that_may_not_be_read_is_refused_and_the_rest_arrives(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = arrived(fill(root, "b.jpg"))
    closing(monkeypatch, "open", "a.jpg")
    assert first.read() == SkippedPhoto("a.jpg", CLOSED)
    assert second.read() == b"b.jpg"


def test_a_folder_that_may_not_be_read_is_refused_and_the_rest_arrives(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(root, "b/b.jpg", "c/c.jpg")
    closing(monkeypatch, "scandir", "b")
    assert paths(root) == ["a.jpg", "c/c.jpg"]
    assert skips(root) == [("b", CLOSED)]


def test_a_folder_that_may_be_listed_but_not_entered_gives_refusals(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(root, "b.jpg")
    closing(monkeypatch, "lstat", "b.jpg")
    assert skips(root) == [("b.jpg", CLOSED)]


def test_a_manifest_that_may_not_be_read_is_refused_and_the_photos_arrive(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(root, "manifest.csv")
    closing(monkeypatch, "open", "manifest.csv")
    assert skips(root) == [("manifest.csv", CLOSED)]
    assert paths(root) == ["a.jpg"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_the_system_s_own_refusals_are_understood(root: Path) -> None:
    fill(root, "closed/b.jpg")
    (root / "a.jpg").chmod(0)
    (root / "closed").chmod(0)
    try:
        found = everything(root)
        assert [one.read() for one in found if isinstance(one, Arrival)] == [SkippedPhoto("a.jpg", CLOSED)]
        assert skips(root) == [("closed", CLOSED)]
    finally:
        (root / "closed").chmod(stat.S_IRWXU)
