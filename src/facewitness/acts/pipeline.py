"""Photos through the worker threads: read, decode, look for faces, make templates."""

import hashlib
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice

from facewitness.acts.bank import Bank, now
from facewitness.photos import near_hash, read_photo
from facewitness.terms.face import RefusedFace
from facewitness.terms.provenance import Arrival, Photo, PhotoId, SkippedPhoto, SkipReason
from facewitness.terms.template import EmbeddedFace, TemplateRole

AHEAD = 6
"""Photos under way for each thread: enough that none waits while a batch is written."""


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A photo that goes into the bank with its faces."""

    arrival: Arrival
    photo: Photo
    faces: tuple[EmbeddedFace, ...] = field(repr=False)
    refused: tuple[RefusedFace, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Known:
    """A photo that is in the bank already, seen at one more place."""

    arrival: Arrival
    photo_id: PhotoId


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """A photo that does not go into the bank."""

    arrival: Arrival
    skipped: SkippedPhoto


Outcome = Enrolled | Known | TurnedAway


def read_all(bank: Bank, arrivals: Iterable[Arrival], withdrawn: set[PhotoId]) -> Iterator[Outcome]:
    """The outcome of each arrival, in order, with a bounded number under way."""
    waiting: deque[Future[Outcome]] = deque()
    pool = ThreadPoolExecutor(bank.threads, thread_name_prefix="enrol")
    coming = iter(arrivals)
    try:
        for arrival in islice(coming, AHEAD * bank.threads):
            waiting.append(pool.submit(read_one, bank, arrival, withdrawn))
        while waiting:
            yield waiting.popleft().result()
            for arrival in islice(coming, 1):
                waiting.append(pool.submit(read_one, bank, arrival, withdrawn))
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def read_one(bank: Bank, arrival: Arrival, withdrawn: set[PhotoId]) -> Outcome:
    """One photo from its bytes to its templates. The bytes are kept before the catalogue names them."""

    def away(reason: SkipReason, detail: str = "") -> TurnedAway:
        return TurnedAway(arrival, SkippedPhoto(arrival.path, reason, detail))

    data = arrival.read()
    if isinstance(data, SkippedPhoto):
        return TurnedAway(arrival, data)
    photo_id = PhotoId(hashlib.sha256(data).hexdigest())
    if photo_id in withdrawn:
        return away(SkipReason.WITHDRAWN)
    if bank.catalogue.has_photo(photo_id):
        return Known(arrival, photo_id)
    read = read_photo(data, arrival.path)
    if isinstance(read, SkippedPhoto):
        return TurnedAway(arrival, read)
    if read.facts.prohibits_mining:
        return away(SkipReason.RESERVED, f"plus:DataMining is {read.facts.data_mining}")
    picture = read.picture
    photo = Photo(
        id=photo_id,
        size_bytes=len(data),
        format=picture.format,
        width=picture.width,
        height=picture.height,
        near_hash=near_hash(picture.pixels),
        facts=read.facts,
        enrolled_at=now(),
    )
    faces, refused = bank.faces().read(picture.pixels, TemplateRole.ENROLMENT)
    bank.blobs.put(photo_id, data)
    return Enrolled(arrival, photo, tuple(faces), tuple(refused))
