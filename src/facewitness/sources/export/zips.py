"""A ZIP that is a part of an export: its list of members, and reading one, bounded in every direction."""

import os
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from facewitness.sources.export.names import inside
from facewitness.sources.files import open_file, refused, too_many_bytes
from facewitness.sources.folder import is_junk
from facewitness.terms.provenance import SkippedPhoto, SkipReason

MAX_DIRECTORY = 64 * 1024 * 1024
"""Bytes of a ZIP's list of members: 400,000 of Takeout's. Python needs ten times that to read it."""

MAX_RATIO = 200
"""A member that grows more in unpacking is a bomb: JSON grows 30-fold, deflate could 1,032-fold. A bound of
this project's own."""
_SMALL = 1024 * 1024
"""Bytes that may come from however few."""
_SLACK = 1024
"""Bytes that packing may add to the smallest of files."""

_ENCRYPTED, _UTF8 = 0x1, 0x800  # flag bits, APPNOTE.TXT 4.4.4
_LOCAL_HEADER = struct.Struct("<4s22xHH")  # APPNOTE.TXT 4.3.7: signature … length of name, of extra field


@dataclass(frozen=True, slots=True)
class ZipMember:
    """A file in a ZIP. No handle is kept open: it is found again by its offset, in whichever thread."""

    path: str
    archive: str
    offset: int
    packed: int
    size: int
    crc: int
    method: int
    is_encrypted: bool

    @property
    def mark(self) -> str:
        """Changes when the bytes do."""
        return f"{self.size}-{self.crc:08x}"

    def refusal(self, max_bytes: int) -> SkippedPhoto | None:
        """Why it will not be read, as far as the list of members tells."""
        if self.is_encrypted:
            return SkippedPhoto(self.path, SkipReason.BAD_RECORD, "encrypted")
        if self.method not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            return SkippedPhoto(self.path, SkipReason.BAD_RECORD, f"packed by method {self.method}")
        if self.size > max_bytes:
            return too_many_bytes(self.path, self.size, max_bytes)
        if self.packed > 2 * self.size + _SLACK:
            return SkippedPhoto(self.path, SkipReason.BAD_RECORD, "longer packed than unpacked")
        if self.size > max(_SMALL, MAX_RATIO * self.packed):
            detail = f"{self.packed} bytes that unpack to {self.size}"
            return SkippedPhoto(self.path, SkipReason.TOO_LARGE, detail)
        return None

    def read(self, max_bytes: int) -> bytes | SkippedPhoto:
        """Its bytes, checked against their CRC, or why not."""
        if (refusal := self.refusal(max_bytes)) is not None:
            return refusal
        try:
            with open_file(self.archive) as stream:
                data = self._unpacked(stream)
        except OSError as error:
            return refused(self.path, error)
        except (zlib.error, struct.error, ValueError, OverflowError):
            data = b""
        if len(data) != self.size or zlib.crc32(data) != self.crc:
            return SkippedPhoto(self.path, SkipReason.BAD_RECORD, "damaged in its ZIP")
        return data

    def _unpacked(self, stream: BinaryIO) -> bytes:
        stream.seek(self.offset)
        signature, name, extra = _LOCAL_HEADER.unpack(stream.read(_LOCAL_HEADER.size))
        if signature != b"PK\3\4":
            return b""
        stream.seek(name + extra, os.SEEK_CUR)
        packed = stream.read(self.packed)
        if self.method == zipfile.ZIP_STORED:
            return packed
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, self.size + 1)


def members_of_zip(archive: str, part: str) -> Iterator[ZipMember | SkippedPhoto]:
    """The files in the ZIP at `archive`; refusals bear `part`, its name within the source."""
    try:
        infos, size = _directory(archive)
    except OSError as error:
        yield refused(part, error)
        return
    except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error, OverflowError) as error:
        yield SkippedPhoto(part, SkipReason.BROKEN_ARCHIVE, f"no ZIP, or not all of it: {error}")
        return
    if sum(info.compress_size for info in infos) > size:
        yield SkippedPhoto(part, SkipReason.BROKEN_ARCHIVE, "its members lie over each other")
        return
    for info in infos:
        name = _name(info)
        if not (name.endswith("/") or is_junk(name)):
            yield _member(archive, part, name, info)


def _directory(archive: str) -> tuple[list[zipfile.ZipInfo], int]:
    with open_file(archive) as stream, zipfile.ZipFile(_Bounded(stream)) as opened:
        return opened.infolist(), os.fstat(stream.fileno()).st_size


def _member(archive: str, part: str, name: str, info: zipfile.ZipInfo) -> ZipMember | SkippedPhoto:
    path = inside(name)
    if isinstance(path, SkippedPhoto):
        return SkippedPhoto(f"{part}/{path.path}", path.reason, path.detail)
    return ZipMember(
        path=path,
        archive=archive,
        offset=info.header_offset,
        packed=info.compress_size,
        size=info.file_size,
        crc=info.CRC,
        method=info.compress_type,
        is_encrypted=bool(info.flag_bits & _ENCRYPTED),
    )


def _name(info: zipfile.ZipInfo) -> str:
    """Macs write UTF-8 without saying so; Python then reads the name as of 1981."""
    if info.flag_bits & _UTF8:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return info.filename


class _Bounded:
    """A file of which `zipfile` reads no list of members that would fill the memory."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.seek, self.tell = stream.seek, stream.tell

    def read(self, size: int = -1) -> bytes:
        if size > MAX_DIRECTORY:
            raise zipfile.BadZipFile(f"a list of members of {size} bytes, the limit is {MAX_DIRECTORY}")
        return self._stream.read(size)
