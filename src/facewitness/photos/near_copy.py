"""Near-copies: the same photograph resized, recompressed, recoloured. The only module that imports pdqhash.

PDQ and its two recommended numbers: Facebook, "The TMK+PDQF Video-Hashing Algorithm and the PDQ
Image-Hashing Algorithm", 2019 (github.com/facebook/ThreatExchange, hashing/hashing.pdf).
"""

import cv2
import numpy as np
import numpy.typing as npt
import pdqhash

from facewitness.photos.picture import Pixels

MIN_QUALITY = 50
"""PDQ's own quality measure, 0 to 100, below which its authors advise against using the hash."""

MAX_DISTANCE = 48
"""Bits of 256 in which near-copies may differ; distances are even. PDQ's authors advise 31, which loses crops.

Measured on the sample portraits: halved, to an eighth, JPEG quality 20, grey, brighter and harder copies
differ in at most 22 bits. Cropped by 4 % of width and height, half of it on each side, in 32 to 46, so that
all are found (at 31 none); by 5 % in 36 to 60, of which five in eight are found; by 8 % in 64 and more. Taken
off one side only, 2 % cost 20 to 36 bits and 4 % cost 38 to 60. Mirrored and turned copies are missed.

Different portraits differ in 108 and more. Of the 1.7 million pairs among 1,849 grey face crops of 1,000 people,
which are more alike than whole photos, one is within 48, and it is a copy; two are within 54 and 60, three
within 64 and 80 within 80. The nearest pair that are certainly two photographs differs in 62, of two people in 70.
"""

_SIDE = 64
"""PDQ works on 64x64 values. Averaging the picture down to that here gives hashes within 8 bits of those of
the full picture, more alike among differently sized copies (16 bits at most, not 24), in 2.5 ms, not 45."""

_HASH_BYTES = 32


def near_hash(pixels: Pixels) -> bytes:
    """The PDQ hash of a picture, 32 bytes; empty where it is too featureless to have a meaningful one."""
    small = cv2.resize(pixels, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA)
    bits, quality = pdqhash.compute(small)
    return np.packbits(bits.astype(bool)).tobytes() if quality >= MIN_QUALITY else b""


class NearCopyIndex:
    """Hashes in the order they were added, each compared with every new one: 32 bytes and about 1 ns each.

    Not for several threads at once.
    """

    def __init__(self) -> None:
        self._words = np.empty((1024, 4), np.uint64)
        self._has_hash = np.zeros(1024, bool)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, near_hash: bytes) -> int:
        """Add a hash and give its place, counted from 0. An empty one takes a place and is near to none."""
        if len(near_hash) not in (0, _HASH_BYTES):
            raise ValueError(f"A near-copy hash has {_HASH_BYTES} bytes, not {len(near_hash)}.")
        if self._count == len(self._words):
            self._words = np.concatenate([self._words, np.empty_like(self._words)])
            self._has_hash = np.concatenate([self._has_hash, np.zeros_like(self._has_hash)])
        place = self._count
        if near_hash:
            self._words[place] = np.frombuffer(near_hash, np.uint64)
            self._has_hash[place] = True
        self._count += 1
        return place

    def near(self, near_hash: bytes, max_distance: int = MAX_DISTANCE) -> list[int]:
        """The places of all hashes that differ in at most `max_distance` bits, ascending; none for an empty one."""
        if not near_hash:
            return []
        words = self._words[: self._count] ^ np.frombuffer(near_hash, np.uint64)
        distance: npt.NDArray[np.int64] = np.bitwise_count(words).sum(axis=1, dtype=np.int64)
        places = np.flatnonzero((distance <= max_distance) & self._has_hash[: self._count])
        return [int(place) for place in places]
