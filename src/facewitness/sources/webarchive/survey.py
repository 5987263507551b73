"""The first way through the archives: which records are of images, and which pages show them, into the index."""

from facewitness.sources.files import open_file, refused
from facewitness.sources.scope import UrlScope
from facewitness.sources.webarchive.archives import Archive, Wacz
from facewitness.sources.webarchive.entries import Entry, entry
from facewitness.sources.webarchive.images import Image, PageCapture
from facewitness.sources.webarchive.index import Index
from facewitness.sources.webarchive.pages import MAX_PAGE
from facewitness.sources.webarchive.record import MAX_HEADERS, Record
from facewitness.sources.webarchive.redirects import Redirect
from facewitness.sources.webarchive.sites import SiteFile
from facewitness.sources.webarchive.wacz import BadWacz, check
from facewitness.sources.webarchive.walk import Break, walk
from facewitness.terms.provenance import SkippedPhoto, SkipReason

_MAX_CONTENT = MAX_PAGE + MAX_HEADERS


def survey(archives: list[Archive], waczs: list[Wacz], scope: UrlScope, index: Index) -> None:
    """Check the digests of every WACZ, and read every archive once, from beginning to end."""
    for wacz in waczs:
        _check(wacz, index)
    for number, archive in enumerate(archives):
        _read(number, archive, scope, index)


def _check(wacz: Wacz, index: Index) -> None:
    try:
        with open_file(wacz.real) as stream:
            for refusal in check(stream, wacz.name):
                index.add_refusal(refusal)
    except BadWacz as error:
        index.add_refusal(SkippedPhoto(wacz.name, SkipReason.BROKEN_ARCHIVE, str(error)))
    except OSError as error:
        index.add_refusal(refused(wacz.name, error))


def _read(number: int, archive: Archive, scope: UrlScope, index: Index) -> None:
    """A record is kept when the next one is there, or the end: not before is it known to be whole."""
    offset, last = -1, None
    try:
        with archive.open() as stream:
            for found in walk(stream, archive.shape, _MAX_CONTENT):
                if isinstance(found, Record):
                    _keep(last, index)
                    offset, last = found.offset, _entry(found, number, archive, scope)
                    continue
                if found.offset != offset:
                    _keep(last, index)
                last = _broken(archive, found)
    except OSError as error:
        index.add_refusal(refused(archive.name, error))
    _keep(last, index)


def _entry(record: Record, number: int, archive: Archive, scope: UrlScope) -> Entry:
    try:
        return entry(record, number, archive.name, scope)
    except OSError:  # the walk meets the same damage next, and says so
        return None


def _broken(archive: Archive, found: Break) -> SkippedPhoto:
    detail = f"at byte {found.offset}: {found.problem}"
    return SkippedPhoto(archive.name, SkipReason.BROKEN_ARCHIVE, detail)


def _keep(last: Entry, index: Index) -> None:
    match last:
        case Image():
            index.add_image(last)
        case PageCapture() if last.embeds:
            index.add_page(last)
        case Redirect():
            index.add_redirect(last)
        case SiteFile():
            index.sites.add(last)
        case SkippedPhoto():
            index.add_refusal(last)
