"""Probes between two requests: in memory, for a while, under names that cannot be guessed."""

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Generic, TypeVar

from facewitness.acts import ProbeFace
from facewitness.errors import BadInput
from facewitness.service import Service
from facewitness.terms.provenance import Digest

MINUTES = 30
"""How long something is held."""
MAX_HELD = 64
MAX_BYTES = 512 * 1024 * 1024

FACE_SIZE = 320
"""Pixels of a face's picture: sharp where it is shown at half of that on a dense screen."""

T = TypeVar("T")


class Shelf(Generic[T]):
    """Holds a bounded number of things for a bounded time; the oldest make room. Threads may share it."""

    def __init__(
        self,
        max_held: int = MAX_HELD,
        max_bytes: int = MAX_BYTES,
        seconds: float = MINUTES * 60,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._max_held, self._max_bytes, self._seconds, self._clock = max_held, max_bytes, seconds, clock
        self._held: OrderedDict[str, tuple[float, int, T]] = OrderedDict()
        self._lock = Lock()

    def put(self, thing: T, size: int = 0, key: str = "") -> str:
        """Hold a thing of that many bytes; gives its key, a new one where none is given."""
        key = key or secrets.token_urlsafe(16)
        with self._lock:
            self._held[key] = (self._clock() + self._seconds, size, thing)
            self._tidy()
        return key

    def get(self, key: str) -> T | None:
        """The thing, or None where it is no longer held."""
        with self._lock:
            self._tidy()
            found = self._held.get(key)
        return found[2] if found else None

    def _tidy(self) -> None:
        while self._held and self._is_over():
            self._held.popitem(last=False)

    def _is_over(self) -> bool:
        oldest_until = next(iter(self._held.values()))[0]
        total = sum(size for _, size, _ in self._held.values())
        return oldest_until <= self._clock() or len(self._held) > self._max_held or total > self._max_bytes


@dataclass(frozen=True, slots=True)
class HeldProbe:
    """A probe with its faces from left to right and their pictures; its pixels are not kept."""

    data: bytes = field(repr=False)
    digest: Digest
    faces: tuple[ProbeFace, ...]
    pictures: tuple[bytes, ...] = field(repr=False)

    @classmethod
    def of(cls, service: Service, data: bytes) -> "HeldProbe":
        """Examine a photo; NoFace or BadInput where it cannot be a probe."""
        examined = service.examine(data)
        pictures = [service.probe_face(examined, n + 1, FACE_SIZE) for n in range(len(examined.faces))]
        return cls(data, examined.digest, examined.faces, tuple(pictures))

    @property
    def size(self) -> int:
        """The bytes it takes up."""
        aligned = sum(face.found.aligned.nbytes for face in self.faces)
        return len(self.data) + aligned + sum(map(len, self.pictures))

    def picture(self, number: int) -> bytes:
        """The picture of face `number`, counted from 1."""
        if not 1 <= number <= len(self.pictures):
            raise BadInput(f"There is no face {number} in the probe.", f"It shows {len(self.pictures)}.")
        return self.pictures[number - 1]


@dataclass(frozen=True, slots=True)
class Choice:
    """A held probe, and which of its faces is sought; None where it shows only one."""

    probe: str
    face: int | None = None
