"""WARC files, compressed record by record or not at all, and what is whole in a damaged one."""

import os
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from facewitness.sources.webarchive.record import (
    MAX_HEADERS,
    Broken,
    Record,
    gunzip,
    iterate,
    iterate_members,
)
from facewitness.sources.webarchive.window import read_at

CUT = "the last record is cut short"
TOGETHER = "several records in one gzip member, of which none can be read alone; compress them one by one"
LENGTH = "the record's length is wrong"

_END = b"\r\n\r\n"
_PIECE = 64 * 1024


def read_warc(stream: BinaryIO, start: int) -> Iterator[Record]:
    """The records of an uncompressed file from `start` on. Broken where it is damaged.

    A record is whole if blank lines follow it; if not, its length is wrong or bytes are missing, and the next
    record may begin within what its length covers.
    """
    stream.seek(start)
    last, problem = None, ""
    try:
        for record in iterate(stream):
            last = record
            yield record
    except OSError as error:
        problem = str(error)
    if last is not None:
        begins, start = _content(stream, last)
        if not _ends(stream, start):
            raise Broken(last.offset, LENGTH if problem else CUT, begins)
        start += len(_END)
    if problem:
        raise Broken(start, problem, start + 1)


def read_warc_gz(stream: BinaryIO, start: int) -> Iterator[Record]:
    """The records of a compressed file from `start` on, one to each gzip member. Broken where it is damaged."""
    stream.seek(start)
    members, last = gunzip(stream), -1
    try:
        for record in iterate_members(members):
            if record.offset == last:
                raise Broken(last, TOGETHER, last + 1)
            last = record.offset
            yield record
            record.skip()
            if members.frame_start_position() != last:
                raise Broken(last, LENGTH, last + 1)
    except OSError as error:
        at = max(start, members.frame_start_position() or 0)
        raise Broken(at, str(error), at + 1) from None
    check_last_member(stream, max(start, members.frame_start_position() or 0))


def check_last_member(stream: BinaryIO, offset: int) -> None:
    """Broken where the gzip member that begins at `offset` does not go on to its end."""
    stream.seek(offset)
    member, data = zlib.decompressobj(wbits=31), stream.read(_PIECE)
    whole = not data
    try:
        while data and not member.eof:
            member.decompress(data, _PIECE)
            data = member.unconsumed_tail or stream.read(_PIECE)
    except zlib.error:
        whole = False
    if not (whole or member.eof):
        raise Broken(offset, CUT, offset + 1)


def _content(stream: BinaryIO, record: Record) -> tuple[int, int]:
    """Where the record's content begins and ends."""
    headers = read_at(stream, record.offset, MAX_HEADERS).find(_END)
    begins = record.offset + headers + len(_END) if headers >= 0 else record.offset + 1
    return begins, begins + record.length


def _ends(stream: BinaryIO, offset: int) -> bool:
    """Whether a record's end is there; at the end of a file its blank lines may be missing."""
    return _END.startswith(read_at(stream, offset, len(_END))) and offset <= stream.seek(0, os.SEEK_END)
