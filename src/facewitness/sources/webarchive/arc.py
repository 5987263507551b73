"""ARC files, the web archives from before WARC: one line about each record, then its content.

Read here, as FastWARC does not read them; warcio prints what is damaged and goes on as if it were not, and
takes the ten fields of version 2 for the five of version 1. Format: archive.org/web/researcher/ArcFileFormat.php
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from facewitness.sources.responses import Headers
from facewitness.sources.webarchive.record import Broken, Readable, Record, gunzip
from facewitness.sources.webarchive.warc import CUT, LENGTH, TOGETHER, check_last_member

NO_LINE = "no ARC record begins here"

_MAX_LINE = 16 * 1024
_PIECE = 64 * 1024


@dataclass(frozen=True, slots=True)
class ArcLine:
    """What the line before a record says of it; `length` is that of the content in bytes."""

    url: str
    date: datetime
    content_type: str
    length: int

    @property
    def headers(self) -> Headers:
        """The same in the words of WARC."""
        return (
            ("WARC-Type", "warcinfo" if self.url.startswith("filedesc:") else "response"),
            ("WARC-Target-URI", self.url),
            ("WARC-Date", f"{self.date:%Y-%m-%dT%H:%M:%SZ}"),
            ("Content-Type", self.content_type),
        )


def arc_line(line: bytes) -> ArcLine | None:
    """`URL IP DATE TYPE … LENGTH`, with what version 2 has before the length; None where it is not that."""
    fields = line.decode("utf-8", "replace").split()
    dates = (at for at, one in enumerate(fields) if at > 1 and len(one) == 14 and one.isdecimal())
    at = next(dates, len(fields))
    if len(fields) < at + 3 or ":" not in fields[0] or not (fields[-1].isdecimal() and len(fields[-1]) < 19):
        return None
    try:
        date = datetime.strptime(fields[at], "%Y%m%d%H%M%S")  # noqa: DTZ007  (UTC, and written so)
    except ValueError:
        return None
    return ArcLine("%20".join(fields[: at - 1]), date, fields[at + 1], int(fields[-1]))


def read_arc(stream: BinaryIO, start: int, limit: int) -> Iterator[Record]:
    """The records of an uncompressed file from `start` on, of each content the first `limit` bytes.

    Broken where it is damaged. A record is whole if a line break, another record or nothing follows it.
    """
    last = begins = ends = start
    size = stream.seek(0, os.SEEK_END)
    stream.seek(start)
    while text := _line(stream):
        offset = stream.tell() - len(text)
        if (line := arc_line(text)) is None:
            follows = offset == ends > start
            raise Broken(last, LENGTH, begins) if follows else Broken(offset, NO_LINE, offset + 1)
        last, begins = offset, stream.tell()
        if (ends := begins + line.length) > size:
            raise Broken(last, CUT, begins)
        content = stream.read(min(line.length, limit))
        yield Record.of(offset, line.length, line.headers, content)
        stream.seek(ends)


def read_arc_gz(stream: BinaryIO, start: int, limit: int) -> Iterator[Record]:
    """The records of a compressed file from `start` on, as `read_arc`. Broken where it is damaged."""
    stream.seek(start)
    members, last = gunzip(stream), -1
    try:
        while text := _line(members):
            offset, line = members.frame_start_position() or 0, arc_line(text)
            if offset == last:
                raise Broken(offset, TOGETHER if line else LENGTH, offset + 1)
            if line is None:
                raise Broken(offset, NO_LINE, offset + 1)
            last, content = offset, members.read(min(line.length, limit))
            yield Record.of(offset, line.length, line.headers, content)
            _skip(members, line.length - len(content))
            if members.frame_start_position() != offset:
                raise Broken(offset, LENGTH, offset + 1)
    except OSError as error:
        at = max(start, members.frame_start_position() or 0)
        raise Broken(at, str(error), at + 1) from None
    check_last_member(stream, max(start, members.frame_start_position() or 0))


def _line(reader: Readable) -> bytes:
    """The next line that is not blank, with its end; of an overlong one the beginning. Empty at the end."""
    line = bytearray()
    while len(line) < _MAX_LINE and (byte := reader.read(1)):
        if line or not byte.isspace():
            line += byte
        if line and byte == b"\n":
            break
    return bytes(line)


def _skip(reader: Readable, size: int) -> None:
    while size > 0 and (piece := reader.read(min(size, _PIECE))):
        size -= len(piece)
