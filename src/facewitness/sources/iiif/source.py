"""IIIF manifests as a source: the images of their canvases, as they were collected into web archives."""

import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

from facewitness.errors import BadInput
from facewitness.sources.files import MAX_BYTES
from facewitness.sources.iiif.index import Index, Showing
from facewitness.sources.iiif.manifest import Manifest, Unreadable, parse
from facewitness.sources.iiif.tree import MAX_DOCUMENT
from facewitness.sources.interface import Source
from facewitness.sources.preferences import reserving
from facewitness.sources.webarchive import WebArchiveSource
from facewitness.sources.webarchive.documents import Document, JsonDocuments
from facewitness.sources.webarchive.redirects import Redirect
from facewitness.sources.webarchive.source import fingerprint
from facewitness.terms.provenance import Arrival, Observation, SkippedPhoto, SkipReason


class IiifSource:
    """The images of web archives that canvases of IIIF manifests show, each with what the manifest says of it.

    Each observation is the image on one canvas, of at most 40: `page_url` is the object's homepage, or else the
    manifest; `page_title` the manifest's label; `caption` the canvas's label, date, creator and required
    statement; `licence` the rights of the image, its canvas or its manifest, the nearest one. Pages of the
    archives that show the image stay as observations beside them.

    - An image that no manifest names is OUT_OF_SCOPE: nobody says there what it is and on what terms it is
      given. Logos, thumbnails and tiles are such images.
    - What the archives hold back as reserved stays so, and an image is RESERVED too where the HTTP headers of any
      manifest that names it reserve, as those of a page would.
    - Of a manifest that was archived more than once, what was archived last counts.
    - JSON that is neither manifest nor collection is passed over. Of a document that can be used in part,
      the rest is counted as UNKNOWN_LAYOUT, under its address.
    - An image that a manifest names and that was not collected is not mentioned: why is the collector's to say.
    """

    def __init__(self, archive: Source, documents: Iterable[Document | Redirect]) -> None:
        """`documents` are the manifests, and where images have moved; they are gone through anew in each run.

        `archive` is a `WebArchiveSource` over all that was collected, without a scope of its own: the images
        are often on another host than what is registered. `Scoped` around this source keeps to it.
        """
        self._archive, self._documents = archive, documents

    @classmethod
    def collected(cls, root: Path, max_bytes: int = MAX_BYTES, index: Path | None = None) -> "IiifSource":
        """What was collected into the archives at `root`; the rest as in `WebArchiveSource`, BadInput too."""
        return cls(
            WebArchiveSource(root, max_bytes=max_bytes, index=index), JsonDocuments(root, MAX_DOCUMENT)
        )

    def arrivals(self) -> Iterator[Arrival | SkippedPhoto]:
        """Every image; see `Source.arrivals`. BadInput where the index cannot be written."""
        with _new_index() as index:
            for one in self._documents:
                _take(one, index)
            yield from index.refusals()
            for photo in self._archive.arrivals():
                yield _told(photo, index) if isinstance(photo, Arrival) else photo


@contextmanager
def _new_index() -> Iterator[Index]:
    with tempfile.TemporaryDirectory(prefix="facewitness-") as folder:
        try:
            with closing(Index(Path(folder, "index"))) as index:
                yield index
        except sqlite3.Error as error:
            where = tempfile.gettempdir()
            raise BadInput(
                f"The index of the manifests in {where} cannot be used: {error}.", "Make room there."
            ) from None


def _take(one: Document | Redirect, index: Index) -> None:
    if isinstance(one, Redirect):
        index.add_redirect(one.url, one.to)
        return
    read = parse(one.body, one.url)
    if isinstance(read, Manifest):
        index.add(read, one.preferences)
    if isinstance(read, Unreadable):
        index.add_refusal(SkippedPhoto(one.url, SkipReason.BAD_RECORD, read.problem))
    elif read is not None and read.problems:
        told = "; ".join(f"{what}: {count}" for what, count in read.problems.items())
        index.add_refusal(SkippedPhoto(one.url, SkipReason.UNKNOWN_LAYOUT, told))


def _told(photo: Arrival, index: Index) -> Arrival | SkippedPhoto:
    """The photo with what the manifests say of it."""
    first = photo.observations[0]
    showings = index.showings(first.image_url)
    if not showings:
        detail = f"no manifest names it: {first.image_url}"
        return SkippedPhoto(photo.path, SkipReason.OUT_OF_SCOPE, detail)
    if reserved := reserving(showings[0].preferences):
        detail = f"{reserved}, on {showings[0].manifest_url}"
        return SkippedPhoto(photo.path, SkipReason.RESERVED, detail)
    said = dict.fromkeys(one for seen in photo.observations for one in seen.preferences)
    base = replace(first, preferences=tuple(said))
    on_pages = (seen for seen in photo.observations if seen.page_url)
    observations = (*(_observation(photo.path, base, one) for one in showings), *on_pages)
    told = fingerprint(photo.fingerprint, observations)
    return replace(photo, fingerprint=told, observations=observations)


def _observation(path: str, base: Observation, one: Showing) -> Observation:
    return replace(
        base,
        locator=f"{path}/#{one.tag}",
        page_url=one.page_url,
        page_title=one.page_title,
        caption=one.caption,
        licence=one.licence,
        preferences=base.preferences + one.preferences,
    )
