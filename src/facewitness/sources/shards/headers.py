"""Headers of tar files: one block each, and the extensions that say more of the member after them.

Formats: ustar and pax (POSIX.1-2001, `pax` interchange format) and GNU. `tarfile.TarInfo.frombuf` says the same
of a block (a test compares them) and takes three times as long, which would make the walk slower by a third.
"""

from dataclasses import dataclass

BLOCK = 512

LONG_NAME, LONG_LINK, PAX, PAX_OLD, PAX_GLOBAL = b"L", b"K", b"x", b"X", b"g"
EXTENSIONS = {LONG_NAME, LONG_LINK, PAX, PAX_OLD, PAX_GLOBAL}
FOLDER = b"5"

_REGULAR = {b"0", b"\0", b"7"}
_SPARSE = b"S"
_EMPTY = {
    b"1": "a link",
    b"2": "a link",
    b"3": "a device",
    b"4": "a device",
    b"6": "a pipe",
    FOLDER: "a folder",
}
"""Kinds of which no bytes follow, whatever the header says."""
_GNU_KINDS = {LONG_NAME, LONG_LINK, _SPARSE}
"""GNU uses the place of the name's first part for something else."""


class BadHeader(Exception):
    """A header that cannot be used, and why. Never leaves this room: it becomes a Damage."""


@dataclass(frozen=True, slots=True)
class Header:
    """What one block says."""

    name: str
    """As written; bytes that are not UTF-8 as surrogates."""
    kind: bytes
    size: int
    mtime: int


def read_header(block: bytes) -> Header:
    """The header in a block of 512 bytes. BadHeader where it is none."""
    if len(block) < BLOCK:
        raise BadHeader("not a tar header: it is cut off")
    _check_sum(block)
    name, kind = _text(block[:100]), block[156:157]
    if kind == b"\0" and name.endswith("/"):
        kind = FOLDER  # before POSIX there was no kind for it
    if kind not in _GNU_KINDS and (prefix := _text(block[345:500])):
        name = f"{prefix}/{name}"
    return Header(name, kind, _number(block[124:136]), _number(block[136:148]))


def length(header: Header, said: dict[str, str]) -> int:
    """The bytes that follow a header, after what extensions said. BadHeader where that is no number."""
    if header.kind in _EMPTY:
        return 0
    size = header.size
    if "size" in said and header.kind not in EXTENSIONS:
        digits = said["size"]
        if not (digits.isascii() and digits.isdigit() and len(digits) < 20):
            raise BadHeader("a size that is no number")
        size = int(digits)
    if size < 0:
        raise BadHeader("a size below nothing")
    return size


def special(header: Header, said: dict[str, str]) -> str:
    """What a member is if no regular file: `a link`, `a device`, …; empty for a regular one."""
    if header.kind == _SPARSE or "sparse" in said:
        return "a sparse file"
    return "" if header.kind in _REGULAR else _EMPTY.get(header.kind, f"of type {header.kind!r}")


def extension(kind: bytes, data: bytes) -> dict[str, str]:
    """What an extension says of the member after it: `path`, `size`, `sparse`. BadHeader where unreadable."""
    if kind == LONG_NAME:
        return {"path": _text(data)}
    return _pax(data) if kind in (PAX, PAX_OLD) else {}


def _pax(data: bytes) -> dict[str, str]:
    """What is of use in a pax header: records `LENGTH NAME=VALUE` and a line break, the length that of it all."""
    said: dict[str, str] = {}
    at = 0
    while at < len(data) and data[at]:
        digits, space, _ = data[at : at + 20].partition(b" ")
        end = at + (int(digits) if digits.isdigit() else 0)
        name, equals, value = data[at + len(digits) + 1 : end - 1].partition(b"=")
        if not (space and equals and at + len(digits) + 1 < end <= len(data)):
            raise BadHeader("a pax header that cannot be read")
        if name in (b"path", b"size"):
            said[name.decode()] = _text(value)
        elif name.startswith(b"GNU.sparse"):
            said["sparse"] = "yes"
        at = end
    return said


def _check_sum(block: bytes) -> None:
    """The sum of all bytes, its own eight counted as spaces; some old writers took bytes as signed."""
    counted = block[:148] + b" " * 8 + block[156:]
    total, stated = sum(counted), _number(block[148:156])
    if stated != total and stated != total - 256 * sum(one > 127 for one in counted):
        raise BadHeader("not a tar header: its checksum is wrong")


def _number(field: bytes) -> int:
    """Octal digits, or from the first bit on a binary number with a sign, as GNU and star write large ones."""
    if field[0] in (0x80, 0xFF):
        return int.from_bytes(field[1:], "big") - (256 ** (len(field) - 1) if field[0] == 0xFF else 0)
    try:
        return int(field.partition(b"\0")[0].decode("ascii").strip() or "0", 8)
    except ValueError:
        raise BadHeader("not a tar header: a number cannot be read") from None


def _text(field: bytes) -> str:
    return field.partition(b"\0")[0].decode("utf-8", "surrogateescape")
