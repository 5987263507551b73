"""What every act works on: the rooms of one bank, put together by `service`."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

import numpy as np
from filelock import FileLock, Timeout

from facewitness.errors import BankError
from facewitness.faces import FaceReader
from facewitness.gallery import Gallery, Position
from facewitness.store import Blobs, Catalogue, View
from facewitness.terms.actor import Scope
from facewitness.terms.policy import Policy
from facewitness.terms.provenance import SourceId
from facewitness.terms.template import ModelId


@dataclass(frozen=True, slots=True)
class Bank:
    """The rooms of one bank. `faces` and `gallery` are made at their first use: not every act needs them."""

    catalogue: Catalogue
    blobs: Blobs
    policy: Policy
    model: ModelId
    faces: Callable[[], FaceReader]
    gallery: Callable[[], Gallery]
    lock_file: Path
    keeps: Path
    """Where each source has a folder for what its kind keeps beside the photos."""
    threads: int
    following: Lock = field(default_factory=Lock)
    """Held while the gallery is brought up to the catalogue: one thread at a time moves it."""

    def keep(self, source: SourceId) -> Path:
        """The folder of one source."""
        return self.keeps / source

    def view(self, scope: Scope) -> AbstractContextManager[View]:
        """What `scope` may see at this moment, under the policy's rules."""
        return self.catalogue.view(scope, self.policy.validity(now()))

    @contextmanager
    def changing(self, wait: float = 10.0) -> Iterator[None]:
        """Hold the bank against all else that changes it; BankError where it stays held for `wait` seconds."""
        lock = FileLock(self.lock_file, timeout=wait)
        try:
            lock.acquire()
        except Timeout:
            raise BankError(
                "Another process is changing this bank: it fetches, enrols, rechecks or withdraws.",
                "Wait until it is done, or stop it: fetching and enrolling go on where they stopped.",
            ) from None
        try:
            yield
        finally:
            lock.release()

    def followed_gallery(self) -> Gallery:
        """The gallery, brought up to the catalogue's present state; saved where much of it is new.

        Other threads search meanwhile: only the taking in is done one thread at a time.
        """
        gallery = self.gallery()
        with self.following:
            if self.catalogue.is_followed(gallery.model, gallery.last(), *gallery.position):
                return gallery
            fits = _fits(gallery, self.catalogue)
            if fits:
                taken = follow(gallery, self.catalogue)
            else:
                refill(gallery, self.catalogue)
        if not fits or taken > len(gallery) // 4:
            gallery.save()
        return gallery


def _fits(gallery: Gallery, catalogue: Catalogue) -> bool:
    """Whether the gallery was made from this catalogue, and not from one that a backup has replaced."""
    held = gallery.last()
    return held is None or catalogue.may_hold(held[0], held[1])


def refill(gallery: Gallery, catalogue: Catalogue) -> None:
    """Make the gallery anew. The withdrawals are read first: one that comes in between is followed later."""
    _, withdrawn = catalogue.withdrawn()
    gallery.refill(catalogue.templates(gallery.model), withdrawn)


def follow(gallery: Gallery, catalogue: Catalogue) -> int:
    """Take what the catalogue has that the gallery has not; gives how many rows that were.

    Templates first, withdrawals second: a face that comes and goes in between is dropped, never kept.
    """
    face, withdrawn = gallery.position
    none, taken = np.empty(0, np.int64), 0
    for ids, templates in catalogue.templates(gallery.model, after=face):
        face = int(ids[-1])
        gallery.take(ids, templates, none, Position(face, withdrawn))
        taken += len(ids)
    gone, reached = catalogue.withdrawn(after=withdrawn)
    if reached != withdrawn:
        gallery.take(none, np.empty((0, 0), np.float32), gone, Position(face, reached))
    return taken + len(gone)


def now() -> datetime:
    """The present moment, in UTC."""
    return datetime.now(UTC)
