"""A damaged archive gives all its good records, and says where it is damaged."""

import gzip
import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from facewitness.terms.provenance import SkippedPhoto, SkipReason

from .crawls import SITE, Crawl, contents, details, photo, refused

BROKEN = SkipReason.BROKEN_ARCHIVE
NAMES = [f"{number}.jpg" for number in range(6)]
BOTH = pytest.mark.parametrize("zipped", [True, False], ids=["gzip", "plain"])


@dataclass
class Whole:
    """An archive of six photos, before anything happens to it."""

    data: bytes
    at: list[int]
    file: Path

    def damaged(self, data: bytes) -> Path:
        self.file.write_bytes(data)
        return self.file


@pytest.fixture
def whole(tmp_path: Path, zipped: bool) -> Whole:
    crawl = Crawl(zipped)
    at = [crawl.response(f"{SITE}/{name}", large(name)) for name in NAMES]
    return Whole(crawl.data(), at, tmp_path / ("a.warc.gz" if zipped else "a.warc"))


def large(name: str) -> bytes:
    """A photo that does not fit the buffers."""
    return photo(name) + random.Random(name).randbytes(150_000)


def left_without(*numbers: int) -> list[bytes]:
    return [large(name) for number, name in enumerate(NAMES) if number not in numbers]


def broken_at(root: Path) -> list[int]:
    """Where the source says that the archive is damaged."""
    assert set(refused(root)) <= {(root.name, BROKEN)}
    return [int(found[1]) for one in details(root) if (found := re.match(r"at byte (\d+): .", one))]


@BOTH
def test_nothing_is_damaged_before_something_is(whole: Whole) -> None:
    root = whole.damaged(whole.data)
    assert contents(root) == left_without()
    assert refused(root) == []


@BOTH
@pytest.mark.parametrize("number", [0, 2, 5])
def test_a_record_whose_beginning_is_overwritten_costs_only_itself(whole: Whole, number: int) -> None:
    at = whole.at[number]
    root = whole.damaged(whole.data[:at] + b"x" * 40 + whole.data[at + 40 :])
    assert contents(root) == left_without(number)
    assert broken_at(root) == [at]


@pytest.mark.parametrize("zipped", [True])
@pytest.mark.parametrize("number", [0, 2, 5])
def test_a_compressed_record_in_which_a_byte_has_changed_costs_only_itself(whole: Whole, number: int) -> None:
    data = bytearray(whole.data)
    data[whole.at[number] + 700] ^= 0x55
    root = whole.damaged(bytes(data))
    assert contents(root) == left_without(number)
    assert broken_at(root) == [whole.at[number]]


@pytest.mark.parametrize("zipped", [False])
def test_a_plain_record_in_which_a_byte_has_changed_is_refused_when_it_is_read(whole: Whole) -> None:
    data = bytearray(whole.data)
    data[whole.at[2] + 50_000] ^= 0x55
    read = contents(whole.damaged(bytes(data)))
    refusal = read.pop(2)
    assert isinstance(refusal, SkippedPhoto)
    assert (refusal.path, refusal.reason) == (f"a.warc@{whole.at[2]}", SkipReason.BAD_RECORD)
    assert read == left_without(2)


@BOTH
@pytest.mark.parametrize("number", [0, 3])
def test_a_record_that_lacks_bytes_costs_only_itself(whole: Whole, number: int) -> None:
    at = whole.at[number]
    root = whole.damaged(whole.data[: at + 600] + whole.data[at + 700 :])
    assert contents(root) == left_without(number)
    assert broken_at(root) == [at]


@BOTH
def test_records_that_run_into_each_other_cost_only_themselves(whole: Whole) -> None:
    first, second = whole.at[1] + 800, whole.at[3] + 900
    root = whole.damaged(whole.data[:first] + whole.data[second:])
    assert contents(root) == left_without(1, 2, 3)
    assert broken_at(root) == [whole.at[1]]


@BOTH
@pytest.mark.parametrize(
    "junk", [b"\0" * 600, b"junk", b"\x1f\x8b\x08junk", b"WARC/1.0 is a format", b"\x1f\x8b\x08" * 50]
)
def test_junk_between_records_costs_none(whole: Whole, junk: bytes) -> None:
    at = whole.at[3]
    root = whole.damaged(whole.data[:at] + junk + whole.data[at:])
    assert contents(root) == left_without()
    assert broken_at(root) == [at]


@BOTH
@pytest.mark.parametrize("junk", [b"\0" * 600, b"junk"])
def test_junk_at_the_end_is_said(whole: Whole, junk: bytes) -> None:
    root = whole.damaged(whole.data + junk)
    assert contents(root) == left_without()
    assert broken_at(root) == [len(whole.data)]


@BOTH
def test_junk_at_the_beginning_of_what_is_named_an_archive_costs_none(whole: Whole) -> None:
    root = whole.damaged(b"junk" + whole.data)
    assert contents(root) == left_without()
    assert broken_at(root) == [0]


@BOTH
@pytest.mark.parametrize("kept", [1, 5, 15, 60, 100, 300, 400, 700, 1_000])
def test_a_last_record_that_is_cut_short_is_counted_and_the_rest_kept(whole: Whole, kept: int) -> None:
    root = whole.damaged(whole.data[: whole.at[5] + kept])
    assert contents(root) == left_without(5)
    assert broken_at(root) == [whole.at[5]]


@BOTH
def test_a_last_record_that_lacks_one_byte_is_cut_short(whole: Whole, zipped: bool) -> None:
    end = whole.data[: -1 if zipped else -5]
    root = whole.damaged(end)
    assert contents(root) == left_without(5)
    assert broken_at(root) == [whole.at[5]]


@pytest.mark.parametrize("zipped", [False])
@pytest.mark.parametrize("missing", [1, 2, 3, 4])
def test_blank_lines_may_be_missing_at_the_end_of_a_file(whole: Whole, missing: int) -> None:
    root = whole.damaged(whole.data[:-missing])
    assert contents(root) == left_without()
    assert refused(root) == []


@pytest.mark.parametrize("zipped", [True])
def test_an_empty_member_at_the_end_is_no_damage(whole: Whole) -> None:
    root = whole.damaged(whole.data + gzip.compress(b""))
    assert contents(root) == left_without()
    assert refused(root) == []


def with_length(record: bytes, length: bytes) -> bytes:
    return re.sub(rb"\r\nContent-Length: \d+", b"\r\nContent-Length: " + length, record, count=1)


LENGTHS = [b"0", b"100000", b"100000000", b"99999999999999999999999999", b"-1", b"x", b""]


@BOTH
@pytest.mark.parametrize("length", LENGTHS)
def test_a_wrong_length_costs_only_its_record(whole: Whole, zipped: bool, length: bytes) -> None:
    change: Callable[[bytes], bytes] = lambda one: with_length(one, length)  # noqa: E731
    start, end = whole.at[2], whole.at[3]
    record = whole.data[start:end]
    changed = gzip.compress(change(gzip.decompress(record))) if zipped else change(record)
    root = whole.damaged(whole.data[:start] + changed + whole.data[end:])
    assert contents(root) == left_without(2)
    assert broken_at(root) == [start]


@BOTH
def test_a_damaged_page_says_nothing_of_the_images(tmp_path: Path, zipped: bool) -> None:
    crawl = Crawl(zipped)
    crawl.page("1", "<img src=a.jpg>")
    at = crawl.page("2", "<img src=a.jpg>" + "".join(f"<p>{n * n}</p>" for n in range(20_000)))
    crawl.photo("a.jpg")
    root = tmp_path / ("a.warc.gz" if zipped else "a.warc")
    data = crawl.data()
    root.write_bytes(data[: at + 5_000] + data[at + 5_100 :])
    assert contents(root) == [photo("a.jpg")]
    assert broken_at(root) == [at]
    found = [one for one in details(root) if one]
    assert len(found) == 1


def test_several_records_in_one_gzip_member_are_refused_with_advice(tmp_path: Path) -> None:
    crawl = Crawl(zipped=False)
    for name in NAMES:
        crawl.photo(name)
    root = tmp_path / "a.warc.gz"
    root.write_bytes(gzip.compress(crawl.data()))
    assert contents(root) == []
    assert broken_at(root) == [0]
    assert "compress them one by one" in details(root)[0]


def test_what_is_only_named_an_archive_is_a_damaged_one(tmp_path: Path) -> None:
    (tmp_path / "a.warc.gz").write_text("no archive at all")
    (tmp_path / "a.arc").write_text("no archive at all")
    assert refused(tmp_path) == [("a.arc", BROKEN), ("a.warc.gz", BROKEN)]


def test_headers_of_http_that_cannot_be_read_are_a_bad_record(tmp_path: Path) -> None:
    crawl = Crawl()
    at = crawl.record(
        "response", f"{SITE}/a.jpg", b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000, "application/http", {}
    )
    crawl.photo("b.jpg")
    root = crawl.save(tmp_path / "a.warc.gz")
    assert refused(root) == [(f"a.warc.gz@{at}", SkipReason.BAD_RECORD)]
    assert contents(root) == [photo("b.jpg")]
