"""The archives of a source: one file, or those in a folder and all folders below it, with those inside WACZ."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO

from facewitness.sources.files import open_file, printable, refused
from facewitness.sources.webarchive.wacz import BadWacz, entries, is_wacz
from facewitness.sources.webarchive.walk import HEAD, Shape, shape_of
from facewitness.sources.webarchive.window import open_window, read_at
from facewitness.terms.provenance import SkippedPhoto, SkipReason

_ZIP = b"PK\x03\x04"
_WACZ = ".wacz"


@dataclass(frozen=True, slots=True)
class Archive:
    """One archive: a file, or a part of a WACZ file."""

    name: str
    """Its path within the source; inside a WACZ that of the WACZ, `/`, and the name there."""
    real: str
    start: int
    size: int
    shape: Shape
    modified: int
    """The file's own time in nanoseconds."""

    def open(self) -> BinaryIO:
        """A stream of it, for one thread. OSError where the file has gone."""
        return open_window(self.real, self.start, self.size)


@dataclass(frozen=True, slots=True)
class Wacz:
    """A WACZ file, which vouches for what lies in it."""

    name: str
    real: str


Found = Archive | Wacz | SkippedPhoto


def archives(root: str) -> Iterator[Found]:
    """Every archive at `root`, and what may be one and cannot be read; files that are none are passed over.

    Within a folder the files come first, by name, then the folders, by name. Links are not followed.
    """
    if not os.path.isdir(root):  # noqa: PTH112
        yield from _in_file(root, os.path.basename(root))  # noqa: PTH119
        return
    folders = [root]
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(folder) as found:
                places = sorted(
                    (one for one in found if not one.name.startswith(".")), key=lambda one: one.name
                )
        except OSError as error:
            yield refused(_name(root, folder), error)
            continue
        for place in places:
            if place.is_symlink():
                yield SkippedPhoto(_name(root, place.path), SkipReason.NOT_A_FILE, "a link, not followed")
            elif not place.is_dir(follow_symlinks=False):
                yield from _in_file(place.path, os.path.relpath(place.path, root))
        folders += (one.path for one in reversed(places) if one.is_dir(follow_symlinks=False))


def archive_named(root: str, name: str) -> Archive | None:
    """The archive that a source at `root` knows by this name, if it is still there."""
    if not os.path.isdir(root):  # noqa: PTH112
        return _called(name, root, os.path.basename(root))  # noqa: PTH119
    real, parts = root, name.split("/")
    for count, part in enumerate(parts, start=1):
        real = os.path.join(real, part)  # noqa: PTH118
        if part in ("", "..") or "\0" in part or os.path.islink(real):  # noqa: PTH114
            return None
        if not os.path.isdir(real):  # noqa: PTH112
            return _called(name, real, "/".join(parts[:count]))
    return None


def _called(name: str, real: str, file_name: str) -> Archive | None:
    found = (one for one in _in_file(real, file_name) if isinstance(one, Archive) and one.name == name)
    return next(found, None)


def _name(root: str, real: str) -> str:
    return printable(os.path.relpath(real, root))


def _in_file(real: str, name: str) -> Iterator[Found]:
    """The archives in one file."""
    if name != printable(name):
        yield SkippedPhoto(printable(name), SkipReason.ODD_NAME)
        return
    try:
        with open_file(real) as stream:
            status = os.fstat(stream.fileno())
            if stat.S_ISREG(status.st_mode):
                yield from _look(
                    stream, Archive(name, real, 0, status.st_size, Shape.WARC_GZ, status.st_mtime_ns)
                )
            else:
                yield SkippedPhoto(name, SkipReason.NOT_A_FILE)
    except OSError as error:
        yield refused(name, error)


def _look(stream: BinaryIO, file: Archive) -> Iterator[Found]:
    """What the file is, by its content, or where that is damaged by its name."""
    head = stream.read(HEAD)
    if file.name.lower().endswith(_WACZ) or (head.startswith(_ZIP) and is_wacz(stream)):
        yield from _in_wacz(stream, file)
    elif shape := shape_of(head) or _by_name(file.name):
        yield replace(file, shape=shape) if head else SkippedPhoto(file.name, SkipReason.EMPTY)


def _in_wacz(stream: BinaryIO, file: Archive) -> Iterator[Found]:
    try:
        for entry in entries(stream, file.name):
            if isinstance(entry, SkippedPhoto):
                yield entry
                continue
            size = max(0, min(entry.size, file.size - entry.start))
            shape = shape_of(read_at(stream, entry.start, min(size, HEAD))) or _by_name(entry.name)
            name = f"{file.name}/{entry.name}"
            yield replace(file, name=name, start=entry.start, size=size, shape=shape or file.shape)
        yield Wacz(file.name, file.real)
    except BadWacz as error:  # its archives are stored as they are, so that their records can be found in it
        detail = f"no ZIP can be read ({error}); its records were looked for all the same"
        yield SkippedPhoto(file.name, SkipReason.BROKEN_ARCHIVE, detail)
        yield file


def _by_name(name: str) -> Shape | None:
    return next((one for one in Shape if name.lower().endswith(one)), None)
