"""A part of an export that has been unpacked: the files in a folder."""

import os
from collections.abc import Iterator
from dataclasses import dataclass

from facewitness.sources.export.names import inside
from facewitness.sources.files import read_file, refused, too_many_bytes
from facewitness.sources.folder import is_junk
from facewitness.terms.provenance import SkippedPhoto, SkipReason


@dataclass(frozen=True, slots=True)
class FileMember:
    """A file on disk."""

    path: str
    real: str
    size: int
    mtime_ns: int

    @property
    def crc(self) -> None:
        """Not known before it is read."""
        return

    @property
    def mark(self) -> str:
        """Changes when the bytes do."""
        return f"{self.size}-{self.mtime_ns}"

    def refusal(self, max_bytes: int) -> SkippedPhoto | None:
        """Why it will not be read, as far as its size tells."""
        return too_many_bytes(self.path, self.size, max_bytes) if self.size > max_bytes else None

    def read(self, max_bytes: int) -> bytes | SkippedPhoto:
        """Its bytes, or why not."""
        return read_file(self.real, self.path, max_bytes)


def members_of_folder(root: str, besides: frozenset[str]) -> Iterator[FileMember | SkippedPhoto]:
    """The files below `root`, besides those directly in it that have these names. No link is followed."""
    below = [""]
    while below:
        folder = below.pop()
        try:
            with os.scandir(os.path.join(root, folder)) as found:  # noqa: PTH118
                entries = sorted((one for one in found if not is_junk(one.name)), key=lambda one: one.name)
        except OSError as error:
            detail = "a folder: nothing in it was seen"
            yield SkippedPhoto(folder or ".", refused("", error).reason, detail)
            continue
        for entry in entries:
            path = f"{folder}/{entry.name}" if folder else entry.name
            if path in besides:
                continue
            found_there = _look(entry, path)
            if found_there is None:
                below.append(path)
            else:
                yield found_there


def _look(entry: os.DirEntry[str], path: str) -> FileMember | SkippedPhoto | None:
    """The file, why not, or None for a folder."""
    within = inside(path)
    if isinstance(within, SkippedPhoto):
        return within
    try:
        if entry.is_dir(follow_symlinks=False):
            return None
        if not entry.is_file(follow_symlinks=False):
            detail = "a link; exports hold none" if entry.is_symlink() else ""
            return SkippedPhoto(path, SkipReason.NOT_A_FILE, detail)
        status = entry.stat(follow_symlinks=False)
    except OSError as error:
        return refused(path, error)
    return FileMember(within, entry.path, status.st_size, status.st_mtime_ns)
