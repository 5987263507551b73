"""Bytes that arrivals carry with them because fetching them again would be slow, never more than an allowance.

A plain tar file needs none of this: its photos are read where they lie. In a packed one, and in Parquet, a
photo can only be reached by unpacking what stands before it. Enrolment has some dozens of arrivals under way,
so that their bytes fit; whoever keeps more arrivals than that gets the later ones unpacked again, one by one.
"""

from collections import deque
from collections.abc import Callable

from facewitness.terms.provenance import SkippedPhoto

Read = Callable[[], bytes | SkippedPhoto]

ALLOWANCE = 128 * 1024 * 1024
"""Bytes carried at a time: 60 photos of 2 MB, which is what enrolment on two threads has under way."""


class Carried:
    """The allowance of one run. Bytes count against it until the arrival that carries them is let go."""

    def __init__(self, allowance: int = ALLOWANCE) -> None:
        self._left = allowance
        self._returned: deque[int] = deque()  # by any thread, whenever Python collects an arrival: no lock

    def has_room(self, size: int) -> bool:
        """Whether so many bytes more may be carried now."""
        while self._returned:
            self._left += self._returned.popleft()
        return size <= self._left

    def carry(self, data: bytes) -> Read:
        """What gives these bytes, and counts them until it is let go."""
        self._left -= len(data)
        return _Held(data, self._returned)


class _Held:
    """Bytes in memory that say when they are gone."""

    def __init__(self, data: bytes, returned: deque[int]) -> None:
        self._data, self._returned = data, returned

    def __call__(self) -> bytes:
        return self._data

    def __del__(self) -> None:
        self._returned.append(len(self._data))
