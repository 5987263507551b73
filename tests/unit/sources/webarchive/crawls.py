"""Small web archives for the tests of this kind, and what a source gives of them."""

import base64
import gzip
import hashlib
import io
from collections.abc import Sequence
from pathlib import Path

from fastwarc.warc import WarcRecord, WarcRecordType

from facewitness.sources.scope import UrlScope
from facewitness.sources.webarchive import WebArchiveSource
from facewitness.terms.provenance import Arrival, Observation, SkippedPhoto, SkipReason

SITE = "https://one.example"
DAY, LATER = "2024-05-01T12:00:00Z", "2024-06-01T12:00:00Z"
HTTP = "application/http; msgtype=response"

Header = tuple[str, str]


def photo(name: str) -> bytes:
    """What begins like a JPEG, of its own for each name."""
    return b"\xff\xd8\xff\xe0" + name.encode() * 20


def html(body: str, head: str = "") -> bytes:
    """A page."""
    return f"<!doctype html><html><head>{head}</head><body>{body}</body></html>".encode()


class Crawl:
    """An archive being written by FastWARC; each record gives the offset at which it begins."""

    def __init__(self, zipped: bool = True, version: str = "WARC/1.0") -> None:
        self._stream, self._zipped, self._version = io.BytesIO(), zipped, version

    def response(
        self,
        url: str,
        body: bytes,
        content_type: str = "image/jpeg",
        date: str = DAY,
        status: str = "200 OK",
        headers: Sequence[Header] = (),
        said: dict[str, str] | None = None,
    ) -> int:
        """A `response`: `headers` are of HTTP, `said` those of the archive."""
        http = _http(status, content_type, headers)
        return self.record(
            "response", url, http + body, HTTP, {"WARC-Date": date, **digests(http, body), **(said or {})}
        )

    def photo(self, name: str, date: str = DAY, headers: Sequence[Header] = ()) -> int:
        """The photo of this name on the site."""
        return self.response(f"{SITE}/{name}", photo(name), date=date, headers=headers)

    def page(
        self, path: str, body: str, head: str = "", date: str = DAY, headers: Sequence[Header] = ()
    ) -> int:
        """A page of the site."""
        content = html(body, head)
        return self.response(f"{SITE}/{path}", content, "text/html; charset=utf-8", date, headers=headers)

    def resource(self, url: str, body: bytes, content_type: str) -> int:
        """A `resource`: a file with no HTTP about it."""
        return self.record("resource", url, body, content_type, {"WARC-Date": DAY, **digests(b"", body)})

    def revisit(
        self, url: str, said: dict[str, str], content_type: str = "image/jpeg", status: str = "200 OK"
    ) -> int:
        """A `revisit` that says this of its original."""
        return self.record(
            "revisit", url, _http(status, content_type, ()), HTTP, {"WARC-Date": LATER, **said}
        )

    def record(self, kind: str, url: str, block: bytes, content_type: str, said: dict[str, str]) -> int:
        """Any record."""
        at = self._stream.tell()
        record = WarcRecord()
        record.init_headers(WarcRecordType.unknown, content_length=len(block))
        record.headers.status_line = self._version
        for name, value in {
            "WARC-Type": kind,
            "WARC-Target-URI": url,
            "Content-Type": content_type,
            **said,
        }.items():
            record.headers.set(name, value)
        record.set_bytes_content(block)
        written = io.BytesIO()
        record.write(written)
        data = written.getvalue()
        self._stream.write(gzip.compress(data, mtime=0) if self._zipped else data)
        return at

    def data(self) -> bytes:
        """All that was written."""
        return self._stream.getvalue()

    def save(self, path: Path) -> Path:
        """The archive as a file."""
        path.write_bytes(self.data())
        return path


def digests(http: bytes, body: bytes) -> dict[str, str]:
    """The digests of a record, as crawlers write them."""
    values = {"WARC-Block-Digest": http + body, "WARC-Payload-Digest": body}
    return {name: digest("sha1", value) for name, value in values.items()}


def digest(algorithm: str, content: bytes) -> str:
    """In base 32."""
    return f"{algorithm}:{base64.b32encode(hashlib.new(algorithm, content).digest()).decode()}"


def _http(status: str, content_type: str, headers: Sequence[Header]) -> bytes:
    given = [("Content-Type", content_type)] if content_type else []
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in (*given, *headers)), "", ""]
    return "\r\n".join(lines).encode()


def everything(root: Path, *scope: str) -> list[Arrival | SkippedPhoto]:
    """All that the source gives, in its order."""
    return list(WebArchiveSource(root, UrlScope(scope)).arrivals())


def arrived(root: Path, *scope: str) -> list[Arrival]:
    """What arrives, in its order."""
    return [one for one in everything(root, *scope) if isinstance(one, Arrival)]


def refused(root: Path, *scope: str) -> list[tuple[str, SkipReason]]:
    """What is refused and why, in its order."""
    return [(one.path, one.reason) for one in everything(root, *scope) if isinstance(one, SkippedPhoto)]


def details(root: Path, *scope: str) -> list[str]:
    """The details of what is refused."""
    return [one.detail for one in everything(root, *scope) if isinstance(one, SkippedPhoto)]


def urls(root: Path, *scope: str) -> list[str]:
    """The addresses of the images that arrive."""
    return [one.observations[0].image_url for one in arrived(root, *scope)]


def seen(root: Path, *scope: str) -> list[Observation]:
    """All observations of all arrivals."""
    return [seen for one in arrived(root, *scope) for seen in one.observations]


def contents(root: Path, *scope: str) -> list[bytes | SkippedPhoto]:
    """The bytes of what arrives, or why they could not be read."""
    return [one.read() for one in arrived(root, *scope)]
