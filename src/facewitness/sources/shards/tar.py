"""A walk over the headers of a tar file: nothing is kept, no photo is read, and damage does not end it.

`tarfile` parses each header, but its own walk keeps every member in memory and stops at the first bad one.
Formats: ustar, GNU (long names) and pax (POSIX.1-2001: long names, large sizes).
"""

import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

BLOCK = 512
_ZEROS = bytes(BLOCK)
_MAGIC, _MAGIC_AT = b"ustar", 257
_FAR = 1024 * 1024 * 1024
"""Bytes that are looked through for the next header, in about two seconds."""
_MAX_EXTENSION = 64 * 1024
"""Bytes of a long name or of a pax header: names are bounded at a thousand characters anyway."""

_LONG_NAME, _LONG_LINK, _PAX, _PAX_OLD, _PAX_GLOBAL = b"L", b"K", b"x", b"X", b"g"
_EXTENSIONS = {_LONG_NAME, _LONG_LINK, _PAX, _PAX_OLD, _PAX_GLOBAL}

_KINDS = {
    tarfile.LNKTYPE: "a link",
    tarfile.SYMTYPE: "a link",
    tarfile.CHRTYPE: "a device",
    tarfile.BLKTYPE: "a device",
    tarfile.FIFOTYPE: "a pipe",
    tarfile.GNUTYPE_SPARSE: "a sparse file",
}


@dataclass(frozen=True, slots=True)
class Member:
    """One member: where its bytes lie and what its header says."""

    name: str
    """As written; bytes that are not UTF-8 as surrogates."""
    offset: int
    """Where its bytes begin."""
    size: int
    mtime: float
    special: str
    """What it is if no regular file: `a link`, `a device`, …"""


@dataclass(frozen=True, slots=True)
class Damage:
    """A place where the walk could not go on as it should."""

    offset: int
    what: str


class _BadHeader(Exception):
    """Never leaves this module: it becomes a Damage."""


def walk(stream: BinaryIO, size: int) -> Iterator[Member | Damage]:
    """Every member but folders, in order. `size`: the bytes that the stream holds, or may hold at most.

    After a header that is bad, or whose size is a lie, it goes on with the next good one that bears the magic
    of ustar, at steps of 512 bytes. `stream` is only ever read forwards; between two members the caller may
    read the bytes of the first. What `stream` raises is raised: damage of the disk or of a packing.
    """
    at, block = 0, stream.read(BLOCK)
    while block:
        if at > size:
            yield Damage(at, f"unpacks to more than {size} bytes")
            return
        try:
            is_end = _is_zeros(block)
            if is_end:
                raise _BadHeader("not a tar header, after the end mark")
            member, at = _member(stream, at, block, size)
        except _BadHeader as error:
            following, block, only_zeros = _search(stream, size)
            if not (is_end and only_zeros):
                goes_on = f"goes on at byte {following}" if block else "no good one follows"
                yield Damage(at, f"{error}; {goes_on}")
            if not block:
                return
            at = following
        else:
            if member is not None:
                yield member
            stream.seek(at)
            block = stream.read(BLOCK)
    yield Damage(min(at, size), "no end mark: the shard may have been cut off here")


def _member(stream: BinaryIO, at: int, block: bytes, size: int) -> tuple[Member | None, int]:
    """The member whose first header is `block` at `at`, None for a folder, and where the next one's is."""
    said: dict[str, str] = {}
    while True:
        header = _header(block)
        length = _length(header, said)
        begin = at + BLOCK
        if begin + length > size:
            raise _BadHeader(f"a member of {length} bytes, more than the shard holds")
        at = begin + -(-length // BLOCK) * BLOCK
        if header.type not in _EXTENSIONS:
            break
        if length > _MAX_EXTENSION:
            raise _BadHeader(f"a name of {length} bytes")
        data = stream.read(at - begin)[:length]
        said |= _extension(header.type, data)
        block = stream.read(BLOCK)
    if header.type == tarfile.DIRTYPE:
        return None, at
    name = said.get("path", header.name)
    return Member(name, begin, length, header.mtime, _special(header, said)), at


def _search(stream: BinaryIO, size: int) -> tuple[int, bytes, bool]:
    """The next good header from where the stream stands on: where, itself, whether only zeros came before it.

    Without bytes where there is none.
    """
    at, only_zeros = stream.tell(), True
    at += -at % BLOCK
    stream.seek(at)
    for start in range(at, min(at + _FAR, size), BLOCK):
        block = stream.read(BLOCK)
        if not block:
            break
        if block.startswith(_MAGIC, _MAGIC_AT) and _is_header(block):
            return start, block, only_zeros
        only_zeros = only_zeros and _is_zeros(block)
    return at, b"", only_zeros


def _header(block: bytes) -> tarfile.TarInfo:
    try:
        return tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
    except (tarfile.HeaderError, ValueError) as error:
        raise _BadHeader(f"not a tar header ({error})") from None


def _length(header: tarfile.TarInfo, said: dict[str, str]) -> int:
    """The bytes that follow the header: none where POSIX says that the size means nothing."""
    has_bytes = header.isreg() or header.type not in tarfile.SUPPORTED_TYPES or header.type in _EXTENSIONS
    if not has_bytes:
        return 0
    length = header.size
    if "size" in said and header.type not in _EXTENSIONS:
        digits = said["size"]
        if not (digits.isascii() and digits.isdigit() and len(digits) < 20):
            raise _BadHeader("a size that is no number")
        length = int(digits)
    if length < 0:
        raise _BadHeader("a size below nothing")
    return length


def _special(header: tarfile.TarInfo, said: dict[str, str]) -> str:
    if header.type == tarfile.GNUTYPE_SPARSE or any(name.startswith("GNU.sparse") for name in said):
        return "a sparse file"
    if header.type in tarfile.REGULAR_TYPES:
        return ""
    return _KINDS.get(header.type, f"of type {header.type!r}")


def _extension(kind: bytes, data: bytes) -> dict[str, str]:
    """What a header says of the member that follows it."""
    if kind == _LONG_NAME:
        return {"path": data.partition(b"\0")[0].decode("utf-8", "surrogateescape")}
    return _pax(data) if kind in (_PAX, _PAX_OLD) else {}


def _pax(data: bytes) -> dict[str, str]:
    """The records of a pax header, each `LENGTH NAME=VALUE` and a line break, the length that of it all."""
    said: dict[str, str] = {}
    while data.strip(b"\0"):
        digits, space, _ = data[:20].partition(b" ")
        length = int(digits) if digits.isdigit() else 0
        name, equals, value = data[len(digits) + 1 : length - 1].partition(b"=")
        if not (space and equals and len(digits) + 1 < length <= len(data)):
            raise _BadHeader("a pax header that cannot be read")
        said[name.decode("utf-8", "surrogateescape")] = value.decode("utf-8", "surrogateescape")
        data = data[length:]
    return said


def _is_header(block: bytes) -> bool:
    try:
        return _length(_header(block), {}) >= 0
    except _BadHeader:
        return False


def _is_zeros(block: bytes) -> bool:
    return block == _ZEROS[: len(block)]
