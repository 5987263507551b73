"""Take one record out of an archive of the bank's own, in its place: every other record stays where it is.

The gzip member of the record gives way to one of the same length that says what was here. What stands in the
catalogue as file and byte of other records so goes on to hold.
"""

import os
import struct
import zlib
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from facewitness.sources.website.warc_file import new_id, written_date
from facewitness.terms.provenance import ArchivedRecord

_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
"""Of a gzip member without name, time or flags (RFC 1952)."""
_TAIL = 8
_BLOCK_HEAD, _MAX_BLOCK = 5, 65_535
"""Of a stored block (RFC 1951, 3.2.4)."""
_TEXT = b"erased: this record was of a photo that has been withdrawn\r\n"
_PIECE = 1 << 20
_HEADERS = 64 * 1024


def erase(folder: Path, record: ArchivedRecord) -> bool:
    """Overwrite the record; whether it was there. OSError where the file does not take it."""
    path = folder / record.file
    if path.parent != folder or not path.is_file():
        return False
    with path.open("r+b") as file:
        length = _length(file, record)
        if length is None:
            return False
        file.seek(record.offset)
        file.write(tombstone(length))
        file.flush()
        os.fsync(file.fileno())
    return True


def tombstone(length: int) -> bytes:
    """A gzip member of that many bytes with one record in it. ValueError where there is no room for one."""
    room = length - len(_HEAD) - _TAIL
    blocks = -(-room // (_BLOCK_HEAD + _MAX_BLOCK))
    content = _record(room - blocks * _BLOCK_HEAD)
    written = [_HEAD]
    for number in range(blocks):
        part = content[number * _MAX_BLOCK : (number + 1) * _MAX_BLOCK]
        written.append(struct.pack("<BHH", number == blocks - 1, len(part), len(part) ^ 0xFFFF) + part)
    return b"".join([*written, struct.pack("<II", zlib.crc32(content), len(content))])


def _record(size: int) -> bytes:
    """A `metadata` record of that many bytes."""
    at = written_date(datetime.now(UTC))
    fields = f"WARC/1.1\r\nWARC-Type: metadata\r\nWARC-Record-ID: {new_id()}\r\nWARC-Date: {at}\r\n"
    ends = "Content-Type: application/warc-fields\r\nContent-Length: {:010d}\r\n\r\n"
    block = size - len(fields) - len(ends.format(0)) - 4
    if block < len(_TEXT):
        raise ValueError(f"no room for a record in {size} bytes")
    return (fields + ends.format(block)).encode() + _TEXT.ljust(block) + b"\r\n\r\n"


def _length(file: BinaryIO, record: ArchivedRecord) -> int | None:
    """How long the record's gzip member is; None where another one is there, or none."""
    file.seek(record.offset)
    member, begins, length = zlib.decompressobj(wbits=31), b"", 0
    try:
        while not member.eof:
            piece = file.read(_PIECE)
            if not piece:
                return None
            content = member.decompress(piece)
            begins = (begins + content)[:_HEADERS]
            length += len(piece) - len(member.unused_data)
    except zlib.error:
        return None
    headers = begins.partition(b"\r\n\r\n")[0]
    return length if record.record_id.encode() in headers else None
