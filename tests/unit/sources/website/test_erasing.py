"""A record is erased in its place: it is gone, and every other one stays where it was."""

import gzip
import io
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator
from hypothesis import given
from hypothesis import strategies as st

from facewitness.sources.website.erasing import erase, tombstone
from facewitness.terms.provenance import ArchivedRecord

from ..webarchive.crawls import Crawl, photo

SMALLEST = 333


def crawl(tmp_path: Path) -> tuple[Path, list[ArchivedRecord]]:
    made = Crawl()
    records = []
    for name in ("a.jpg", "b.jpg", "c.jpg"):
        said = {"WARC-Record-ID": f"<urn:uuid:{name}>"}
        at = made.response(f"https://one.example/{name}", photo(name), said=said)
        records.append(ArchivedRecord("crawl.warc.gz", at, f"<urn:uuid:{name}>"))
    made.save(tmp_path / "crawl.warc.gz")
    return tmp_path / "crawl.warc.gz", records


def offsets(path: Path) -> list[tuple[int, bytes]]:
    with path.open("rb") as stream:
        return [(one.stream_pos, one.reader.read()) for one in ArchiveIterator(stream)]


def test_only_the_record_itself_is_gone(tmp_path: Path) -> None:
    path, records = crawl(tmp_path)
    before = offsets(path)
    size = path.stat().st_size
    assert erase(tmp_path, records[1])
    after = offsets(path)
    assert path.stat().st_size == size
    assert [at for at, _ in after] == [at for at, _ in before]
    assert (after[0], after[2]) == (before[0], before[2])
    assert photo("b.jpg") not in gzip.decompress(path.read_bytes())
    assert after[1][1].startswith(b"erased: ")


def test_what_is_not_the_record_is_not_touched(tmp_path: Path) -> None:
    path, records = crawl(tmp_path)
    before = path.read_bytes()
    assert not erase(tmp_path, ArchivedRecord("crawl.warc.gz", records[1].offset, "<urn:uuid:other>"))
    assert not erase(tmp_path, ArchivedRecord("crawl.warc.gz", records[1].offset + 1, records[1].record_id))
    assert not erase(tmp_path, ArchivedRecord("crawl.warc.gz", len(before) + 9, records[1].record_id))
    assert not erase(tmp_path, ArchivedRecord("gone.warc.gz", 0, "<urn:uuid:a.jpg>"))
    assert not erase(tmp_path / "below", ArchivedRecord("../crawl.warc.gz", 0, "<urn:uuid:a.jpg>"))
    assert path.read_bytes() == before


def test_erasing_twice_is_erasing_once(tmp_path: Path) -> None:
    path, records = crawl(tmp_path)
    assert erase(tmp_path, records[0])
    once = path.read_bytes()
    assert not erase(tmp_path, records[0])
    assert path.read_bytes() == once


@given(st.integers(SMALLEST, 400) | st.integers(65_500, 66_200) | st.integers(131_000, 131_400))
def test_a_tombstone_is_one_whole_record_of_any_length(length: int) -> None:
    written = tombstone(length)
    assert len(written) == length
    [(kind, block)] = [
        (one.headers["WARC-Type"], one.reader.read()) for one in ArchiveIterator(io.BytesIO(written))
    ]
    assert kind == "metadata"
    assert block.startswith(b"erased: ")
    assert gzip.decompress(written).endswith(b"\r\n\r\n")


def test_where_there_is_no_room_for_a_record_that_is_said() -> None:
    with pytest.raises(ValueError, match="no room"):
        tombstone(100)
