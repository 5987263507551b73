"""What a record adds to the index: an image, a page that shows images, a refusal, or nothing."""

import re

from facewitness.sources import preferences
from facewitness.sources.scope import UrlScope
from facewitness.sources.webarchive.addresses import has_image_ending, web_address
from facewitness.sources.webarchive.images import Image, Kind, PageCapture
from facewitness.sources.webarchive.pages import MAX_PAGE, read_page
from facewitness.sources.webarchive.record import Record
from facewitness.sources.webarchive.texts import moment
from facewitness.terms.provenance import SkippedPhoto, SkipReason

Entry = Image | PageCapture | SkippedPhoto | None

_SNIFFED = 512
_HTTP = "application/http"
_PAGES = {"text/html", "application/xhtml+xml"}
_TELLS_NOTHING = {
    *("", "application/octet-stream", "application/unknown", "application/x-download"),
    *("binary/octet-stream", "text/plain", "unknown/unknown"),
}
"""Types that are sent for want of a better one: the content is looked at."""

_IMAGE_BEGINS = re.compile(
    rb"\xff\xd8\xff|\x89PNG|GIF8|RIFF....WEBP|II\*\0|MM\0\*|....ftyp(?:avi|hei|hev|mi)|\0\0\0\x0cj[PX]|\xff\x0a",
    re.DOTALL,
)
_PAGE_BEGINS = re.compile(rb"\s*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([^\"';\s]+)", re.IGNORECASE)


def entry(record: Record, archive: int, archive_name: str, scope: UrlScope) -> Entry:
    """What the record adds: an image is known by its type, its address or its first bytes.

    Of responses only those of status 200 count, of pages only those in `scope`. OSError where the archive is
    damaged within the record.
    """
    if record.kind == "revisit":
        kind = _revisited(record)
        return None if kind is None else _image(record, archive, kind)
    if record.kind not in ("response", "resource") or record.status not in (None, 200):
        return None
    url, what = web_address(record.header("WARC-Target-URI")), _type(record)
    begins = record.body(_SNIFFED) if what in _TELLS_NOTHING else b""
    if what in _PAGES or _PAGE_BEGINS.match(begins):
        return _page(record, url, begins) if scope.allows(url) else None
    if _is_image(record, what, url) or _IMAGE_BEGINS.match(begins):
        if problem := _problem(record):
            return SkippedPhoto(f"{archive_name}@{record.offset}", SkipReason.BAD_RECORD, problem)
        return _image(record, archive, Kind.ORIGINAL)
    return None


def _type(record: Record) -> str:
    """The content's type without parameters, in lower case."""
    return record.content_type.partition(";")[0].strip().lower()


def _is_image(record: Record, what: str, url: str) -> bool:
    identified = record.header("WARC-Identified-Payload-Type").strip().lower()
    return what.startswith("image/") or identified.startswith("image/") or has_image_ending(url)


def _problem(record: Record) -> str:
    """Why the content cannot be had, or nothing."""
    if record.header("WARC-Segment-Number"):
        return "in segments, which are not put together"
    if record.status is None and _type(record) == _HTTP:
        return "the HTTP headers cannot be read"
    return ""


def _revisited(record: Record) -> Kind | None:
    """What a revisit is one of, as far as it says; None where it is none of an image."""
    what = _type(record)
    if record.status not in (None, 200, 304):
        return None
    if what in _TELLS_NOTHING or what == _HTTP:
        what = "image/" if has_image_ending(web_address(record.header("WARC-Target-URI"))) else ""
    if not what:
        return Kind.PERHAPS
    return Kind.REVISIT if what.startswith("image/") else None


def _image(record: Record, archive: int, kind: Kind) -> Image:
    digest = record.header("WARC-Payload-Digest")
    if record.kind == "resource":  # its payload is all of it
        digest = digest or record.header("WARC-Block-Digest")
    return Image(
        kind=kind,
        archive=archive,
        offset=record.offset,
        record_id=record.header("WARC-Record-ID"),
        url=web_address(record.header("WARC-Target-URI")),
        at=moment(record.header("WARC-Date")),
        digest=digest.strip().lower(),
        preferences=preferences.from_headers(record.http_headers),
        refers_id=record.header("WARC-Refers-To"),
        refers_url=web_address(record.header("WARC-Refers-To-Target-URI")),
        refers_at=moment(record.header("WARC-Refers-To-Date")),
    )


def _page(record: Record, url: str, begins: bytes) -> PageCapture:
    content = record.stages(begins + record.body(MAX_PAGE - len(begins)), MAX_PAGE)[-1]
    charset = _CHARSET.search(record.content_type)
    page = read_page(content, charset[1] if charset else "", url)
    said = preferences.from_headers(record.http_headers) + preferences.from_metas(page.metas)
    return PageCapture(url, page.title, moment(record.header("WARC-Date")), said, page.embeds)
