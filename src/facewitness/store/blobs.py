"""Photos' bytes by SHA-256, in a folder."""

import os
from collections.abc import Container, Iterator
from contextlib import suppress
from pathlib import Path

from facewitness.errors import BankError, NotFound
from facewitness.terms.provenance import PhotoId


class FolderBlobs:
    """`root/ab/cd…` for the photo whose digest begins with `abcd`. Written once, never changed."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, photo_id: PhotoId, data: bytes) -> None:
        """Keep the bytes. A reader sees them whole or not at all, whenever the writer dies."""
        path = self._path(photo_id)
        if path.exists():
            return
        part = path.with_name(f"{path.name}.{os.getpid()}.{id(data):x}.part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes(data)
            part.replace(path)
        except OSError as error:
            with suppress(OSError):
                part.unlink()
            raise BankError(
                f"The photo could not be kept in the bank: {error}.", "Check the disk's free space."
            ) from error

    def get(self, photo_id: PhotoId) -> bytes:
        """The bytes; NotFound where they are not held."""
        try:
            return self._path(photo_id).read_bytes()
        except FileNotFoundError:
            raise NotFound(f"The bytes of photo {photo_id[:12]} are not in the bank.") from None

    def delete(self, photo_id: PhotoId) -> None:
        """Drop the bytes; nothing happens where they are gone already."""
        self._path(photo_id).unlink(missing_ok=True)

    def keep_only(self, wanted: Container[PhotoId]) -> None:
        """Drop the bytes of all other photos, and what killed writers left half-written."""
        for path in self._files():
            if path.parent.name + path.name not in wanted:
                path.unlink(missing_ok=True)

    def ids(self) -> Iterator[PhotoId]:
        """Every photo whose bytes are held; half-written files of a killed writer are not."""
        for path in self._files():
            if "." not in path.name:
                yield PhotoId(path.parent.name + path.name)

    def _files(self) -> list[Path]:
        return sorted(self._root.glob("??/*"))

    def _path(self, photo_id: PhotoId) -> Path:
        return self._root / photo_id[:2] / photo_id[2:]
