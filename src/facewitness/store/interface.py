"""What keeps the photos' bytes."""

from collections.abc import Container, Iterator
from typing import Protocol

from facewitness.terms.provenance import PhotoId


class Blobs(Protocol):
    """Photos' bytes by their SHA-256. Thread-safe, shared by processes; written once, never changed.

    Every method raises BankError where the place cannot be reached or written.
    """

    def put(self, photo_id: PhotoId, data: bytes) -> None:
        """Keep the bytes. A reader sees them whole or not at all, whenever the writer dies."""
        ...

    def get(self, photo_id: PhotoId) -> bytes:
        """The bytes; NotFound where they are not held."""
        ...

    def delete(self, photo_id: PhotoId) -> None:
        """Drop the bytes; nothing happens where they are gone already."""
        ...

    def keep_only(self, wanted: Container[PhotoId]) -> None:
        """Drop the bytes of all other photos, and what killed writers left half-written."""
        ...

    def ids(self) -> Iterator[PhotoId]:
        """Every photo whose bytes are held whole."""
        ...
