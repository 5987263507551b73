"""A gallery's folder: segments' files are written once, and stand when the manifest that names them does."""

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from filelock import FileLock, Timeout

from facewitness.gallery.blocks import Block
from facewitness.gallery.embedded.codes import Codes
from facewitness.gallery.embedded.manifest import FileEntry, Manifest, SegmentEntry
from facewitness.gallery.embedded.segment import Segment, Shape
from facewitness.gallery.snapshot import LOCK

MANIFEST = "segments.json"
AT_ONCE = 1 << 22


class Busy(OSError):
    """Another process writes the folder just now."""


class Files:
    """One folder. Whenever a writer dies, a reader finds the segments of before or those of after."""

    def __init__(self, folder: Path, dimension: int) -> None:
        self._folder, self._dimension = folder, dimension

    @contextmanager
    def writing(self, *, wait: bool = True) -> Iterator[None]:
        """Hold the folder against other writers, never against readers. OSError where that cannot be."""
        self._folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self._folder / LOCK, timeout=-1 if wait else 0)
        try:
            lock.acquire()
        except Timeout:
            raise Busy from None
        try:
            yield
        finally:
            lock.release()

    def manifest(self) -> Manifest | None:
        """What the folder holds; None where it holds nothing that can be used."""
        try:
            found = Manifest.read((self._folder / MANIFEST).read_text())
        except (OSError, ValueError):
            return None
        return found if found and found.dimension == self._dimension else None

    def open(self, entry: SegmentEntry) -> Segment | None:
        """A segment whose files are whole; None otherwise.

        Ids and codes are read and digested. Templates, many times as much, have to be of the right length
        where there are codes; `damaged` digests those too.
        """
        if not self.has(entry) or self._sha256(entry.ids) != entry.ids.sha256:
            return None
        if entry.codes is None and self._sha256(entry.templates) != entry.templates.sha256:
            return None
        try:
            return Segment(self._mapped(entry), self._codes(entry.codes), entry)
        except (OSError, ValueError):
            return None

    def has(self, entry: SegmentEntry) -> bool:
        """Whether all files of a segment are there and of the right length."""
        try:
            return all((self._folder / file.name).stat().st_size == file.bytes for file in entry.files)
        except OSError:
            return False

    def damaged(self, manifest: Manifest) -> list[str]:
        """The files, every byte read, that are not what the manifest says."""
        return [
            file.name
            for segment in manifest.segments
            for file in segment.files
            if self._sha256(file) != file.sha256
        ]

    def write(self, blocks: Sequence[Block], shape: Shape) -> Segment:
        """A new segment of those blocks' rows, on disk whole when this returns. OSError where it cannot be."""
        stem, rows = os.urandom(8).hex(), sum(len(block.ids) for block in blocks)
        ids = self._put(f"{stem}.ids", (block.ids.astype("<i8", copy=False) for block in blocks))
        templates = self._put(
            f"{stem}.templates", (block.templates.astype("<f4", copy=False) for block in blocks)
        )
        block = self._mapped(SegmentEntry(rows, ids, templates, None))
        if rows < shape.coded_from:
            return Segment(block, None, SegmentEntry(rows, ids, templates, None))
        codes = Codes.of(block.templates, shape.code_bytes)
        put = self._put(f"{stem}.codes", [np.frombuffer(codes.written(), np.uint8)])
        return Segment(block, codes, SegmentEntry(rows, ids, templates, put))

    def commit(self, manifest: Manifest) -> None:
        """Make that the folder's manifest, then drop every file that it does not name. Hold `writing`."""
        part = f"{os.urandom(8).hex()}.part"
        self._put(part, [np.frombuffer(manifest.written().encode(), np.uint8)])
        (self._folder / part).replace(self._folder / MANIFEST)
        self._sync()
        self._drop_all_but({MANIFEST, LOCK, *manifest.names})

    def clear(self) -> None:
        """Drop every file."""
        self._drop_all_but({LOCK})

    def _mapped(self, entry: SegmentEntry) -> Block:
        ids = np.memmap(self._folder / entry.ids.name, "<i8", "r", shape=(entry.rows,))
        shape = (entry.rows, self._dimension)
        templates = np.memmap(self._folder / entry.templates.name, "<f4", "r", shape=shape)
        return Block(np.asarray(ids), np.asarray(templates))

    def _codes(self, file: FileEntry | None) -> Codes | None:
        if file is None:
            return None
        data = (self._folder / file.name).read_bytes()
        if hashlib.sha256(data).hexdigest() != file.sha256:
            raise ValueError(f"{file.name} was damaged")
        return Codes.read(data)

    def _put(self, name: str, parts: Iterable[npt.NDArray[Any]]) -> FileEntry:
        """Write a file, digesting it on the way, and wait until it is on the disk itself."""
        digest, size = hashlib.sha256(), 0
        with (self._folder / name).open("xb") as file:
            for part in parts:
                data = np.ascontiguousarray(part).reshape(-1).view(np.uint8).data
                for begin in range(0, len(data), AT_ONCE):
                    digest.update(data[begin : begin + AT_ONCE])
                    file.write(data[begin : begin + AT_ONCE])
                size += len(data)
            file.flush()
            os.fsync(file.fileno())
        return FileEntry(name, size, digest.hexdigest())

    def _sha256(self, file: FileEntry) -> str:
        """The digest of a file's bytes; empty where it cannot be read."""
        try:
            with (self._folder / file.name).open("rb") as opened:
                return hashlib.file_digest(opened, "sha256").hexdigest()
        except OSError:
            return ""

    def _sync(self) -> None:
        """Have the folder's names on the disk itself; where a folder cannot be opened, the system does so."""
        if os.name != "posix":
            return
        opened = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)

    def _drop_all_but(self, kept: set[str]) -> None:
        if self._folder.exists():
            for path in self._folder.iterdir():
                if path.name not in kept and path.is_file():
                    with suppress(OSError):  # Windows keeps what is mapped; the next commit tries again
                        path.unlink()
