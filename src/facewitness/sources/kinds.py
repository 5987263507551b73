"""The kinds of source: how the photos of each are come by, and where its web archives lie.

`keep` is the bank's own folder for one source: what its kind keeps beside the photos lies there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from facewitness.errors import NotFound
from facewitness.sources.export import ExportSource
from facewitness.sources.folder import FolderSource
from facewitness.sources.interface import Source
from facewitness.sources.scope import Scoped, UrlScope
from facewitness.sources.shards import ShardsSource
from facewitness.sources.webarchive import WebArchiveSource, archived
from facewitness.terms.pages import ArchivedCopy
from facewitness.terms.provenance import ArchivedRecord, SourceKind, SourceRecord


@dataclass(frozen=True, slots=True)
class _Kind:
    """What has to be known of a kind."""

    open: Callable[[SourceRecord, Path], Source]
    archives: Callable[[SourceRecord, Path], Path] | None = None
    """Where its web archives are; None where it has none."""


def _web_archive(record: SourceRecord, keep: Path) -> Source:
    keep.mkdir(parents=True, exist_ok=True)
    return WebArchiveSource(Path(record.location), UrlScope(record.scope), index=keep / "index.sqlite")


KINDS = {
    SourceKind.FOLDER: _Kind(lambda record, _: FolderSource(Path(record.location))),
    SourceKind.WEB_ARCHIVE: _Kind(_web_archive, archives=lambda record, _: Path(record.location)),
    SourceKind.EXPORT: _Kind(lambda record, _: ExportSource(Path(record.location))),
    SourceKind.SHARDS: _Kind(lambda record, _: ShardsSource(Path(record.location))),
}


def open_source(record: SourceRecord, keep: Path) -> Source:
    """The source's photos, held to its scope; BadInput where nothing of its kind is there."""
    source = KINDS[record.kind].open(record, keep)
    return Scoped(source, UrlScope(record.scope)) if record.scope else source


def archived_copy(record: SourceRecord, keep: Path, wanted: ArchivedRecord) -> ArchivedCopy:
    """A record of the source's web archives; NotFound where it is not as it was when it was enrolled."""
    archives = KINDS[record.kind].archives
    if archives is None:
        raise NotFound(f"A source of the kind {record.kind} keeps no web archive.")
    return archived(archives(record, keep), wanted)
