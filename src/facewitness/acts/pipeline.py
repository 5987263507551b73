"""Photos through the worker threads: read, decode, look for faces, make templates."""

import hashlib
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice

from facewitness.acts.bank import Bank, now
from facewitness.acts.reference import EVERYBODY, Holder
from facewitness.batches import batched
from facewitness.faces import FoundFace, refusal
from facewitness.photos import near_hash, read_photo
from facewitness.terms.face import RefusedFace
from facewitness.terms.provenance import Arrival, Photo, PhotoId, SkippedPhoto, SkipReason
from facewitness.terms.template import EmbeddedFace, Template, TemplateRole

TOGETHER = 4
"""Photos that one thread takes at a time: it embeds their faces together, which costs less for each."""
AHEAD = 3
"""Such handfuls under way for each thread: enough that none waits while a batch is written."""


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


def read_all(
    bank: Bank, arrivals: Iterable[Arrival], withdrawn: set[PhotoId], holder: Holder = EVERYBODY
) -> Generator[Outcome, None, None]:
    """The outcome of each arrival, in order, with a bounded number under way."""
    waiting: deque[Future[list[Outcome]]] = deque()
    pool = ThreadPoolExecutor(bank.threads, thread_name_prefix="enrol")
    coming = batched(arrivals, TOGETHER)
    try:
        for handful in islice(coming, AHEAD * bank.threads):
            waiting.append(pool.submit(read_some, bank, handful, withdrawn, holder))
        while waiting:
            yield from waiting.popleft().result()
            for handful in islice(coming, 1):
                waiting.append(pool.submit(read_some, bank, handful, withdrawn, holder))
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def read_some(
    bank: Bank, arrivals: Sequence[Arrival], withdrawn: set[PhotoId], holder: Holder
) -> list[Outcome]:
    """A handful of photos from their bytes to their templates, in order."""
    read = [_read_one(bank, arrival, withdrawn) for arrival in arrivals]
    searchable = [face for one in read if isinstance(one, _Found) for face in one.searchable]
    templates = iter(bank.faces().embed(searchable, TemplateRole.ENROLMENT))
    return [one.with_templates(templates, holder) if isinstance(one, _Found) else one for one in read]


@dataclass(frozen=True, slots=True)
class _Found:
    """A photo whose faces have been found but not embedded; its pixels are gone."""

    arrival: Arrival
    photo: Photo
    searchable: list[FoundFace]
    refused: tuple[RefusedFace, ...]

    def with_templates(self, templates: Iterator[Template], holder: Holder) -> Enrolled:
        faces = [EmbeddedFace(one.detection, one.quality, next(templates)) for one in self.searchable]
        own, others = holder.sorted_out(faces)
        return Enrolled(self.arrival, self.photo, own, self.refused + others)


def _read_one(bank: Bank, arrival: Arrival, withdrawn: set[PhotoId]) -> _Found | Known | TurnedAway:
    """One photo from its bytes to its faces. The bytes are kept before the catalogue names them."""

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
    if reserved := read.facts.reserved_by:
        return away(SkipReason.RESERVED, reserved)
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
    searchable, refused = [], []
    for face in bank.faces().find(picture.pixels):
        reason = refusal(face.quality, bank.policy)
        if reason is None:
            searchable.append(face)
        else:
            refused.append(RefusedFace(face.detection, face.quality, reason))
    bank.blobs.put(photo_id, data)
    return _Found(arrival, photo, searchable, tuple(refused))
