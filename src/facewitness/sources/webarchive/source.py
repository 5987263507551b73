"""Web archives as a source."""

import hashlib
import os
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from pathlib import Path

from facewitness.errors import BadInput
from facewitness.sources.files import MAX_BYTES, printable
from facewitness.sources.preferences import reserving
from facewitness.sources.scope import UrlScope
from facewitness.sources.webarchive.archives import Archive, Wacz, archives
from facewitness.sources.webarchive.images import Image, Kind, Showing
from facewitness.sources.webarchive.index import Index
from facewitness.sources.webarchive.reading import read_photo
from facewitness.sources.webarchive.survey import survey
from facewitness.terms.provenance import (
    ArchivedRecord,
    Arrival,
    Observation,
    Preference,
    SkippedPhoto,
    SkipReason,
)

_EVERYTHING = UrlScope(())
_EDITION = 3
"""Counted up when an index that was made before is no longer good."""


class WebArchiveSource:
    """The images in web archives (WARC, ARC, WACZ), each with the pages in them that show it.

    The archives are read through once before the first image arrives; what is found meanwhile is kept in an
    index on disk. An image's `path` is its archive and the byte at which its record begins: `crawl.warc.gz@8192`.
    Each observation is the image on one page, of at most 40 the pages captured nearest in time, or without any
    page the image alone; `captured_at` is when the image was captured.

    - An image comes in where its own address or that of a page that shows it is in the scope; what other pages
      say of it is not read. An address that is not http or https is in no scope.
    - A revisit arrives as one more appearance of its original's bytes, which are found by record id, address and
      time, or digest; `record` names the original. Without it in the source it is MISSING_ORIGINAL.
    - A page that names an address which led on to the image's shows the image.
    - A photo is RESERVED where its own HTTP headers, or the headers or `<meta>` elements of any page in scope
      that shows it, reserve it, whatever other pages say. What the robots.txt and tdmrep.json of a site say
      about use counts among what its images and pages say: of several captures of such a file the latest at
      or before the time of the image's or page's capture, or else the earliest after it.
    - A damaged archive gives all records that are whole, and BROKEN_ARCHIVE for each place that is not.
    """

    def __init__(
        self, root: Path, scope: UrlScope = _EVERYTHING, max_bytes: int = MAX_BYTES, index: Path | None = None
    ) -> None:
        """The archive at `root`, or those in that folder and below it. BadInput where there is none.

        Larger images than `max_bytes` are refused. `index` is where the index is kept, to be used again while
        archives and scope stay as they are; without it, it is made anew each time in a temporary file.
        """
        self._root, self._scope = os.path.realpath(root), scope
        self._max_bytes, self._index = max_bytes, index
        if not os.path.exists(self._root) or next(archives(self._root), None) is None:  # noqa: PTH110
            raise BadInput(
                f"{printable(str(root))} is neither a web archive nor a folder of them.",
                "Give a WARC, ARC or WACZ file, or a folder that holds such files.",
            )

    def arrivals(self) -> Iterator[Arrival | SkippedPhoto]:
        """Every image; see `Source.arrivals`. BadInput where the index cannot be written or used."""
        found = list(archives(self._root))
        here = [one for one in found if isinstance(one, Archive)]
        waczs = [one for one in found if isinstance(one, Wacz)]
        yield from (one for one in found if isinstance(one, SkippedPhoto))
        with _opened(self._index) as index:
            stamp = repr((_EDITION, self._scope.entries, here, waczs))
            if index.stamp() != stamp:
                index.begin()
                survey(here, waczs, self._scope, index)
                index.finish(stamp)
            yield from index.refusals()
            assembly = _Assembly(here, self._scope, index, self._max_bytes)
            for image in index.images():
                arrival = assembly.arrival(image)
                if arrival is not None:
                    yield arrival


def records_of(root: Path, index: Path, digests: Iterable[str]) -> list[ArchivedRecord]:
    """The records of images with one of these payload digests in the archives at `root`.

    As far as `index` has been made: those too that never arrived, reserved ones say. None where it cannot be used.
    """
    here = [one for one in archives(os.path.realpath(root)) if isinstance(one, Archive)]
    try:
        with closing(Index(index)) as opened:
            found = [record for digest in digests for record in opened.records(digest)]
    except sqlite3.Error:
        return []
    return [ArchivedRecord(here[at].name, offset, name) for at, offset, name in found if at < len(here)]


@contextmanager
def _opened(path: Path | None) -> Iterator[Index]:
    """The index at `path`, or one in a temporary file that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="facewitness-") as folder:
        try:
            with closing(Index(path or Path(folder, "index"))) as index:
                yield index
        except sqlite3.Error as error:
            where = path or tempfile.gettempdir()
            raise BadInput(
                f"The index of the archives in {where} cannot be used: {error}.",
                "Make room there, or delete the file; it is made again.",
            ) from None


@dataclass(frozen=True, slots=True)
class _Assembly:
    """What the index knows of an image, put together."""

    archives: list[Archive]
    scope: UrlScope
    index: Index
    max_bytes: int

    def arrival(self, image: Image) -> Arrival | SkippedPhoto | None:
        """The image at the door; None for a revisit that turns out to be of something else."""
        path = f"{self.archives[image.archive].name}@{image.offset}"
        original = image if image.kind is Kind.ORIGINAL else self.index.original(image)
        showings = self.index.showings(image)
        if original is None and image.kind is Kind.PERHAPS:
            return None
        if not showings and not self.scope.allows(image.url):
            return SkippedPhoto(path, SkipReason.OUT_OF_SCOPE, image.url)
        if original is None:
            return SkippedPhoto(path, SkipReason.MISSING_ORIGINAL, image.refers_url or image.url)
        said = self._said(image, original)
        if reserved := _reserved(said, self.index.reserving(image)):
            return SkippedPhoto(path, SkipReason.RESERVED, reserved)
        archive = self.archives[original.archive]
        record = ArchivedRecord(archive.name, original.offset, original.record_id)
        observations = _observations(path, image, said, record, showings)
        return Arrival(
            path=path,
            fingerprint=fingerprint(original.digest or f"{archive.size}-{archive.modified}", observations),
            observations=observations,
            read=partial(read_photo, archive, original.offset, original.record_id, path, self.max_bytes),
        )

    def _said(self, image: Image, original: Image) -> tuple[Preference, ...]:
        """All that is said of the image itself, and of its original where it is a revisit."""
        records = (image,) if original is image else (image, original)
        said = (self.index.sites.said(one.url, one.at, one.preferences) for one in records)
        return tuple(dict.fromkeys(chain.from_iterable(said)))


def _reserved(own: tuple[Preference, ...], page: Showing | None) -> str:
    """The statement that keeps the photo out, its own or that of a page that shows it; else nothing."""
    if said := reserving(own):
        return str(said)
    if page is not None and (said := reserving(page.preferences)):
        return f"{said}, on {page.page_url}"
    return ""


def _observations(
    path: str, image: Image, said: tuple[Preference, ...], record: ArchivedRecord, showings: list[Showing]
) -> tuple[Observation, ...]:
    alone = Observation(
        locator=path, image_url=image.url, captured_at=image.at, record=record, preferences=said
    )
    if not showings:
        return (alone,)
    return tuple(
        replace(
            alone,
            locator=f"{path}/#{hashlib.sha256(one.page_url.encode()).hexdigest()[:12]}",
            page_url=one.page_url,
            page_title=one.page_title,
            caption=one.caption,
            preferences=tuple(dict.fromkeys(said + one.preferences)),
        )
        for one in showings
    )


def fingerprint(content: str, observations: tuple[Observation, ...]) -> str:
    """32 hexadecimal digits that change with what is known of the bytes, and with what is said of them."""
    return hashlib.sha256(f"{content}\0{observations!r}".encode()).hexdigest()[:32]
