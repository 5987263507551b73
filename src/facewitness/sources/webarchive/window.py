"""A part of a file as a stream of its own, and the search for bytes in a stream of any length."""

import io
import os
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from facewitness.sources.files import open_file

_PIECE = 1024 * 1024
_OVERLAP = 64
"""Bytes: no pattern that is searched for is longer."""


def open_window(real_path: str, start: int, size: int) -> BinaryIO:
    """`size` bytes of the file from `start` on, as a stream that begins at 0. OSError as `open_file` raises it."""
    return io.BufferedReader(_Window(open_file(real_path), start, size))


class _Window(io.RawIOBase):
    def __init__(self, stream: BinaryIO, start: int, size: int) -> None:
        self._stream, self._start, self._size = stream, start, size
        self._raw: io.RawIOBase = stream.raw  # type: ignore[attr-defined]
        self._at = self.seek(0)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = 0
        if whence != os.SEEK_SET:
            base = self._size if whence == os.SEEK_END else self._at
        self._at = max(0, base + offset)
        self._raw.seek(self._start + self._at)
        return self._at

    def readinto(self, buffer: Any) -> int:
        size = max(0, min(len(buffer), self._size - self._at))
        count = self._raw.readinto(memoryview(buffer)[:size]) or 0
        self._at += count
        return count

    def close(self) -> None:
        self._stream.close()
        super().close()


def read_at(stream: BinaryIO, offset: int, size: int) -> bytes:
    """Up to `size` bytes from `offset` on."""
    stream.seek(offset)
    return stream.read(size)


def find_all(stream: BinaryIO, pattern: re.Pattern[bytes], start: int) -> Iterator[int]:
    """Where the pattern begins at or after `start`; the stream may be moved meanwhile.

    The pattern is of at most 64 bytes, and may look at one byte before.
    """
    while piece := read_at(stream, start - 1, 1 + _PIECE + _OVERLAP):
        found = pattern.finditer(piece, 1)
        yield from (start - 1 + one.start() for one in found if one.start() <= _PIECE)
        start += _PIECE
