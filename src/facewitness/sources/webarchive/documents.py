"""Documents in archives that are neither images nor pages, such as JSON, and where addresses led on to others."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from facewitness.sources import preferences
from facewitness.sources.responses import TELLS_NOTHING, media_type
from facewitness.sources.webarchive.addresses import web_address
from facewitness.sources.webarchive.archives import Archive, archives
from facewitness.sources.webarchive.record import MAX_HEADERS, Record
from facewitness.sources.webarchive.redirects import Redirect, is_redirect, redirect_of
from facewitness.sources.webarchive.walk import Break, walk
from facewitness.terms.provenance import Preference

_TYPES = ("application/json", "text/json", *TELLS_NOTHING)
_BEGINS = re.compile(rb"(?:\xef\xbb\xbf)?\s*[{\[]")
_SNIFFED = 64


@dataclass(frozen=True, slots=True)
class Document:
    """A document as it was archived."""

    url: str
    body: bytes
    """Without the codings of HTTP; one byte longer than the limit where it is cut there."""
    preferences: tuple[Preference, ...] = ()
    """What its HTTP headers say about its use."""


class JsonDocuments:
    """The JSON in the archives at a place, and the redirects, in the order of the archives; one at a time.

    Each iteration reads the archives once. What is damaged is passed over: `WebArchiveSource` names it.
    """

    def __init__(self, root: Path, max_bytes: int) -> None:
        """Of each document the first `max_bytes` bytes and one more are given."""
        self._root, self._max_bytes = os.path.realpath(root), max_bytes

    def __iter__(self) -> Iterator[Document | Redirect]:
        for one in archives(self._root):
            if isinstance(one, Archive):
                yield from self._in_archive(one)

    def _in_archive(self, archive: Archive) -> Iterator[Document | Redirect]:
        """A record is given when the next one is there, or the end: not before is it known to be whole."""
        offset, last = -1, None
        try:
            with archive.open() as stream:
                for found in walk(stream, archive.shape, self._max_bytes + MAX_HEADERS):
                    if last is not None and not (isinstance(found, Break) and found.offset == offset):
                        yield last
                    last, offset = None, found.offset
                    if isinstance(found, Record):
                        last = self._told(found)
        except OSError:
            return
        if last is not None:
            yield last

    def _told(self, record: Record) -> Document | Redirect | None:
        url = web_address(record.header("warc-target-uri"))
        if not url or record.kind not in ("response", "resource"):
            return None
        if is_redirect(record):
            return redirect_of(record, url)
        what = media_type(record.content_type)
        if record.status not in (None, 200) or not (what in _TYPES or what.endswith("+json")):
            return None
        try:
            body = record.body(min(_SNIFFED, self._max_bytes))
            if what in TELLS_NOTHING and not (_is_named_json(url) or _BEGINS.match(body)):
                return None
            body += record.body(self._max_bytes + 1 - len(body))
        except OSError:  # the walk meets the same damage next
            return None
        said = preferences.from_headers(record.http_headers)
        return Document(url, record.stages(body, self._max_bytes)[-1], said)


def _is_named_json(url: str) -> bool:
    return url.partition("?")[0].lower().endswith(".json")
