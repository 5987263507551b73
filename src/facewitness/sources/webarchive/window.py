"""A part of a file as a stream of its own, and the search for bytes in a stream of any length."""

import io
import os
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from facewitness.sources.files import open_file

_PIECE = 1024 * 1024
_OVERLAP = 64
"""No pattern that is searched for is longer."""


def open_window(real_path: str, start: int, size: int) -> BinaryIO:
    """`size` bytes of the file from `start` on, as a stream that begins at 0. OSError as `open_file` raises it."""
    stream = open_file(real_path)
    return io.BufferedReader(_Window(stream, start, size))


class _Window(io.RawIOBase):
    def __init__(self, stream: BinaryIO, start: int, size: int) -> None:
        self._stream, self._start, self._size, self._at = stream, start, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def readinto(self, buffer: Any) -> int:
        self._stream.seek(self._start + self._at)
        data = self._stream.read(max(0, min(len(buffer), self._size - self._at)))
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)

    def close(self) -> None:
        self._stream.close()
        super().close()


def read_at(stream: BinaryIO, offset: int, size: int) -> bytes:
    """Up to `size` bytes from `offset` on."""
    stream.seek(offset)
    return stream.read(size)


def find_all(stream: BinaryIO, pattern: re.Pattern[bytes], start: int) -> Iterator[int]:
    """Where the pattern, of at most 64 bytes, begins at or after `start`; the stream may be moved meanwhile."""
    while len(piece := read_at(stream, start, _PIECE + _OVERLAP)) > 0:
        yield from (start + one.start() for one in pattern.finditer(piece) if one.start() < _PIECE)
        start += _PIECE
