"""One record read again: the photo in it, or all of it as an archived copy."""

import os
from dataclasses import dataclass
from pathlib import Path

from facewitness.errors import NotFound
from facewitness.sources.files import refused, too_many_bytes
from facewitness.sources.webarchive.archives import Archive, archive_named
from facewitness.sources.webarchive.digests import fits
from facewitness.sources.webarchive.moments import moment
from facewitness.sources.webarchive.record import MAX_HEADERS, Broken, Record
from facewitness.sources.webarchive.walk import read_from
from facewitness.terms.pages import ArchivedCopy
from facewitness.terms.provenance import ArchivedRecord, SkippedPhoto, SkipReason

MAX_COPY = 64 * 1024 * 1024
"""Bytes of an archived copy that are shown."""


@dataclass(frozen=True, slots=True)
class _Loaded:
    """A record in memory; `body` is at most one byte longer than what was asked for."""

    record: Record
    body: bytes


def read_photo(
    archive: Archive, offset: int, record_id: str, path: str, max_bytes: int
) -> bytes | SkippedPhoto:
    """The image in a record, HTTP's codings undone and the archive's digests checked, or why not."""
    try:
        loaded = _load(archive, offset, record_id, max_bytes)
    except Broken as broken:
        return SkippedPhoto(path, SkipReason.BAD_RECORD, broken.problem)
    except OSError as error:
        return refused(path, error)
    size = len(loaded.body)
    return (
        loaded.body if size <= max_bytes else too_many_bytes(path, max(size, loaded.record.length), max_bytes)
    )


def archived(root: Path, record: ArchivedRecord, max_bytes: int = MAX_COPY) -> ArchivedCopy:
    """The record as an archive of the source at `root` has it, of its body the first `max_bytes` bytes.

    NotFound where the archive has gone, or does not hold the record as it was when its digest was written.
    """
    archive = archive_named(os.path.realpath(root), record.file)
    if archive is None:
        raise NotFound(f"The archive {record.file} is not in {root} any more.", "Put it back where it was.")
    try:
        loaded = _load(archive, record.offset, record.record_id, max_bytes)
    except (Broken, OSError) as error:
        raise NotFound(
            f"The record at byte {record.offset} of {record.file} cannot be shown: {error}.",
            "Put the archive back as it was when its photos were enrolled.",
        ) from None
    found = loaded.record
    return ArchivedCopy(
        target_uri=found.header("warc-target-uri"),
        date=moment(found.header("warc-date")),
        warc_headers=found.headers,
        status_line=found.status_line,
        http_headers=found.http_headers,
        content_type=found.content_type,
        body=loaded.body[:max_bytes],
        is_whole=len(loaded.body) <= max_bytes,
    )


def _load(archive: Archive, offset: int, record_id: str, max_bytes: int) -> _Loaded:
    """The record that begins there. Broken where it is another one or damaged, OSError where the file has gone."""
    limit = max_bytes + MAX_HEADERS
    if not 0 <= offset < archive.size:
        raise Broken(offset, "the archive ends before", offset)
    with archive.open() as stream:
        try:
            found = next(read_from(stream, archive.shape, offset, limit), None)
            if found is None or (found.offset, found.header("warc-record-id")) != (offset, record_id):
                raise Broken(offset, "another record is there now, or none", offset)
            content = found.content(min(found.length, limit))
        except OSError as error:
            raise Broken(offset, str(error), offset) from None
    if len(content) < min(found.length, limit):
        raise Broken(offset, "cut short", offset)
    record = Record.of(offset, found.length, found.headers, content)
    stages = record.stages(record.body(len(content)), max_bytes)
    can_tell = len(content) == found.length and len(stages[-1]) <= max_bytes
    if can_tell and not _fits(record, content, stages):
        raise Broken(offset, "the content does not fit its digest", offset)
    return _Loaded(record, stages[-1])


def _fits(record: Record, content: bytes, stages: list[bytes]) -> bool:
    """Whether the digests are those of the content.

    A payload digest is of HTTP's entity body, but crawlers disagree about how far codings are undone before:
    any of the stages may be what was meant.
    """
    block, payload = record.header("warc-block-digest"), record.header("warc-payload-digest")
    return fits(block, [content]) and fits(payload, stages)
