"""WARC files being written: one gzip member to a record, each file by one process alone, from its beginning.

What a process that was killed has left is never written to again: whole up to its last record, it is read as it is.
"""

import gzip
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from facewitness.terms.provenance import ArchivedRecord

Fields = Sequence[tuple[str, str]]

WARC_FIELDS = "application/warc-fields"

_FAST, _SMALL = 1, 6
"""Of gzip: what is in a photo can hardly be packed again."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A record before it is written. `fields` are its headers but for those that every record has."""

    kind: str
    record_id: str
    at: datetime
    content_type: str
    block: bytes
    fields: Fields = ()
    is_packed: bool = False
    """Whether its content is compressed already."""


def new_id() -> str:
    """A `WARC-Record-ID`."""
    return f"<urn:uuid:{uuid4()}>"


def written_date(at: datetime) -> str:
    """`WARC-Date`, to the microsecond."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def warc_fields(fields: Fields) -> bytes:
    """A block of `application/warc-fields`."""
    return "".join(f"{name}: {_one_line(value)}\r\n" for name, value in fields).encode()


class WarcFiles:
    """The files of one process in a folder. The first is begun with the first record."""

    def __init__(self, folder: Path, prefix: str, about: Fields, max_bytes: int) -> None:
        """`about` is what each file's `warcinfo` says; one with more than `max_bytes` is followed by another."""
        self._folder, self._prefix, self._about, self._max_bytes = folder, prefix, about, max_bytes
        self._file: BinaryIO | None = None
        self._name, self._info_id = "", ""

    def add(self, draft: Draft) -> ArchivedRecord:
        """Write the record: after this a kill does not lose it. OSError where the disk does not take it."""
        file = self._open()
        at = file.tell()
        more = () if draft.kind == "warcinfo" else (("WARC-Warcinfo-ID", self._info_id),)
        file.write(_member(draft, more))
        file.flush()
        return ArchivedRecord(self._name, at, draft.record_id)

    def close(self) -> None:
        """Close the file that is open."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _open(self) -> BinaryIO:
        if self._file is not None and self._file.tell() > self._max_bytes:
            self.close()
        if self._file is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            now = datetime.now(UTC)
            self._name = f"{self._prefix}-{now:%Y%m%d%H%M%S%f}.warc.gz"
            self._file = (self._folder / self._name).open("xb")
            self._info_id = new_id()
            name = (("WARC-Filename", self._name),)
            info = Draft("warcinfo", self._info_id, now, WARC_FIELDS, warc_fields(self._about), name)
            self.add(info)
        return self._file


def _member(draft: Draft, more: Fields) -> bytes:
    fields = [
        ("WARC-Type", draft.kind),
        ("WARC-Record-ID", draft.record_id),
        ("WARC-Date", written_date(draft.at)),
        *draft.fields,
        *more,
        ("Content-Type", draft.content_type),
        ("Content-Length", str(len(draft.block))),
    ]
    record = b"WARC/1.1\r\n" + warc_fields(fields) + b"\r\n" + draft.block + b"\r\n\r\n"
    return gzip.compress(record, _FAST if draft.is_packed else _SMALL)


def _one_line(value: str) -> str:
    return " ".join(value.split())
