"""What a record adds to the index: an image, a page that shows images, a site's file, a refusal, or nothing."""

import re
from dataclasses import replace

from facewitness.sources import preferences, tdmrep
from facewitness.sources.responses import (
    PAGES,
    TELLS_NOTHING,
    begins_as_page,
    charset,
    media_type,
)
from facewitness.sources.scope import UrlScope
from facewitness.sources.webarchive.addresses import has_image_ending, web_address
from facewitness.sources.webarchive.images import Image, Kind, PageCapture
from facewitness.sources.webarchive.moments import moment
from facewitness.sources.webarchive.pages import MAX_PAGE, read_page
from facewitness.sources.webarchive.record import Record
from facewitness.sources.webarchive.redirects import Redirect, is_redirect, redirect_of
from facewitness.sources.webarchive.sites import MAX_FILE, SiteFile, is_site_file
from facewitness.terms.provenance import SkippedPhoto, SkipReason

Entry = Image | PageCapture | Redirect | SiteFile | SkippedPhoto | None

_SNIFFED = 512
_HTTP = "application/http"
_IMAGE_BEGINS = re.compile(
    rb"\xff\xd8\xff|\x89PNG|GIF8|RIFF....WEBP|II\*\0|MM\0\*|....ftyp(?:avi|hei|hev|mi)|\0\0\0\x0cj[PX]|\xff\x0a",
    re.DOTALL,
)


def entry(record: Record, archive: int, archive_name: str, scope: UrlScope) -> Entry:
    """What the record adds: an image is known by its type, its address or its first bytes.

    Of responses those of status 200 count, and those that lead on to another address; of pages only those in
    `scope`; of a site's robots.txt and tdmrep.json also that there was none. OSError where the archive is damaged
    within the record.
    """
    kind = record.kind
    if kind not in ("response", "resource", "revisit"):
        return None
    url, what = web_address(record.header("warc-target-uri")), media_type(record.content_type)
    if is_site_file(url):
        return _site_file(record, url)
    if kind == "revisit":
        return _revisit(record, archive, url, what)
    if is_redirect(record):
        return redirect_of(record, url)
    if record.status not in (None, 200):
        return None
    begins = record.body(_SNIFFED) if what in TELLS_NOTHING else b""
    if what in PAGES or begins_as_page(begins):
        return _page(record, url, begins) if scope.allows(url) else None
    if not (_is_image(record, url, what) or _IMAGE_BEGINS.match(begins)):
        return None
    if problem := _problem(record, what):
        return SkippedPhoto(f"{archive_name}@{record.offset}", SkipReason.BAD_RECORD, problem)
    return _image(record, archive, url, Kind.ORIGINAL)


def _is_image(record: Record, url: str, what: str) -> bool:
    identified = record.header("warc-identified-payload-type").strip().lower()
    return what.startswith("image/") or identified.startswith("image/") or has_image_ending(url)


def _problem(record: Record, what: str) -> str:
    """Why the content cannot be had, or nothing."""
    if record.header("warc-segment-number"):
        return "in segments, which are not put together"
    return "the HTTP headers cannot be read" if what == _HTTP else ""


def _revisit(record: Record, archive: int, url: str, what: str) -> Image | None:
    """A revisit of an image, or perhaps of one; None where it is of something else."""
    if record.status not in (None, 200, 304):
        return None
    if what in TELLS_NOTHING or what == _HTTP:
        kind = Kind.REVISIT if has_image_ending(url) else Kind.PERHAPS
    elif what.startswith("image/"):
        kind = Kind.REVISIT
    else:
        return None
    return replace(
        _image(record, archive, url, kind),
        refers_id=record.header("warc-refers-to"),
        refers_url=web_address(record.header("warc-refers-to-target-uri")),
        refers_at=moment(record.header("warc-refers-to-date")),
    )


def _image(record: Record, archive: int, url: str, kind: Kind) -> Image:
    return Image(
        kind=kind,
        archive=archive,
        offset=record.offset,
        record_id=record.header("warc-record-id"),
        url=url,
        at=moment(record.header("warc-date")),
        digest=_digest(record),
        preferences=preferences.from_headers(record.http_headers),
    )


def _digest(record: Record) -> str:
    digest = record.header("warc-payload-digest")
    if record.kind == "resource":  # its payload is all of it
        digest = digest or record.header("warc-block-digest")
    return digest.strip().lower()


def _page(record: Record, url: str, begins: bytes) -> PageCapture:
    content = record.stages(begins + record.body(MAX_PAGE - len(begins)), MAX_PAGE)[-1]
    page = read_page(content, charset(record.content_type), url)
    headers, metas = preferences.from_headers(record.http_headers), preferences.from_metas(page.metas)
    said = tdmrep.combined(None, headers, metas)
    return PageCapture(url, page.title, moment(record.header("warc-date")), said, page.embeds)


def _site_file(record: Record, url: str) -> SiteFile | None:
    content: bytes | None = b""
    if record.kind == "revisit":
        content = None
    elif record.status in (None, 200):
        content = record.stages(record.body(MAX_FILE), MAX_FILE)[-1]
    elif record.status not in (404, 410):
        return None
    return SiteFile(url, moment(record.header("warc-date")), content, _digest(record))
