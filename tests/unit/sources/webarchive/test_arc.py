"""ARC files, of version 1 and 2, give the same as WARC files do."""

import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facewitness.sources.webarchive.arc import arc_line
from facewitness.terms.provenance import ArchivedRecord, SkipReason

from .crawls import SITE, arrived, contents, details, html, photo, refused, seen

BOTH = pytest.mark.parametrize("zipped", [True, False], ids=["gzip", "plain"])
BROKEN = SkipReason.BROKEN_ARCHIVE
V1 = "1 0 Somebody\nURL IP-address Archive-date Content-type Archive-length\n\n"
V2 = V1.replace("1 0", "2 0").replace(
    " Archive-length", " Result-code Checksum Location Offset Filename Archive-length"
)


class Arc:
    """An ARC file being written."""

    def __init__(self, zipped: bool, version: int = 1) -> None:
        self.data, self.zipped, self.version = b"", zipped, version
        about = (V1 if version == 1 else V2).encode()
        self.add("filedesc://a.arc", about, "text/plain")

    def add(self, url: str, content: bytes, content_type: str) -> int:
        at = len(self.data)
        more = "" if self.version == 1 else "200 - - 0 a.arc "
        line = f"{url} 192.0.2.1 20050607080910 {content_type} {more}{len(content)}\n"
        record = line.encode() + content + b"\n"
        self.data += gzip.compress(record, mtime=0) if self.zipped else record
        return at

    def response(
        self, url: str, body: bytes, content_type: str = "image/jpeg", status: str = "200 OK"
    ) -> int:
        http = f"HTTP/1.0 {status}\r\nContent-Type: {content_type}\r\n\r\n".encode()
        return self.add(url, http + body, content_type)

    def save(self, folder: Path) -> Path:
        path = folder / ("a.arc.gz" if self.zipped else "a.arc")
        path.write_bytes(self.data)
        return path


@BOTH
@pytest.mark.parametrize("version", [1, 2])
def test_images_and_the_pages_that_show_them_are_found(tmp_path: Path, zipped: bool, version: int) -> None:
    arc = Arc(zipped, version)
    arc.response(f"{SITE}/p", html("<img src=a.jpg alt=A>", "<title>P</title>"), "text/html")
    at = arc.response(f"{SITE}/a.jpg", photo("a"))
    arc.response(f"{SITE}/b.jpg", photo("b"), status="404 Not Found")
    arc.add("dns:one.example", b"one.example. 1 IN A 192.0.2.1", "text/dns")
    root = arc.save(tmp_path)
    (one,) = seen(root)
    assert (one.page_url, one.page_title, one.caption) == (f"{SITE}/p", "P", "A")
    assert one.captured_at == datetime(2005, 6, 7, 8, 9, 10, tzinfo=UTC)
    assert one.record == ArchivedRecord(root.name, at, "")
    assert contents(root) == [photo("a")]
    assert refused(root) == []


@BOTH
def test_records_larger_than_a_page_are_read_whole(tmp_path: Path, zipped: bool) -> None:
    arc = Arc(zipped)
    for name in ("a", "b"):
        arc.response(f"{SITE}/{name}.jpg", photo(name) * 80_000)
    assert contents(arc.save(tmp_path)) == [photo(name) * 80_000 for name in ("a", "b")]


def test_an_address_may_hold_spaces(tmp_path: Path) -> None:
    arc = Arc(zipped=False)
    arc.response(f"{SITE}/a b.jpg", photo("a"))
    assert [one.image_url for one in seen(arc.save(tmp_path))] == [f"{SITE}/a%20b.jpg"]


@BOTH
@pytest.mark.parametrize("junk", [b"junk\n", b"\0" * 300 + b"\n", b"http://one.example/ is an address\n"])
def test_junk_between_records_is_said_and_costs_none(tmp_path: Path, zipped: bool, junk: bytes) -> None:
    arc = Arc(zipped)
    for name in ("a", "b", "c"):
        at = arc.response(f"{SITE}/{name}.jpg", photo(name))
    root = arc.save(tmp_path)
    root.write_bytes(arc.data[:at] + junk + arc.data[at:])
    assert contents(root) == [photo(name) for name in ("a", "b", "c")]
    assert refused(root) == [(root.name, BROKEN)]
    assert details(root)[0].startswith(f"at byte {at}: ")


@BOTH
@pytest.mark.parametrize("change", [b"5", b"99999", b"999999999999999999"])
def test_a_wrong_length_costs_only_its_record(tmp_path: Path, zipped: bool, change: bytes) -> None:
    arc = Arc(zipped)
    arc.response(f"{SITE}/a.jpg", photo("a"))
    at = arc.response(f"{SITE}/b.jpg", photo("b") * 40)
    end = len(arc.data)
    arc.response(f"{SITE}/c.jpg", photo("c"))
    root = arc.save(tmp_path)
    record = gzip.decompress(arc.data[at:end]) if zipped else arc.data[at:end]
    line, _, rest = record.partition(b"\n")
    changed = line.rpartition(b" ")[0] + b" " + change + b"\n" + rest
    root.write_bytes(arc.data[:at] + (gzip.compress(changed) if zipped else changed) + arc.data[end:])
    assert contents(root) == [photo("a"), photo("c")]
    assert [one.startswith(f"at byte {at}: ") for one in details(root)] == [True]


@BOTH
@pytest.mark.parametrize("kept", [10, 40, 100, 150])
def test_a_last_record_that_is_cut_short_is_counted_and_the_rest_kept(
    tmp_path: Path, zipped: bool, kept: int
) -> None:
    arc = Arc(zipped)
    arc.response(f"{SITE}/a.jpg", photo("a"))
    at = arc.response(f"{SITE}/b.jpg", bytes(range(256)) * 20)
    root = arc.save(tmp_path)
    root.write_bytes(arc.data[: at + kept])
    assert contents(root) == [photo("a")]
    assert [one.startswith(f"at byte {at}: ") for one in details(root)] == [True]


def test_a_compressed_record_in_which_a_byte_has_changed_costs_only_itself(tmp_path: Path) -> None:
    arc = Arc(zipped=True)
    arc.response(f"{SITE}/a.jpg", photo("a"))
    at = arc.response(f"{SITE}/b.jpg", bytes(range(256)) * 20)
    end = len(arc.data)
    arc.response(f"{SITE}/c.jpg", photo("c"))
    root = arc.save(tmp_path)
    data = bytearray(arc.data)
    data[(at + end) // 2] ^= 0x55
    root.write_bytes(data)
    assert contents(root) == [photo("a"), photo("c")]
    assert [one.startswith(f"at byte {at}: ") for one in details(root)] == [True]


def test_several_records_in_one_gzip_member_are_refused_with_advice(tmp_path: Path) -> None:
    arc = Arc(zipped=False)
    arc.response(f"{SITE}/a.jpg", photo("a"))
    root = tmp_path / "a.arc.gz"
    root.write_bytes(gzip.compress(arc.data))
    assert arrived(root) == []
    assert "compress them one by one" in details(root)[0]


@pytest.mark.parametrize(
    "line",
    [
        "",
        "http://one.example/ 192.0.2.1 20050607080910 text/html",
        "http://one.example/ 192.0.2.1 20051307080910 text/html 10",
        "http://one.example/ 192.0.2.1 2005 text/html 10",
        "http://one.example/ 192.0.2.1 20050607080910 text/html ten",
        "one.example 192.0.2.1 20050607080910 text/html 10",
        "http://one.example/ 20050607080910 text/html 10",
        "http://one.example/ 192.0.2.1 20050607080910 text/html " + "9" * 40,
    ],
)
def test_a_line_that_is_none_of_arc_is_not_taken_for_one(line: str) -> None:
    assert arc_line(line.encode()) is None


@given(
    st.binary()
    | st.text().map(str.encode)
    | st.from_regex(rb"a: b [0-9\xd9\xa1]{14} c [0-9\xd9\xa1]+", fullmatch=True)
)
def test_no_line_raises(line: bytes) -> None:
    arc_line(line)
