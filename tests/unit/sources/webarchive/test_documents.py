"""Other documents of an archive are found, one at a time, and where addresses led on to others."""

from pathlib import Path

import pytest

from facewitness.sources.webarchive.documents import Document, JsonDocuments
from facewitness.sources.webarchive.redirects import Redirect
from facewitness.terms.provenance import Preference

from .crawls import SITE, Crawl, photo


def found(crawl: Crawl, root: Path, limit: int = 1_000) -> list[Document | Redirect]:
    return list(JsonDocuments(crawl.save(root / "a.warc.gz"), limit))


@pytest.mark.parametrize(
    ("content_type", "name", "is_json"),
    [
        ("application/json", "a", True),
        ("application/ld+json; profile=x", "a", True),
        ("Application/JSON; charset=utf-8", "a", True),
        ("text/plain", "a.json?x=1", True),
        ("", "a.JSON", True),
        ("application/octet-stream", "a", True),
        ("text/html", "a.json", False),
        ("image/jpeg", "a.json", False),
    ],
)
def test_json_is_known_by_its_type_or_its_name(
    tmp_path: Path, content_type: str, name: str, is_json: bool
) -> None:
    crawl = Crawl()
    crawl.response(f"{SITE}/{name}", b"{}", content_type)
    assert found(crawl, tmp_path) == ([Document(f"{SITE}/{name}", b"{}")] if is_json else [])


@pytest.mark.parametrize(
    ("body", "name", "is_json"),
    [
        (b"\xef\xbb\xbf \n{}", "a", True),
        (b"[]", "a", True),
        (b"text {}", "a", False),
        (b"text {}", "a.json", True),
        (b"", "a", False),
    ],
)
def test_where_the_type_tells_nothing_name_or_content_does(
    tmp_path: Path, body: bytes, name: str, is_json: bool
) -> None:
    crawl = Crawl()
    crawl.response(f"{SITE}/{name}", body, "text/plain")
    assert bool(found(crawl, tmp_path)) is is_json


def test_documents_come_in_order_with_what_their_headers_say(tmp_path: Path) -> None:
    crawl = Crawl()
    crawl.photo("a.jpg")
    crawl.response(f"{SITE}/1", b"[1]", "application/json", headers=[("X-Robots-Tag", "noai")])
    crawl.resource(f"{SITE}/2", b"[2]", "application/json")
    crawl.response(f"{SITE}/3", b"[3]", "application/json", status="404 Not Found")
    crawl.response(f"{SITE}/4", b"", "", status="301 Moved", headers=[("Location", "five#x")])
    crawl.response(f"{SITE}/6", b"", "", status="302 Found", headers=[("Location", "mailto:a@b.example")])
    assert found(crawl, tmp_path) == [
        Document(f"{SITE}/1", b"[1]", (Preference("x-robots-tag", "noai", reserves=True),)),
        Document(f"{SITE}/2", b"[2]"),
        Redirect(f"{SITE}/4", f"{SITE}/five"),
    ]


def test_a_long_document_is_cut_one_byte_over_the_limit(tmp_path: Path) -> None:
    crawl = Crawl()
    crawl.response(f"{SITE}/1", b"[" * 50, "application/json")
    assert found(crawl, tmp_path, limit=10) == [Document(f"{SITE}/1", b"[" * 11)]


def test_a_document_that_is_cut_short_is_not_given(tmp_path: Path) -> None:
    crawl = Crawl(zipped=False)
    crawl.response(f"{SITE}/1", b"[1]", "application/json")
    crawl.response(f"{SITE}/2", b"[2]", "application/json")
    (tmp_path / "a.warc").write_bytes(crawl.data()[:-5])
    assert [one.url for one in JsonDocuments(tmp_path, 1_000)] == [f"{SITE}/1"]


@pytest.mark.parametrize("before_end", [100, 8])
def test_a_damaged_document_costs_only_itself(tmp_path: Path, before_end: int) -> None:
    crawl = Crawl()
    crawl.response(f"{SITE}/1", b"[1]", "application/json")
    crawl.response(f"{SITE}/2", photo("x" * 50), "application/json")
    end = crawl.response(f"{SITE}/3", b"[3]", "application/json")
    data = bytearray(crawl.data())
    data[end - before_end] ^= 255  # in the content, or in the gzip member's checksum
    (tmp_path / "a.warc.gz").write_bytes(data)
    assert [one.url for one in JsonDocuments(tmp_path, 1_000)] == [f"{SITE}/1", f"{SITE}/3"]


def test_an_archive_that_goes_away_ends_the_documents_there(tmp_path: Path) -> None:
    crawl = Crawl()
    crawl.response(f"{SITE}/1", b"[1]", "application/json")
    crawl.save(tmp_path / "a.warc.gz")
    crawl.save(tmp_path / "b.warc.gz")
    documents = iter(JsonDocuments(tmp_path, 1_000))
    next(documents)
    (tmp_path / "b.warc.gz").unlink()
    assert list(documents) == []
