"""A source is one shard or a folder of shards, each found in a fixed order and by the rules of folders."""

import os
from pathlib import Path

import pytest

from facewitness.errors import BadInput
from facewitness.sources import Source
from facewitness.sources.shards import ShardsSource
from facewitness.terms.provenance import SkippedPhoto, SkipReason

from .making import arrived, contents, parquet, paths, skips, tar


def one(file: Path) -> Path:
    return tar(file, {"1.jpg": file.name.encode()})


def test_it_is_a_source(tmp_path: Path) -> None:
    source: Source = ShardsSource(one(tmp_path / "s.tar"))
    assert list(source.arrivals()) == list(source.arrivals())


def test_every_shard_of_the_folder_and_below_gives_its_photos_in_order(tmp_path: Path) -> None:
    for name in ("b.tar", "a.tgz", "sub/c.TAR", "sub/deep/d.tar.gz"):
        one(tmp_path / name)
    parquet(tmp_path / "aa.parquet", {"jpg": [b"p"]})
    for name in ("photo.jpg", "0000_stats.json", "notes.txt", "manifest.csv"):
        (tmp_path / name).write_text("file\nnone.jpg\n")
    assert paths(tmp_path) == [
        *("a.tgz/1.jpg", "aa.parquet#0", "b.tar/1.jpg"),
        *("sub/c.TAR/1.jpg", "sub/deep/d.tar.gz/1.jpg"),
    ]
    assert skips(tmp_path) == []


@pytest.mark.parametrize("name", ["photo.jpg", "s.zip", "tar", ".hidden.tar"])
def test_where_there_is_no_shard_there_is_no_source(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"")
    with pytest.raises(BadInput, match="there is no shard"):
        ShardsSource(tmp_path)


@pytest.mark.parametrize("name", ["none.tar", "none"])
def test_what_is_not_there_is_no_source(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput, match="is not there"):
        ShardsSource(tmp_path / name)


def test_a_file_that_is_no_shard_is_no_source(tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_bytes(b"")
    with pytest.raises(BadInput, match="there is no shard"):
        ShardsSource(tmp_path / "photo.jpg")


@pytest.mark.parametrize("name", ["s.tar.zst", "s.tar.xz", "s.tar.bz2"])
def test_shards_packed_otherwise_are_refused_by_saying_to_unpack_them(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"")
    for root in (tmp_path, tmp_path / name):
        with pytest.raises(BadInput, match="unpack it to"):
            ShardsSource(root)
    one(tmp_path / "a.tar")
    assert skips(tmp_path) == [(name, SkipReason.UNKNOWN_LAYOUT)]


def test_a_linked_shard_within_the_folder_is_one_more_appearance_and_one_without_is_outside(
    tmp_path: Path,
) -> None:
    one(tmp_path / "outside.tar")
    one(tmp_path / "root/a.tar")
    (tmp_path / "root/b.tar").symlink_to("a.tar")
    (tmp_path / "root/c.tar").symlink_to("../outside.tar")
    (tmp_path / "root/d").symlink_to("..")
    assert contents(tmp_path / "root") == {"a.tar/1.jpg": b"a.tar", "b.tar/1.jpg": b"a.tar"}
    assert skips(tmp_path / "root") == [
        ("c.tar", SkipReason.OUTSIDE_SOURCE),
        ("d", SkipReason.OUTSIDE_SOURCE),
    ]


def test_a_shard_given_through_a_link_is_called_as_the_link(tmp_path: Path) -> None:
    one(tmp_path / "0123abcd.tar").rename(tmp_path / "0123abcd")
    (tmp_path / "s.tar").symlink_to("0123abcd")
    assert contents(tmp_path / "s.tar") == {"s.tar/1.jpg": b"0123abcd.tar"}


def test_a_pipe_in_a_shard_s_place_is_not_a_file_and_nobody_waits_for_it(tmp_path: Path) -> None:
    one(tmp_path / "a.tar")
    for name in ("b.tar", "c.parquet"):
        os.mkfifo(tmp_path / name)
    assert skips(tmp_path) == [("b.tar", SkipReason.NOT_A_FILE), ("c.parquet", SkipReason.NOT_A_FILE)]


def test_a_pipe_is_no_source_and_nobody_waits_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.tar")
    with pytest.raises(BadInput, match="not a regular file"):
        ShardsSource(tmp_path / "a.tar")


def test_a_pipe_put_in_a_shard_s_place_since_is_unreadable(tmp_path: Path) -> None:
    file = one(tmp_path / "a.tar")
    (arrival,) = arrived(file)
    file.unlink()
    os.mkfifo(file)
    assert arrival.read() == SkippedPhoto("a.tar/1.jpg", SkipReason.UNREADABLE, "no longer a regular file")


def test_a_folder_that_has_vanished_is_said_to_be_unreadable(tmp_path: Path) -> None:
    root = one(tmp_path / "root/a.tar").parent
    source = ShardsSource(root)
    (root / "a.tar").unlink()
    root.rmdir()
    assert [type(one) for one in source.arrivals()] == [SkippedPhoto]


def test_a_damaged_shard_does_not_keep_the_others_out(tmp_path: Path) -> None:
    for name in ("a.tar", "b.tar.gz", "c.parquet"):
        (tmp_path / name).write_bytes(b"damaged")
    one(tmp_path / "d.tar")
    assert paths(tmp_path) == ["d.tar/1.jpg"]
    assert skips(tmp_path) == [
        (name, SkipReason.BROKEN_ARCHIVE) for name in ("a.tar", "b.tar.gz", "c.parquet")
    ]
