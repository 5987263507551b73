"""Reading files that somebody else may change, swap or withhold meanwhile."""

import errno
import os
import stat
from typing import BinaryIO

from facewitness.terms.provenance import SkippedPhoto, SkipReason

MAX_BYTES = 512 * 1024 * 1024
"""A file that is larger is not read: the largest uncompressed photo that would be decoded has 600 MB, any
photo that is compressed far less, and each worker thread holds one file in memory."""

_FLAGS = (
    os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
)
"""A link put in the file's place is not followed, and a pipe put there does not hang the thread."""


def read_file(real_path: str, path: str, max_bytes: int = MAX_BYTES) -> bytes | SkippedPhoto:
    """The bytes of a regular file, or why not; the refusal bears `path`, its name within the source."""
    try:
        with open_file(real_path) as stream:
            status = os.fstat(stream.fileno())
            if not stat.S_ISREG(status.st_mode):
                return SkippedPhoto(path, SkipReason.NOT_A_FILE)
            if status.st_size > max_bytes:
                return too_many_bytes(path, status.st_size, max_bytes)
            data = stream.read(max_bytes + 1)
    except OSError as error:
        return refused(path, error)
    return data if len(data) <= max_bytes else too_many_bytes(path, len(data), max_bytes)


def open_file(real_path: str) -> BinaryIO:
    """The file open for reading, never through a link and never waiting. OSError as `open` raises it."""
    handle = os.open(real_path, _FLAGS)
    try:
        return os.fdopen(handle, "rb")
    except OSError:  # a folder: opened, but not as a stream
        os.close(handle)
        raise


def too_many_bytes(path: str, size: int, limit: int) -> SkippedPhoto:
    """The refusal of a file for its size on disk."""
    return SkippedPhoto(path, SkipReason.TOO_LARGE, f"{size} bytes, the limit is {limit}")


def refused(path: str, error: OSError) -> SkippedPhoto:
    """What the system's refusal means for a photo."""
    if isinstance(error, PermissionError):
        return SkippedPhoto(path, SkipReason.NO_PERMISSION)
    if error.errno == errno.ELOOP:
        return SkippedPhoto(path, SkipReason.LINK_LOOP)
    return SkippedPhoto(path, SkipReason.UNREADABLE, error.strerror or type(error).__name__)


def printable(path: str) -> str:
    """The path with bytes that are not UTF-8 written as `\\xff`: what can be shown, stored and sent."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")
