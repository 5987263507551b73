"""What was collected of a website, read back from its archives as photos."""

from collections.abc import Callable, Iterator
from pathlib import Path

from facewitness.sources.iiif import IiifSource
from facewitness.sources.interface import Source
from facewitness.sources.scope import Scoped, UrlScope
from facewitness.sources.webarchive import WebArchiveSource
from facewitness.sources.website.job import archive_of
from facewitness.terms.provenance import Arrival, SkippedPhoto


def collected(keep: Path, scope: UrlScope) -> Source:
    """The photos that were collected into `keep`, as pages show them: none where nothing was."""
    return _collected(keep, lambda folder, index: WebArchiveSource(folder, scope, index=index))


def collected_manifests(keep: Path, scope: UrlScope) -> Source:
    """The same, as IIIF manifests show them."""
    return _collected(keep, lambda folder, index: Scoped(IiifSource.collected(folder, index=index), scope))


def _collected(keep: Path, read: Callable[[Path, Path], Source]) -> Source:
    folder = archive_of(keep)
    if not folder.is_dir() or next(folder.iterdir(), None) is None:
        return _Nothing()
    return read(folder, keep / "index.sqlite")


class _Nothing:
    def arrivals(self) -> Iterator[Arrival | SkippedPhoto]:
        return iter(())
