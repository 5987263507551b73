"""The kinds of source: how the photos of each are come by, where its web archives lie, and what fetches it.

`keep` is the bank's own folder for one source: what its kind keeps beside the photos lies there. A kind is imported
when a source of it is opened: some bring along libraries that a search does not need.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from facewitness.errors import BadInput, NotFound
from facewitness.sources.interface import Collector, Source
from facewitness.sources.scope import Scoped, UrlScope
from facewitness.terms.pages import ArchivedCopy
from facewitness.terms.provenance import ArchivedRecord, PhotoId, SourceKind, SourceRecord

Withdrawn = Collection[PhotoId]
Opener = Callable[[SourceRecord, Path], Source]


@dataclass(frozen=True, slots=True)
class _Kind:
    """What has to be known of a kind."""

    open: Opener
    archives: Callable[[SourceRecord, Path], Path] | None = None
    """Where its web archives are; None where it has none."""
    collector: Callable[[SourceRecord, Path, str, Withdrawn], Collector] | None = None
    """What fetches it, under a contact, but for what was withdrawn; None where it does not lie on the web."""


def _folder(record: SourceRecord, _keep: Path) -> Source:
    from facewitness.sources.folder import FolderSource

    return FolderSource(Path(record.location))


def _web_archive(record: SourceRecord, keep: Path) -> Source:
    from facewitness.sources.webarchive import WebArchiveSource

    keep.mkdir(parents=True, exist_ok=True)
    return WebArchiveSource(Path(record.location), UrlScope(record.scope), index=keep / "index.sqlite")


def _website(record: SourceRecord, keep: Path) -> Source:
    from facewitness.sources.website import checked_scope, collected

    return collected(keep, checked_scope(record))


def _iiif(record: SourceRecord, keep: Path) -> Source:
    from facewitness.sources.website import checked_scope, collected_manifests

    return collected_manifests(keep, checked_scope(record))


def _site_collector(record: SourceRecord, keep: Path, contact: str, withdrawn: Withdrawn) -> Collector:
    from facewitness.sources.website import WebsiteCollector

    return WebsiteCollector(record, keep, contact, withdrawn=withdrawn)


def _iiif_collector(record: SourceRecord, keep: Path, contact: str, withdrawn: Withdrawn) -> Collector:
    from facewitness.sources.website import Follow, WebsiteCollector

    return WebsiteCollector(record, keep, contact, follow=Follow.MANIFESTS, withdrawn=withdrawn)


def _site_archives(_record: SourceRecord, keep: Path) -> Path:
    from facewitness.sources.website import archive_of

    return archive_of(keep)


def _export(record: SourceRecord, _keep: Path) -> Source:
    from facewitness.sources.export import ExportSource

    return ExportSource(Path(record.location))


def _shards(record: SourceRecord, _keep: Path) -> Source:
    from facewitness.sources.shards import ShardsSource

    return ShardsSource(Path(record.location))


KINDS = {
    SourceKind.FOLDER: _Kind(_folder),
    SourceKind.WEB_ARCHIVE: _Kind(_web_archive, archives=lambda record, _: Path(record.location)),
    SourceKind.WEBSITE: _Kind(_website, _site_archives, _site_collector),
    SourceKind.IIIF: _Kind(_iiif, _site_archives, _iiif_collector),
    SourceKind.EXPORT: _Kind(_export),
    SourceKind.SHARDS: _Kind(_shards),
}


def open_source(record: SourceRecord, keep: Path) -> Source:
    """The source's photos, held to its scope; BadInput where nothing of its kind is there."""
    source = KINDS[record.kind].open(record, keep)
    return Scoped(source, UrlScope(record.scope)) if record.scope else source


def is_on_the_web(kind: SourceKind) -> bool:
    """Whether what the source is has to be collected: its location is an address and no path."""
    return KINDS[kind].collector is not None


def collector(record: SourceRecord, keep: Path, contact: str, withdrawn: Withdrawn) -> Collector:
    """What fetches the source, but for what was withdrawn; BadInput where nothing does, or nobody says who asks."""
    make = KINDS[record.kind].collector
    if make is None:
        raise BadInput(
            f"{record.id!r} is a source of the kind {record.kind}: nothing of it is fetched.",
            f"`facewitness enrol {record.id}` takes in what is new there.",
        )
    if not contact.strip():
        raise BadInput(
            "A website is not asked without saying who asks.",
            "Set FACEWITNESS_CONTACT to an e-mail or web address under which you can be reached.",
        )
    return make(record, keep, contact.strip(), withdrawn)


def erase(kind: SourceKind, keep: Path, wanted: ArchivedRecord) -> None:
    """Take a record out of the archives that the bank itself wrote; other people's files stay as they are."""
    if is_on_the_web(kind):
        from facewitness.sources.website import archive_of
        from facewitness.sources.website.erasing import erase as overwrite

        overwrite(archive_of(keep), wanted)


def own_records(kind: SourceKind, keep: Path, photos: Iterable[PhotoId]) -> list[ArchivedRecord]:
    """The records of photos in the archives that the bank itself wrote, as far as these were read.

    Those too that never came in, reserved ones say.
    """
    index = keep / "index.sqlite"
    if not is_on_the_web(kind) or not index.is_file():
        return []
    from facewitness.sources.webarchive import records_of
    from facewitness.sources.website import archive_of

    return records_of(archive_of(keep), index, (f"sha256:{photo}" for photo in photos))


def archived_copy(record: SourceRecord, keep: Path, wanted: ArchivedRecord) -> ArchivedCopy:
    """A record of the source's web archives; NotFound where it is not as it was when it was enrolled."""
    archives = KINDS[record.kind].archives
    if archives is None:
        raise NotFound(f"A source of the kind {record.kind} keeps no web archive.")
    from facewitness.sources.webarchive import archived

    return archived(archives(record, keep), wanted)
