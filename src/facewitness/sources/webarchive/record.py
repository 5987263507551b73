"""One record of an archive, WARC or ARC, as FastWARC reads it: the only module that knows that library."""

import contextlib
import io
from collections.abc import Callable, Iterator
from typing import BinaryIO, Protocol

from fastwarc.stream_io import BrotliReader, ChunkedReader, GzipReader, ZstdReader
from fastwarc.warc import ArchiveIterator, HeaderMap, WarcRecord

from facewitness.sources.responses import Headers

_PIECE = 64 * 1024
MAX_HEADERS = 64 * 1024
"""Bytes of a record's own headers, and of HTTP's, that are read."""


class Readable(Protocol):
    """Something to read bytes from, as many as asked for until there are no more."""

    def read(self, size: int = ..., /) -> bytes:
        """The next bytes. OSError where they are damaged."""
        ...


class Members(Readable, Protocol):
    """A stream of gzip members, unpacked."""

    def frame_start_position(self) -> int | None:
        """Where in the file the member begins that is being read."""
        ...


class Broken(Exception):
    """A record cannot be read to its end: where it begins, what is wrong, where the next one may begin.

    Never leaves this package: it becomes a `SkippedPhoto`.
    """

    def __init__(self, offset: int, problem: str, resume: int) -> None:
        super().__init__(problem)
        self.offset, self.problem, self.resume = offset, problem, resume


class Record:
    """A record: its headers, and its content, which is there only until the next record is asked for.

    Where that is an HTTP response, its headers are read off it when something is first asked about it.
    """

    __slots__ = ("_headers", "_http", "_is_begun", "_warc", "length", "offset")

    def __init__(self, offset: int, length: int, warc: WarcRecord) -> None:
        """The record that begins at `offset` of its archive, with `length` bytes of content."""
        self.offset, self.length, self._warc = offset, length, warc
        self._headers = {name.lower(): value for name, value in warc.headers.to_tuples()}
        self._http: HeaderMap | None = None
        self._is_begun = False

    @classmethod
    def of(cls, offset: int, length: int, headers: Headers, content: bytes) -> "Record":
        """A record made of what was read of it; `content` may be the beginning alone."""
        warc = WarcRecord()
        for name, value in headers:
            warc.headers.append(name, value)
        warc.set_bytes_content(content)
        warc.is_http = content.startswith(b"HTTP/")
        return cls(offset, length, warc)

    @property
    def kind(self) -> str:
        """`WARC-Type` in lower case: `response`, `resource`, `revisit`, …"""
        return self.header("warc-type").lower()

    def header(self, name: str) -> str:
        """A header of the archive's own, by its name in lower case; empty where there is none."""
        return self._headers.get(name, "")

    @property
    def headers(self) -> Headers:
        """All headers of the archive's own."""
        return tuple(self._warc.headers.to_tuples())

    @property
    def status_line(self) -> str:
        """The HTTP status line, empty where the content is no HTTP response."""
        http = self._response()
        return (http.status_line or "") if http is not None else ""

    @property
    def status(self) -> int | None:
        """The HTTP status, None where the content is no HTTP response."""
        http = self._response()
        return http.status_code if http is not None else None

    @property
    def http_headers(self) -> Headers:
        """The headers of the HTTP response, in its order."""
        http = self._response()
        return tuple(http.to_tuples()) if http is not None else ()

    @property
    def content_type(self) -> str:
        """What the content is said to be, with parameters; of an HTTP response by its own headers."""
        http = self._response()
        return self.header("content-type") if http is None else (http.get("Content-Type") or "")

    def content(self, size: int) -> bytes:
        """The first bytes of the content, HTTP headers included, where nothing was asked about them before.

        OSError where the archive is damaged.
        """
        return self._warc.reader.read(size)

    def body(self, size: int) -> bytes:
        """The next bytes of the content after its HTTP headers. OSError where the archive is damaged."""
        self._response()
        return self._warc.reader.read(size)

    def skip(self) -> None:
        """Pass over what is left of the content. OSError where the archive is damaged."""
        self._warc.reader.consume()

    def stages(self, body: bytes, limit: int) -> list[bytes]:
        """The body as stored, and after each HTTP coding that was undone; the last is what was meant.

        A coding that is named and not there is passed over: many crawlers undo it and leave the header. What
        can be undone only in part is given in part, and of all no more than one byte over `limit`.
        """
        stages = [body]
        for coding in self._codings():
            if undone := _undo(coding, stages[-1], limit):
                stages.append(undone)
        return stages

    def _codings(self) -> Iterator[str]:
        """In the order in which they are undone."""
        http = self._response()
        for header in ("Transfer-Encoding", "Content-Encoding"):
            values = http.get_multiple(header) if http is not None else ()
            yield from (one.strip().lower() for one in reversed(",".join(values).split(",")))

    def _response(self) -> HeaderMap | None:
        """The headers of the HTTP response, read off the content the first time; None where it is none."""
        if not self._is_begun:
            self._is_begun = True
            with contextlib.suppress(OSError):
                if self._warc.is_http:
                    self._warc.parse_http(max_header_len=MAX_HEADERS)
                    self._http = self._warc.http_headers
            if self._http is not None and self._http.status_code is None:
                self._http = None
        return self._http


def gunzip(stream: BinaryIO) -> Members:
    """What the gzip members from where the stream stands hold, one after the other."""
    return GzipReader(stream)


def iterate(stream: BinaryIO) -> Iterator[Record]:
    """The records of an uncompressed WARC file from where the stream stands. OSError where it is damaged."""
    for warc in ArchiveIterator(stream, parse_http=False):
        yield Record(warc.stream_pos, warc.content_length, warc)


def iterate_members(members: Members) -> Iterator[Record]:
    """The records of a compressed one, `offset` being that of the gzip member. OSError as `iterate`.

    FastWARC's own `stream_pos` is wrong for the first record that is read in this way.
    """
    for warc in ArchiveIterator(members, parse_http=False):  # type: ignore[arg-type]
        yield Record(members.frame_start_position() or 0, warc.content_length, warc)


_CODINGS: dict[str, Callable[[BinaryIO], Readable]] = {
    "chunked": ChunkedReader,
    "gzip": GzipReader,
    "x-gzip": GzipReader,
    "deflate": lambda stream: GzipReader(stream, zlib=True),
    "br": BrotliReader,
    "zstd": ZstdReader,
}


def _undo(coding: str, data: bytes, limit: int) -> bytes:
    """The data without the coding, in part where it breaks off; empty where it does not have it."""
    if coding not in _CODINGS:
        return b""
    reader, undone = _CODINGS[coding](io.BytesIO(data)), bytearray()
    with contextlib.suppress(OSError):
        while len(undone) <= limit and (piece := reader.read(min(_PIECE, limit + 1 - len(undone)))):
            undone += piece
    return bytes(undone)
