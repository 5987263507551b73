"""A walk over the headers of a tar file: nothing is kept, no photo is read, and damage does not end it.

`tarfile` would keep every member in memory, and stop at the first header that is bad.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from facewitness.sources.shards.headers import (
    BLOCK,
    EXTENSIONS,
    FOLDER,
    BadHeader,
    extension,
    length,
    read_header,
    special,
)

_ZEROS = bytes(BLOCK)
_MAGIC, _MAGIC_AT = b"ustar", 257
_FAR = 1024 * 1024 * 1024
"""Bytes that are looked through for the next header, in about two seconds."""
_MAX_EXTENSION = 64 * 1024
"""Bytes of a long name or of a pax header: names are bounded at a thousand characters anyway."""


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


def walk(stream: BinaryIO, size: int) -> Iterator[Member | Damage]:
    """Every member but folders, in order. `size`: the bytes that the stream holds, or may hold at most.

    After a header that is bad, or whose size is a lie, it goes on with the next good one that bears the magic
    of ustar, at steps of 512 bytes. `stream` is only ever read forwards; between two members the caller may
    read the bytes of the first. What `stream` raises is raised: damage of the disk or of a packing.
    """
    at, block = 0, stream.read(BLOCK)
    while block:
        try:
            is_end = _is_zeros(block)
            if is_end:
                raise BadHeader("not a tar header, after the end mark")
            member, at = _member(stream, at, block, size)
        except BadHeader as error:
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
        header = read_header(block)
        count = length(header, said)
        begin = at + BLOCK
        if begin + count > size:
            raise BadHeader(f"a member of {count} bytes, more than the shard holds")
        at = begin + -(-count // BLOCK) * BLOCK
        if header.kind not in EXTENSIONS:
            break
        if count > _MAX_EXTENSION:
            raise BadHeader(f"a name of {count} bytes")
        said |= extension(header.kind, stream.read(at - begin)[:count])
        block = stream.read(BLOCK)
    if header.kind == FOLDER:
        return None, at
    name = said.get("path", header.name)
    return Member(name, begin, count, header.mtime, special(header, said)), at


def _search(stream: BinaryIO, size: int) -> tuple[int, bytes, bool]:
    """The next good header from where the stream stands on: where, itself, whether only zeros came before it.

    Without bytes where there is none.
    """
    at, only_zeros = stream.tell(), True
    for start in range(at, min(at + _FAR, size), BLOCK):
        block = stream.read(BLOCK)
        if not block:
            break
        if block.startswith(_MAGIC, _MAGIC_AT) and _is_header(block):
            return start, block, only_zeros
        only_zeros = only_zeros and _is_zeros(block)
    return at, b"", only_zeros


def _is_header(block: bytes) -> bool:
    try:
        return length(read_header(block), {}) >= 0
    except BadHeader:
        return False


def _is_zeros(block: bytes) -> bool:
    return block == _ZEROS[: len(block)]
