"""All good records of an archive, and where it is damaged: after each break the next record is looked for."""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO

from facewitness.sources.webarchive.arc import arc_line, read_arc, read_arc_gz
from facewitness.sources.webarchive.record import Broken, Record
from facewitness.sources.webarchive.warc import read_warc, read_warc_gz
from facewitness.sources.webarchive.window import find_all, read_at

HEAD = 4096
"""Bytes that tell what an archive, or a record in it, is."""

_MEMBER = b"\x1f\x8b\x08"
_WARC = re.compile(rb"WARC/\d\.\d+\r?\n")


class Shape(StrEnum):
    """How an archive is written; also how its name ends."""

    WARC = ".warc"
    WARC_GZ = ".warc.gz"
    ARC = ".arc"
    ARC_GZ = ".arc.gz"


_BEGINS = {
    Shape.WARC: re.compile(rb"WARC/\d"),
    Shape.WARC_GZ: re.compile(re.escape(_MEMBER)),
    Shape.ARC: re.compile(rb"(?<=\n)[a-z]{3,9}:"),
    Shape.ARC_GZ: re.compile(re.escape(_MEMBER)),
}
"""How a record may begin."""


@dataclass(frozen=True, slots=True)
class Break:
    """Where an archive is damaged: the record at `offset`, or what lies there instead of one."""

    offset: int
    problem: str


def shape_of(head: bytes) -> Shape | None:
    """What begins with these bytes, up to `HEAD` of them; None where it is no archive."""
    zipped = head.startswith(_MEMBER)
    text = _unzipped(head) if zipped else head
    if _WARC.match(text):
        return Shape.WARC_GZ if zipped else Shape.WARC
    if arc_line(text.partition(b"\n")[0]):
        return Shape.ARC_GZ if zipped else Shape.ARC
    return None


def walk(stream: BinaryIO, shape: Shape, limit: int) -> Iterator[Record | Break]:
    """The records from the beginning, and a break for each damaged place. OSError where reading fails.

    A break at the offset of a record that was given means that this record's content is damaged. Of an ARC
    record the first `limit` bytes of content can be taken.
    """
    start = 0
    while start >= 0:
        try:
            yield from read_from(stream, shape, start, limit)
            return
        except Broken as broken:
            yield Break(broken.offset, broken.problem)
            start = _next_record(stream, shape, broken.resume)


def read_from(stream: BinaryIO, shape: Shape, start: int, limit: int) -> Iterator[Record]:
    """The records from `start` on. Broken where the archive is damaged; `limit` as in `walk`."""
    match shape:
        case Shape.WARC:
            return read_warc(stream, start)
        case Shape.WARC_GZ:
            return read_warc_gz(stream, start)
        case Shape.ARC:
            return read_arc(stream, start, limit)
        case Shape.ARC_GZ:
            return read_arc_gz(stream, start, limit)


def _next_record(stream: BinaryIO, shape: Shape, start: int) -> int:
    """Where at or after `start` a record of this shape begins, -1 where none does."""
    for found in find_all(stream, _BEGINS[shape], start):
        if shape_of(read_at(stream, found, HEAD)) is shape:
            return found
    return -1


def _unzipped(head: bytes) -> bytes:
    try:
        return zlib.decompressobj(wbits=31).decompress(head, HEAD)
    except zlib.error:
        return b""
