"""A web archive gives every image in it once, in the order of its records, unread until asked."""

import base64
import gzip
import hashlib
import io
import os
import sqlite3
import tempfile
import zlib
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastwarc.stream_io import BrotliWriter

from facewitness.errors import BadInput
from facewitness.sources.webarchive import WebArchiveSource
from facewitness.terms.provenance import ArchivedRecord, Arrival, Observation, SkippedPhoto, SkipReason

from .crawls import DAY, HTTP, SITE, Crawl, arrived, contents, details, everything, photo, refused, urls

ASSETS = Path(__file__).parents[3] / "assets/warc"
ALTERED = SkipReason.BAD_RECORD


def only(root: Path) -> Arrival:
    (one,) = arrived(root)
    return one


@pytest.mark.parametrize("version", ["WARC/1.0", "WARC/1.1"])
@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz"])
def test_images_arrive_in_the_order_of_their_records_named_by_file_and_offset(
    tmp_path: Path, name: str, version: str
) -> None:
    crawl = Crawl(name.endswith(".gz"), version)
    crawl.page("p", "nothing")
    at = [crawl.photo(f"{n}.jpg") for n in range(30)]
    root = crawl.save(tmp_path / name)
    assert [one.path for one in arrived(root)] == [f"{name}@{offset}" for offset in at]
    assert contents(root) == [photo(f"{n}.jpg") for n in range(30)]
    assert refused(root) == []


def test_an_image_that_no_page_shows_is_observed_alone(tmp_path: Path) -> None:
    crawl = Crawl()
    crawl.page("p", "nothing")
    at = crawl.response(f"{SITE}/a.jpg", photo("a"), said={"WARC-Record-ID": "<urn:uuid:1>"})
    record = ArchivedRecord("a.warc.gz", at, "<urn:uuid:1>")
    time = datetime(2024, 5, 1, 12, tzinfo=UTC)
    path = f"a.warc.gz@{at}"
    expected = Observation(locator=path, image_url=f"{SITE}/a.jpg", captured_at=time, record=record)
    assert only(crawl.save(tmp_path / "a.warc.gz")).observations == (expected,)


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("2024-05-01T12:00:00.123456789Z", datetime(2024, 5, 1, 12, 0, 0, 123456, UTC)),
        ("2024-05", datetime(2024, 5, 1, tzinfo=UTC)),
        ("no time", None),
    ],
)
def test_times_are_read_as_exactly_as_warc_1_1_may_write_them(
    tmp_path: Path, date: str, expected: datetime | None
) -> None:
    crawl = Crawl()
    crawl.photo("a.jpg", date=date)
    assert only(crawl.save(tmp_path / "a.warc.gz")).observations[0].captured_at == expected


@pytest.mark.parametrize(
    ("url", "content_type", "body"),
    [
        (f"{SITE}/a", "image/jpeg", b"whatever"),
        (f"{SITE}/a", "IMAGE/WebP; q=1", b"whatever"),
        (f"{SITE}/a.JPG?size=1", "application/octet-stream", b"whatever"),
        (f"{SITE}/a.png", "", b"whatever"),
        (f"{SITE}/a", "", photo("a")),
        (f"{SITE}/a", "text/plain", b"\x89PNG\r\n\x1a\n"),
        (f"{SITE}/a", "binary/octet-stream", b"RIFF\0\0\0\0WEBPVP8 "),
        (f"{SITE}/a", "binary/octet-stream", b"\0\0\0\x1cftypavif"),
    ],
)
def test_an_image_is_known_by_its_type_its_address_or_its_first_bytes(
    tmp_path: Path, url: str, content_type: str, body: bytes
) -> None:
    crawl = Crawl()
    crawl.response(url, body, content_type)
    assert contents(crawl.save(tmp_path / "a.warc.gz")) == [body]


def test_an_image_is_known_by_what_the_crawler_took_it_for(tmp_path: Path) -> None:
    crawl = Crawl()
    crawl.response(f"{SITE}/a", b"x", "video/x", said={"WARC-Identified-Payload-Type": "image/jpeg"})
    assert len(arrived(crawl.save(tmp_path / "a.warc.gz"))) == 1


@pytest.mark.parametrize(
    ("url", "content_type", "status"),
    [
        (f"{SITE}/a.jpg", "image/jpeg", "404 Not Found"),
        (f"{SITE}/a.jpg", "image/jpeg", "302 Found"),
        (f"{SITE}/a.jpg", "image/jpeg", "206 Partial Content"),
        (f"{SITE}/File:a.jpg", "text/html", "200 OK"),
        (f"{SITE}/a", "text/html", "200 OK"),
        (f"{SITE}/a.js", "text/javascript", "200 OK"),
        (f"{SITE}/a", "application/json", "200 OK"),
    ],
)
def test_what_is_no_photo_is_not_counted(tmp_path: Path, url: str, content_type: str, status: str) -> None:
    crawl = Crawl()
    crawl.response(url, photo("a"), content_type, status=status)
    assert everything(crawl.save(tmp_path / "a.warc.gz")) == []


def test_a_resource_is_an_image_without_any_http(tmp_path: Path) -> None:
    crawl = Crawl()
    crawl.resource(f"{SITE}/a", photo("a"), "image/jpeg")
    root = crawl.save(tmp_path / "a.warc.gz")
    assert contents(root) == [photo("a")]
    assert urls(root) == [f"{SITE}/a"]


def chunked(body: bytes) -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(one), one) for one in (body[:10], body[10:])) + b"0\r\n\r\n"


def brotli(body: bytes) -> bytes:
    stream = io.BytesIO()
    with BrotliWriter(stream) as writer:
        writer.write(body)
    return stream.getvalue()


CODINGS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "chunked": ("Transfer-Encoding", chunked),
    "gzip": ("Content-Encoding", gzip.compress),
    "deflate": ("Content-Encoding", zlib.compress),
    "br": ("Content-Encoding", brotli),
}


@pytest.mark.parametrize("coding", CODINGS)
def test_the_codings_of_http_are_undone(tmp_path: Path, coding: str) -> None:
    header, encode = CODINGS[coding]
    crawl = Crawl()
    crawl.response(f"{SITE}/a.jpg", encode(photo("a")), headers=[(header, coding)])
    assert contents(crawl.save(tmp_path / "a.warc.gz")) == [photo("a")]


@pytest.mark.parametrize("coding", [*CODINGS, "zstd", "utf-8", "identity", "", ","])
def test_a_coding_that_a_crawler_undid_and_left_in_the_headers_does_no_harm(
    tmp_path: Path, coding: str
) -> None:
    header = "Transfer-Encoding" if coding == "chunked" else "Content-Encoding"
    crawl = Crawl()
    crawl.response(f"{SITE}/a.jpg", photo("a"), headers=[(header, coding)])
    assert contents(crawl.save(tmp_path / "a.warc.gz")) == [photo("a")]


def test_codings_upon_codings_are_undone_from_the_outside_in(tmp_path: Path) -> None:
    crawl = Crawl()
    body = chunked(gzip.compress(zlib.compress(photo("a"))))
    headers = [("Content-Encoding", "deflate, gzip"), ("Transfer-Encoding", "chunked")]
    crawl.response(f"{SITE}/a.jpg", body, headers=headers)
    assert contents(crawl.save(tmp_path / "a.warc.gz")) == [photo("a")]


def sha(algorithm: str, body: bytes, form: str) -> str:
    digest = hashlib.new(algorithm, body).digest()
    base32 = base64.b32encode(digest).decode()
    forms = {"hex": digest.hex(), "base 32": base32, "unpadded base 32": base32.rstrip("=")}
    return f"{algorithm}:{forms[form]}"


@pytest.mark.parametrize("form", ["hex", "base 32", "unpadded base 32"])
@pytest.mark.parametrize("algorithm", ["sha1", "sha256", "md5"])
@pytest.mark.parametrize("name", ["WARC-Payload-Digest", "WARC-Block-Digest"])
def test_an_altered_record_is_refused_when_it_is_read(
    tmp_path: Path, name: str, algorithm: str, form: str
) -> None:
    for body, expected in ((photo("a"), photo("a")), (photo("b"), None)):
        crawl = Crawl(zipped=False)
        http = b"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\n\r\n"
        covered = photo("a") if name == "WARC-Payload-Digest" else http + photo("a")
        crawl.record("response", f"{SITE}/a.jpg", http + body, HTTP, {name: sha(algorithm, covered, form)})
        (found,) = contents(crawl.save(tmp_path / "a.warc"))
        if expected is None:
            assert isinstance(found, SkippedPhoto)
            assert (found.reason, found.detail) == (ALTERED, "the content does not fit its digest")
        else:
            assert found == expected


@pytest.mark.parametrize("covered", [photo("a"), gzip.compress(photo("a"), mtime=0)])
def test_a_payload_digest_may_be_taken_before_or_after_decoding(tmp_path: Path, covered: bytes) -> None:
    crawl = Crawl()
    body = gzip.compress(photo("a"), mtime=0)
    said = {"WARC-Payload-Digest": sha("sha1", covered, "base 32")}
    crawl.response(f"{SITE}/a.jpg", body, headers=[("Content-Encoding", "gzip")], said=said)
    assert contents(crawl.save(tmp_path / "a.warc.gz")) == [photo("a")]


def test_a_digest_of_an_unknown_kind_says_nothing(tmp_path: Path) -> None:
    crawl = Crawl()
    crawl.response(f"{SITE}/a.jpg", photo("a"), said={"WARC-Payload-Digest": "blake3:xyz"})
    assert contents(crawl.save(tmp_path / "a.warc.gz")) == [photo("a")]


def test_an_image_over_the_limit_is_refused_however_it_is_packed(tmp_path: Path) -> None:
    crawl = Crawl()
    crawl.response(f"{SITE}/a.jpg", b"x" * 200_000)
    crawl.response(f"{SITE}/b.jpg", gzip.compress(b"x" * 200_000), headers=[("Content-Encoding", "gzip")])
    crawl.response(f"{SITE}/c.jpg", b"x" * 1_000)
    source = WebArchiveSource(crawl.save(tmp_path / "a.warc.gz"), max_bytes=1_000)
    large, packed, small = (one.read() for one in source.arrivals() if isinstance(one, Arrival))
    assert isinstance(large, SkippedPhoto)
    assert isinstance(packed, SkippedPhoto)
    assert [large.reason, packed.reason] == [SkipReason.TOO_LARGE] * 2
    assert small == b"x" * 1_000


def test_a_digest_of_what_is_over_the_limit_is_not_asked(tmp_path: Path) -> None:
    crawl = Crawl()
    body = b"x" * 200_000
    said = {"WARC-Payload-Digest": sha("sha1", body, "hex")}
    crawl.response(f"{SITE}/a.jpg", gzip.compress(body), headers=[("Content-Encoding", "gzip")], said=said)
    (one,) = WebArchiveSource(crawl.save(tmp_path / "a.warc.gz"), max_bytes=1_000).arrivals()
    assert isinstance(one, Arrival)
    assert one.read() == SkippedPhoto(one.path, SkipReason.TOO_LARGE, "1001 bytes, the limit is 1000")


def test_a_record_that_was_cut_short_since_is_refused_even_without_digests(tmp_path: Path) -> None:
    crawl = Crawl(zipped=False)
    block = b"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\n\r\n" + photo("a")
    crawl.record("response", f"{SITE}/a.jpg", block, HTTP, {})
    root = crawl.save(tmp_path / "a.warc")
    one = only(root)
    root.write_bytes(root.read_bytes()[:-30])
    assert one.read() == SkippedPhoto(one.path, SkipReason.BAD_RECORD, "cut short")


def test_a_record_in_segments_is_refused(tmp_path: Path) -> None:
    crawl = Crawl()
    at = crawl.response(f"{SITE}/a.jpg", photo("a"), said={"WARC-Segment-Number": "1"})
    root = crawl.save(tmp_path / "a.warc.gz")
    assert refused(root) == [(f"a.warc.gz@{at}", SkipReason.BAD_RECORD)]


def test_a_photo_can_be_read_by_several_threads_and_again(tmp_path: Path) -> None:
    crawl = Crawl()
    crawl.photo("a.jpg")
    crawl.photo("b.jpg")
    first, second = arrived(crawl.save(tmp_path / "a.warc.gz"))
    with ThreadPoolExecutor(4) as pool:
        read = list(pool.map(lambda n: (first, second)[n % 2].read(), range(16)))
    assert read == [photo("a.jpg"), photo("b.jpg")] * 8


def test_a_record_that_has_gone_since_is_refused(tmp_path: Path) -> None:
    crawl = Crawl()
    crawl.photo("a.jpg")
    root = crawl.save(tmp_path / "a.warc.gz")
    one = only(root)
    other = Crawl()
    other.photo("a.jpg")  # with a record id of its own
    other.save(root)
    found = one.read()
    assert isinstance(found, SkippedPhoto)
    assert (found.reason, found.detail) == (ALTERED, "another record is there now, or none")
    root.unlink()
    assert one.read() == SkippedPhoto(one.path, SkipReason.UNREADABLE, "No such file or directory")


def test_the_fingerprint_changes_with_the_bytes_and_what_is_said_of_them(tmp_path: Path) -> None:
    prints = []
    for body, caption in ((b"1", "x"), (b"1", "x"), (b"2", "x"), (b"1", "y")):
        crawl = Crawl(zipped=False)
        crawl.response(f"{SITE}/a.jpg", body, said={"WARC-Record-ID": "<urn:uuid:1>"})
        crawl.page("p", f"<img src=a.jpg alt={caption}>")
        prints.append(only(crawl.save(tmp_path / "a.warc")).fingerprint)
    assert prints[0] == prints[1]
    assert len(set(prints)) == 3


def test_without_a_digest_the_fingerprint_changes_with_the_archive(tmp_path: Path) -> None:
    block = b"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\n\r\nx"
    lines = ["WARC/1.0", "WARC-Type: response", f"WARC-Target-URI: {SITE}/a.jpg", f"WARC-Date: {DAY}"]
    lines += ["Content-Type: application/http", f"Content-Length: {len(block)}", "", ""]
    root = tmp_path / "a.warc"
    root.write_bytes("\r\n".join(lines).encode() + block + b"\r\n\r\n")
    os.utime(root, ns=(0, 1_000))
    before = only(root).fingerprint
    assert only(root).fingerprint == before
    os.utime(root, ns=(0, 2_000))
    assert only(root).fingerprint != before


def test_a_folder_gives_the_archives_in_it_and_below_it(tmp_path: Path) -> None:
    for name in ("b.warc", "sub/a.warc.gz", "a.warc.gz", ".hidden.warc", "no-name"):
        crawl = Crawl(name.endswith(".gz"))
        crawl.photo(f"{name}.jpg")
        (tmp_path / name).parent.mkdir(exist_ok=True)
        crawl.save(tmp_path / name)
    (tmp_path / "notes.txt").write_text("WARC, but not an archive")
    (tmp_path / "packed.gz").write_bytes(gzip.compress(b"something else"))
    (tmp_path / "index.cdx").write_text(" CDX N b a m s k r M S V g\n")
    names = ["a.warc.gz@0", "b.warc@0", "no-name@0", "sub/a.warc.gz@0"]
    assert [one.path for one in arrived(tmp_path)] == names
    assert refused(tmp_path) == []


def test_links_and_pipes_among_the_archives_are_refused(tmp_path: Path) -> None:
    crawl = Crawl()
    crawl.photo("a.jpg")
    crawl.save(tmp_path / "a.warc.gz")
    (tmp_path / "b.warc.gz").symlink_to("a.warc.gz")
    (tmp_path / "loop").symlink_to(".")
    os.mkfifo(tmp_path / "pipe.warc")
    kinds = [(name, SkipReason.NOT_A_FILE) for name in ("b.warc.gz", "loop", "pipe.warc")]
    assert sorted(refused(tmp_path)) == kinds


def test_an_empty_archive_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.warc.gz").touch()
    assert refused(tmp_path) == [("a.warc.gz", SkipReason.EMPTY)]


@pytest.mark.parametrize("name", ["notes.txt", "folder", "none"])
def test_only_an_archive_or_a_folder_of_them_can_be_a_source(tmp_path: Path, name: str) -> None:
    (tmp_path / "notes.txt").write_text("no archive")
    (tmp_path / "folder").mkdir()
    with pytest.raises(BadInput, match="neither a web archive nor"):
        WebArchiveSource(tmp_path / name)


def test_a_source_that_has_vanished_is_said_to_be_unreadable(tmp_path: Path) -> None:
    crawl = Crawl()
    crawl.photo("a.jpg")
    root = crawl.save(tmp_path / "a.warc.gz")
    source = WebArchiveSource(root)
    root.unlink()
    (found,) = source.arrivals()
    assert isinstance(found, SkippedPhoto)
    assert (found.path, found.reason) == ("a.warc.gz", SkipReason.UNREADABLE)


def test_an_index_that_is_given_is_used_again_until_archives_or_scope_change(tmp_path: Path) -> None:
    crawl = Crawl()
    crawl.photo("a.jpg")
    root, index = crawl.save(tmp_path / "a.warc.gz"), tmp_path / "index"
    first = list(WebArchiveSource(root, index=index).arrivals())
    written = index.stat().st_mtime_ns
    assert list(WebArchiveSource(root, index=index).arrivals()) == first
    assert index.stat().st_mtime_ns == written
    crawl.photo("b.jpg")
    crawl.save(root)
    assert len(list(WebArchiveSource(root, index=index).arrivals())) == 2


def test_an_index_that_was_not_finished_is_made_again(tmp_path: Path) -> None:
    crawl = Crawl()
    crawl.photo("a.jpg")
    root, index = crawl.save(tmp_path / "a.warc.gz"), tmp_path / "index"
    first = list(WebArchiveSource(root, index=index).arrivals())
    with closing(sqlite3.connect(index)) as sql:
        sql.execute("DELETE FROM stamp")
        sql.commit()
    assert list(WebArchiveSource(root, index=index).arrivals()) == first


def test_a_file_that_is_no_index_is_not_overwritten(tmp_path: Path) -> None:
    crawl = Crawl()
    crawl.photo("a.jpg")
    index = tmp_path / "index"
    index.write_text("something else" * 100)
    source = WebArchiveSource(crawl.save(tmp_path / "a.warc.gz"), index=index)
    with pytest.raises(BadInput, match="cannot be used: file is not a database"):
        list(source.arrivals())
    assert index.read_text().startswith("something else")


def test_a_temporary_index_is_gone_when_the_last_image_has_come_or_nobody_asks_for_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    crawl = Crawl()
    crawl.photo("a.jpg")
    crawl.photo("b.jpg")
    found = WebArchiveSource(crawl.save(tmp_path / "a.warc.gz")).arrivals()
    assert isinstance(found, Generator)
    one = next(found)
    assert list((tmp_path / "temporary").iterdir())
    found.close()
    assert not list((tmp_path / "temporary").iterdir())
    assert isinstance(one, Arrival)
    assert one.read() == photo("a.jpg")


def test_archives_of_wget_and_py_wacz_are_read(tmp_path: Path) -> None:
    found = arrived(ASSETS)
    assert refused(ASSETS) == []
    assert [one.path for one in found] == [
        *("crawl.wacz/archive/first.warc.gz@2991", "crawl.wacz/archive/first.warc.gz@5082"),
        *("crawl.wacz/archive/second.warc.gz@2854", "crawl.wacz/archive/second.warc.gz@4861"),
        *("first.warc.gz@2991", "first.warc.gz@5082", "second.warc.gz@2854", "second.warc.gz@4861"),
    ]
    assert [len(data) for one in found if isinstance(data := one.read(), bytes)] == [146, 722] * 4
    quarters = found[0].observations
    assert [(one.page_title, one.caption) for one in quarters] == [
        ("Vier Viertel – ein Bild", "Vier Farben, für einen Versuch"),
        ("More", "Small"),
    ]
    assert details(ASSETS) == []
