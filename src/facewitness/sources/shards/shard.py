"""One shard on disk: opening it, and reading a span of it again when a photo's turn comes."""

import errno
import gzip
import os
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, cast

from facewitness.sources.files import open_file, refused
from facewitness.terms.provenance import SkippedPhoto, SkipReason

TARS = (".tar", ".tar.gz", ".tgz")

DAMAGED = (OSError, EOFError, zlib.error)
"""What reading a file raises that is damaged, cut short, gone or withheld, packed or not."""

_UNPACKS_TO = 200
_UNPACKS_ALWAYS = 64 * 1024 * 1024
"""A `.tar.gz` may unpack to so many times its size and so many bytes more. Photos hardly shrink when they are
packed, and their descriptions to a tenth; deflate can make 1,032 bytes of one."""


@dataclass(frozen=True, slots=True)
class Shard:
    """A shard as it was when it was listed."""

    real: str
    """Where it really is, links followed."""
    path: str
    """What it is called within the source."""
    folder: str
    """The folder in which it was found: paths in its rows start there."""
    size: int
    mtime_ns: int

    @property
    def packed(self) -> bool:
        """Whether it is a tar file inside gzip."""
        return self.path.lower().endswith((".tar.gz", ".tgz"))

    @property
    def is_parquet(self) -> bool:
        """Whether it is a Parquet file, by its name."""
        return self.path.lower().endswith(".parquet")

    @property
    def is_beside_a_tar(self) -> bool:
        """Whether a tar shard of the same name stands beside it."""
        stem = Path(self.folder, Path(self.path).stem)
        return any(stem.with_name(stem.name + ending).exists() for ending in TARS)

    @property
    def stamp(self) -> str:
        """Changes when the file does."""
        return f"{self.size}-{self.mtime_ns}"

    @property
    def time(self) -> datetime | None:
        """The file's own time, in UTC."""
        return file_time(self.mtime_ns / 1e9)

    @property
    def unpacked_size(self) -> int:
        """How many bytes it holds; where it is packed, how many it may at most."""
        return self.size * _UNPACKS_TO + _UNPACKS_ALWAYS if self.packed else self.size

    @contextmanager
    def opened(self) -> Iterator[BinaryIO]:
        """The tar or Parquet file, unpacked. Raises one of `DAMAGED`; OSError also where it has changed."""
        with open_file(self.real) as raw:
            status = os.fstat(raw.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise OSError(errno.EINVAL, "no longer a regular file")
            if (status.st_size, status.st_mtime_ns) != (self.size, self.mtime_ns):
                raise OSError(errno.EBUSY, "the shard has changed since it was listed")
            if not self.packed:
                yield raw
                return
            with gzip.GzipFile(fileobj=raw, mode="rb") as stream:
                yield cast("BinaryIO", stream)

    def span(self, offset: int, size: int, path: str) -> bytes | SkippedPhoto:
        """`size` bytes from `offset` on, or why not, about `path`. Where it is packed: unpacked up to there."""
        try:
            with self.opened() as stream:
                stream.seek(offset)
                data = stream.read(size)
        except DAMAGED as error:
            return unreadable(path, error)
        return data if len(data) == size else SkippedPhoto(path, SkipReason.TRUNCATED, "the shard ends in it")

    def broken(self, offset: int, what: str) -> SkippedPhoto:
        """The refusal of whatever the shard held around a byte."""
        return SkippedPhoto(self.path, SkipReason.BROKEN_ARCHIVE, f"at byte {offset}: {what}")


def unreadable(path: str, error: BaseException, offset: int | None = None) -> SkippedPhoto:
    """One of `DAMAGED` as a refusal: of the system's, what they mean, else that the shard is broken."""
    if isinstance(error, OSError) and error.errno is not None:
        return refused(path, error)
    where = "" if offset is None else f"at byte {offset}: "
    return SkippedPhoto(path, SkipReason.BROKEN_ARCHIVE, f"{where}{error}")


def file_time(seconds: float) -> datetime | None:
    """A file's time in UTC; None where the number is no time."""
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):  # a file system or a header may hold any number
        return None
