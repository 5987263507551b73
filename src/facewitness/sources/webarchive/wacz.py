"""WACZ 1.x: a ZIP file with archives in it, stored as they are, and the digests of all that it holds.

Nothing is unpacked: an archive inside is read where it lies. https://specs.webrecorder.net/wacz/1.1.1/
"""

import json
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO

from facewitness.sources.webarchive.digests import Check, fits
from facewitness.sources.webarchive.walk import Shape
from facewitness.sources.webarchive.window import read_at
from facewitness.terms.provenance import SkippedPhoto, SkipReason

PACKAGE, SEAL = "datapackage.json", "datapackage-digest.json"

_ENDINGS = tuple(Shape)
_MAX_ENTRIES = 20_000
_MAX_NAME = 500
_MAX_JSON = 64 * 1024 * 1024
_MAX_UNPACKED = 1024 * 1024 * 1024
"""Bytes that an entry which is compressed may unpack to, for its digest to be looked at."""

_PIECE = 1024 * 1024
_LOCAL = struct.Struct("<4s22xHH")
"""The header before an entry: signature, lengths of name and extra field."""

_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    OSError,
    EOFError,
    ValueError,
    LookupError,
    RuntimeError,
    OverflowError,
)
"""What `zipfile` raises on files that are no good."""


class BadWacz(Exception):
    """The file cannot be read as a ZIP. Never leaves this package: it becomes a `SkippedPhoto`."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An archive inside: its name, and where in the file its bytes lie."""

    name: str
    start: int
    size: int


def is_wacz(stream: BinaryIO) -> bool:
    """Whether it is a ZIP that holds a data package or a folder `archive`."""
    try:
        with _zip(stream) as wacz:
            return any(name == PACKAGE or name.startswith("archive/") for name in wacz.namelist())
    except BadWacz:
        return False


def entries(stream: BinaryIO, wacz_name: str) -> Iterator[Entry | SkippedPhoto]:
    """The archives inside in the order of the file, and those that are not read. BadWacz where there is no ZIP."""
    with _zip(stream) as wacz:
        inside = sorted(
            (one for one in wacz.infolist() if _is_archive(one)), key=lambda one: one.header_offset
        )
    names: set[str] = set()
    free = 0
    for info in inside:
        start = _start(stream, info)
        if problem := _problem(info, start, free, names):
            yield SkippedPhoto(f"{wacz_name}/{_shown(info.filename)}", SkipReason.BROKEN_ARCHIVE, problem)
            continue
        names.add(info.filename)
        free = start + info.file_size
        yield Entry(info.filename, start, info.file_size)


def check(stream: BinaryIO, wacz_name: str) -> Iterator[SkippedPhoto]:
    """Everything inside whose digest is not the one in the data package, or that has none. BadWacz as `entries`."""
    with _zip(stream) as wacz:
        for name, problem in _check(wacz):
            yield SkippedPhoto(f"{wacz_name}/{_shown(name)}", SkipReason.BROKEN_ARCHIVE, problem)


@contextmanager
def _zip(stream: BinaryIO) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(stream) as wacz:
            if len(wacz.infolist()) > _MAX_ENTRIES:
                raise BadWacz(f"more than {_MAX_ENTRIES} entries")
            yield wacz
    except _DAMAGE as error:
        raise BadWacz(str(error) or type(error).__name__) from None


def _is_archive(info: zipfile.ZipInfo) -> bool:
    return info.filename.lower().endswith(_ENDINGS)


def _start(stream: BinaryIO, info: zipfile.ZipInfo) -> int:
    """Where the entry's bytes begin, -1 where its own header is not where the directory says."""
    header = read_at(stream, info.header_offset, _LOCAL.size) if info.header_offset >= 0 else b""
    if len(header) < _LOCAL.size:
        return -1
    signature, name, extra = _LOCAL.unpack(header)
    return info.header_offset + _LOCAL.size + name + extra if signature == b"PK\x03\x04" else -1


def _problem(info: zipfile.ZipInfo, start: int, free: int, names: set[str]) -> str:
    """Why this archive is not read, or nothing."""
    name = info.filename
    if name.startswith("/") or "\\" in name or ".." in name.split("/") or ":" in name:
        return "its name leads out of the WACZ"
    if len(name) > _MAX_NAME or not name.isprintable():
        return "its name is overlong or not text"
    if info.compress_type != zipfile.ZIP_STORED or info.flag_bits & 1:
        return "compressed or encrypted in the WACZ, so that no record can be read alone; store it as it is"
    if name in names:
        return "a second one of this name"
    if start < free or info.file_size != info.compress_size:
        return "it does not lie where the ZIP says"
    return ""


def _check(wacz: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Name and problem of each entry that the data package does not vouch for."""
    text = _read(wacz, PACKAGE)
    resources = _resources(text)
    if resources is None:
        yield PACKAGE, "not there or not readable, so that nothing could be checked"
        return
    seal = _json(_read(wacz, SEAL))
    if isinstance(seal, dict) and not fits(str(seal.get("hash", "")), [text]):
        yield PACKAGE, f"its digest is not the one in {SEAL}"
    for name, written in resources.items():
        if problem := _mismatch(wacz, name, written):
            yield name, problem
    for info in wacz.infolist():
        if _is_archive(info) and info.filename not in resources:
            yield info.filename, f"not named in {PACKAGE}, so that nothing vouches for it; read all the same"


def _resources(text: bytes) -> dict[str, str] | None:
    """Name and digest of each resource; None where the text is no data package."""
    package = _json(text)
    listed = package.get("resources") if isinstance(package, dict) else None
    if not isinstance(listed, list):
        return None
    found = (one for one in listed if isinstance(one, dict) and isinstance(one.get("path"), str))
    return {one["path"]: str(one.get("hash", "")) for one in found}


def _mismatch(wacz: zipfile.ZipFile, name: str, written: str) -> str:
    """What is wrong with an entry, or nothing."""
    try:
        info = wacz.getinfo(name)
    except KeyError:
        return f"named in {PACKAGE}, and not there"
    if info.compress_type != zipfile.ZIP_STORED and info.file_size > _MAX_UNPACKED:
        return f"unpacks to {info.file_size} bytes, and was not checked"
    check = Check(written)
    try:
        with wacz.open(info) as entry:
            while piece := entry.read(_PIECE):
                check.update(piece)
    except _DAMAGE as error:
        return f"cannot be read to its end: {error}"
    return "" if check.fits() else f"its digest is not the one in {PACKAGE}; what can be read of it is read"


def _read(wacz: zipfile.ZipFile, name: str) -> bytes:
    """The entry's bytes, empty where it is not there or far too large."""
    try:
        with wacz.open(name) as entry:
            data = entry.read(_MAX_JSON + 1)
    except _DAMAGE:
        return b""
    return data if len(data) <= _MAX_JSON else b""


def _json(text: bytes) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _shown(name: str) -> str:
    """A name that can be shown and stored, whatever the ZIP calls it."""
    kept = "".join(one if one.isprintable() else "\ufffd" for one in name)
    return kept[:_MAX_NAME]
