"""The composition root: the only place that names concrete classes, and the Python door."""

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from facewitness import acts
from facewitness.acts import Probe
from facewitness.errors import BadInput, BankError, NotFound
from facewitness.faces import FaceReader, ModelCard, load_models
from facewitness.gallery import EmbeddedGallery, Gallery, Shape
from facewitness.ledger import Ledger, TreeHead, Verification
from facewitness.photos import Pixels, contact_sheet, face_crop, preview, read_photo
from facewitness.settings import Places, Settings, read_places, read_policy, read_settings
from facewitness.sources import (
    Collector,
    FolderSource,
    Source,
    archived_copy,
    collector,
    is_on_the_web,
    open_source,
)
from facewitness.store import Blobs, Catalogue, FolderBlobs
from facewitness.terms.actor import Actor, Scope, SearchId
from facewitness.terms.candidate import CandidateList, Filters
from facewitness.terms.collecting import Collected
from facewitness.terms.face import Face, FaceId
from facewitness.terms.pages import ArchivedCopy, OpenedCopy, PhotoPage, SourceReport, Status
from facewitness.terms.provenance import (
    ArchivedRecord,
    CaptureId,
    PhotoId,
    SkippedPhoto,
    SourceId,
    SourceKind,
    SourceRecord,
)

ORGANISATION = "home"
"""The one organisation of the `personal` policy."""


class Service:
    """One bank, open. Threads may share it; `close` it, or use it in a `with`."""

    def __init__(self, settings: Settings, door: str = "python") -> None:
        self.settings = settings
        self.actor = Actor(settings.actor, door, Scope(ORGANISATION))
        self._models = load_models(settings.models)
        folder = _made(settings.bank)
        places = read_places(folder / "bank.toml")
        self._bank = acts.Bank(
            catalogue=_catalogue(folder, places),
            blobs=_blobs(folder, places),
            policy=read_policy(folder / "policy.toml"),
            model=self._models.id,
            faces=_once(self._make_faces),
            gallery=_once(lambda: self._make_gallery(places)),
            lock_file=folder / "changing.lock",
            keeps=folder / "sources",
            threads=settings.threads,
        )
        self._shown_photos: set[PhotoId] = set()
        self._shown_faces: set[int] = set()
        self._close_orphans()

    @classmethod
    def open(cls, bank: str | Path | None = None, **settings: object) -> Self:
        """Open the bank in that folder, making it where there is none; other settings by their names."""
        return cls(read_settings(bank=bank, **settings))

    def close(self) -> None:
        """Give everything back."""
        self._bank.catalogue.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # The acts

    def enrol(
        self,
        folder: str | Path,
        *,
        name: str = "",
        steward: str = "",
        basis: str = "",
        licence: str = "",
        note: str = "",
        citation: str = "",
        tell: acts.OnProgress = acts.hear_nothing,
    ) -> acts.Progress:
        """Enrol a folder's photos; a folder new to the bank needs a name, a steward and a legal basis."""
        details = None
        if name or basis:
            details = acts.SourceDetails(name, steward, basis, licence, note, citation=citation)
        place = self._place(SourceKind.FOLDER, str(folder))
        return acts.enrol(self._bank, self.actor, place, self._open, details, tell)

    def enrol_source(self, source: str, tell: acts.OnProgress = acts.hear_nothing) -> acts.Progress:
        """Enrol what is new in a registered source of any kind; one on the web has to be collected before."""
        return acts.enrol(self._bank, self.actor, SourceId(source), self._open, None, tell)

    def collect_source(self, source: str, tell: acts.OnCollected = acts.hear_nothing) -> Collected:
        """Fetch what is new of a registered website into the bank's archives; enrolment then reads them."""
        return acts.collect(self._bank, self.actor, SourceId(source), self._collector, tell)

    def recheck_source(self, source: str) -> dict[str, int]:
        """Ask again for what a source's captures were taken from; gives how many are in each state."""
        return acts.recheck(self._bank, self.actor, SourceId(source), self._collector, self._copy)

    def add_source(self, kind: str, location: str, details: acts.SourceDetails) -> SourceRecord:
        """Register a source without enrolling from it yet."""
        try:
            known = SourceKind(kind.strip().lower())
        except ValueError:
            kinds = ", ".join(SourceKind)
            raise BadInput(f"{kind!r} is not a kind of source.", f"Choose one of {kinds}.") from None
        return acts.register(self._bank, self.actor, self._place(known, location), details, self._open)

    def approve_source(self, source: str, reason: str = "") -> SourceRecord:
        """Approve a source, in the actor's name."""
        return acts.approve(self._bank, self.actor, SourceId(source), reason)

    def expire_source(self, source: str, reason: str = "") -> SourceRecord:
        """End a source now: its photos leave the search and stay in the bank."""
        return acts.expire(self._bank, self.actor, SourceId(source), reason)

    def renew_source(
        self, source: str, expires: str = "", review_by: str = "", reason: str = ""
    ) -> SourceRecord:
        """Set when a source ends and when it is to be reviewed; without a date, never."""
        return acts.renew(self._bank, self.actor, SourceId(source), expires, review_by, reason)

    def search(
        self,
        probe: str | Path | bytes | Probe | Sequence[Probe],
        *,
        purpose: str,
        face: int | None = None,
        limit: int = 20,
        filters: Filters = Filters(),  # noqa: B008  (frozen)
        threshold: float | None = None,
    ) -> CandidateList:
        """Search with one probe, or with several of the same person; a purpose is required.

        `face` says which face of a single probe, counted from 1, left to right; several probes are given
        as `Probe(data, face)`.
        """
        query = acts.Query(_probes(probe, face), purpose, filters, limit, threshold)
        return self._noted(acts.search(self._bank, self.actor, query))

    def recall(self, search_id: str) -> CandidateList:
        """An earlier search, as it was shown."""
        return self._noted(acts.recall(self._bank, self.actor, SearchId(search_id)))

    def show(self, photo: str) -> PhotoPage:
        """Everything the bank knows of a photo."""
        page = acts.show(self._bank, self.actor, photo)
        self._shown_photos |= {page.photo.id, *(copy.id for copy in page.near_copies)}
        self._shown_faces |= {face.id for face in page.faces}
        return page

    def archived_copy(self, capture: int) -> OpenedCopy:
        """The original of a capture as its web archive has it; NotFound where none is kept."""
        opened = acts.open_copy(self._bank, self.actor, CaptureId(capture), self._copy)
        self._shown_photos.add(opened.origin.capture.photo_id)
        return opened

    def withdraw(self, name: str, reason: str = "") -> acts.Withdrawal:
        """Withdraw a photo or a source."""
        return acts.withdraw(self._bank, self.actor, name, reason)

    def rebuild(self) -> int:
        """Make the gallery again from the catalogue."""
        return acts.rebuild(self._bank, self.actor)

    def check_gallery(self) -> acts.GalleryCheck:
        """Hold the gallery against the catalogue: counts, files, sampled searches."""
        return acts.check(self._bank, self.actor)

    # Looking around: no face is compared and nobody's photo is opened, so no entry is written

    def examine(self, probe: bytes) -> acts.ExaminedProbe:
        """The faces of a probe, from left to right."""
        return acts.examine(self._bank, probe)

    def contact_sheet(self, probe: acts.ExaminedProbe) -> bytes:
        """The faces of a probe, numbered, as one JPEG."""
        return contact_sheet(probe.pixels, [face.found.detection.box for face in probe.faces])

    def probe_face(self, probe: acts.ExaminedProbe, number: int, size: int = 224) -> bytes:
        """Face `number` of a probe, counted from 1, as a square JPEG."""
        return face_crop(probe.pixels, acts.chosen_face(probe, number).found.detection.box, size)

    def registered(self, named: str) -> SourceRecord | None:
        """The source that lies at that path or, where there is nothing, the one of that id."""
        path = _path(named)
        for record, _ in self.sources():
            if record.location in (named, str(path)) or (record.id == named and not path.exists()):
                return record
        return None

    def count_arrivals(self, source: SourceRecord | Path) -> int | None:
        """How many photos and refusals a folder will give; reads its listing, none of its photos.

        None for the other kinds, which would have to be read whole.
        """
        if isinstance(source, Path):
            return sum(1 for _ in FolderSource(source).arrivals())
        return sum(1 for _ in self._open(source).arrivals()) if source.kind is SourceKind.FOLDER else None

    def out_of_force(self, record: SourceRecord) -> str:
        """In words, why a source's photos are not searched now; empty where they are."""
        return record.terms.out_of_force(self._bank.policy.validity(acts.now()))

    def is_on_the_web(self, record: SourceRecord) -> bool:
        """Whether a source has to be collected before its photos can be enrolled."""
        return is_on_the_web(record.kind)

    def give_reference(self, source: str, photo: str | Path | bytes, face: int | None = None) -> None:
        """Show who the holder of an account export is; the photo's template is kept, not the photo."""
        [probe] = _probes(photo, face)
        acts.give_reference(self._bank, self.actor, SourceId(source), probe)

    def source_report(self, source: str) -> SourceReport:
        """A source in figures: what the bank holds from it, and what was turned away, by reason."""
        with self._bank.view(self.actor.scope) as view:
            return view.report(SourceId(source))

    def sources(self) -> list[tuple[SourceRecord, dict[str, int]]]:
        """The registered sources with their counts of photos, captures and faces."""
        with self._bank.view(self.actor.scope) as view:
            counts = view.counts_by_source()
            return [(record, counts.get(record.id, {})) for record in view.sources()]

    def status(self) -> Status:
        """The bank in figures."""
        with self._bank.view(self.actor.scope) as view:
            totals, skipped, refused = view.totals(), view.skipped_by_reason(), view.refused_by_reason()
        return Status(
            bank=str(self.settings.bank),
            model=self._models.id,
            policy=self._bank.policy,
            totals=totals,
            skipped=skipped,
            refused=refused,
            threshold=self._models.calibration.at(self._bank.policy.fpir, totals["faces"]),
            ledger_head=str(self.ledger_head()),
        )

    def models(self) -> list[ModelCard]:
        """The cards of the models in use."""
        return list(self._models.cards)

    def ledger_head(self) -> TreeHead:
        """The ledger's size and root, to be kept elsewhere."""
        with self._bank.catalogue.ledger_rows() as rows:
            return Ledger(rows).head()

    def verify_ledger(self, kept: str | None = None) -> Verification:
        """Check the whole ledger; with a tree head kept earlier, also that nothing was taken from it."""
        with self._bank.catalogue.ledger_rows() as rows:
            return Ledger(rows).verify(TreeHead.parse(kept) if kept else None)

    # Pictures of what an act of this service has shown, and so accounted for; of nothing else

    def photo_bytes(self, photo_id: PhotoId) -> bytes:
        """A photo as it was enrolled; NotFound where it is not in scope."""
        with self._bank.view(self.actor.scope) as view:
            photo = view.photo(photo_id)
        if photo.id not in self._shown_photos:
            raise NotFound(f"Photo {photo.id[:12]} has not been shown yet.", "Open its page first.")
        return self._bank.blobs.get(photo.id)

    def photo_preview(self, photo_id: PhotoId, long_side: int = 1280) -> bytes:
        """A photo as a JPEG of at most that size, upright and without metadata."""
        return preview(self._pixels(self.photo_bytes(photo_id)), long_side)

    def face_picture(self, face_id: int, size: int = 224) -> bytes:
        """A face cut out of its photo, as a square JPEG."""
        face = self._face(face_id)
        return face_crop(self._pixels(self._bank.blobs.get(face.photo_id)), face.detection.box, size)

    def _place(self, kind: SourceKind, location: str) -> acts.Place:
        """Where a source lies: an address or an absolute path; BadInput where the bank would swallow itself."""
        if is_on_the_web(kind):
            return acts.Place(kind, location.strip())
        path = _path(location)
        if self.settings.bank.resolve().is_relative_to(path):
            raise BadInput(
                f"The bank lies in {path}, and would be enrolled into itself.",
                "Enrol the folders beside it, or put the bank elsewhere.",
            )
        return acts.Place(kind, str(path))

    def _open(self, record: SourceRecord) -> Source:
        return open_source(record, self._keep(record))

    def _copy(self, record: SourceRecord, wanted: ArchivedRecord) -> ArchivedCopy:
        return archived_copy(record, self._keep(record), wanted)

    def _collector(self, record: SourceRecord, withdrawn: set[PhotoId]) -> Collector:
        return collector(record, self._keep(record), self.settings.contact, withdrawn)

    def _keep(self, record: SourceRecord) -> Path:
        """The bank's own folder for what a source keeps beside its photos."""
        return self._bank.keep(record.id)

    def _make_faces(self) -> FaceReader:
        return self._models.reader(self.settings.cache, self.settings.threads)

    def _make_gallery(self, places: Places) -> Gallery:
        if places.gallery:
            raise _not_yet("gallery", places.gallery)
        folder = self.settings.bank / "gallery" / self._models.id
        shape = Shape(code_bytes=self.settings.code_bytes)
        return EmbeddedGallery(
            self._models.id, self._models.embedder.dimension, folder, shape, self.settings.threads
        )

    def _noted(self, found: CandidateList) -> CandidateList:
        self._shown_faces |= {one.face.id for one in found.candidates}
        return found

    def _face(self, face_id: int) -> Face:
        if face_id not in self._shown_faces:
            raise NotFound(f"Face {face_id} has not been shown yet.", "Search, or open its photo first.")
        with self._bank.view(self.actor.scope) as view:
            found = view.faces([FaceId(face_id)])
        if not found:
            raise NotFound(f"There is no face {face_id} in the bank.")
        return found[FaceId(face_id)]

    def _pixels(self, data: bytes) -> Pixels:
        read = read_photo(data)
        if isinstance(read, SkippedPhoto):
            raise BankError(f"A photo in the bank is damaged: {read.reason}.")
        return read.picture.pixels

    def _close_orphans(self) -> None:
        """Account for runs that were killed, before anybody searches what they enrolled."""
        with suppress(BankError), self._bank.changing(wait=0):  # held: then a run is under way
            acts.close_orphans(self._bank, self.actor.scope)


def _catalogue(folder: Path, places: Places) -> Catalogue:
    if places.catalogue:
        raise _not_yet("catalogue", places.catalogue)
    return Catalogue(f"sqlite:///{folder / 'catalogue.sqlite'}")


def _blobs(folder: Path, places: Places) -> Blobs:
    if places.photos:
        raise _not_yet("photos", places.photos)
    return FolderBlobs(folder / "photos")


def _not_yet(name: str, place: str) -> BadInput:
    return BadInput(f"bank.toml puts the {name} at {place}, where it cannot be yet.", "Remove that line.")


T = TypeVar("T")


def _once(make: Callable[[], T]) -> Callable[[], T]:
    """`make`, called at the first use and then never again, whichever threads come first."""
    lock, made = threading.Lock(), list[T]()

    def get() -> T:
        with lock:
            if not made:
                made.append(make())
        return made[0]

    return get


def _made(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise BankError(
            f"The bank cannot be opened at {folder}: {error.strerror}.", "Choose another folder with --bank."
        ) from None
    return folder


def _path(location: str) -> Path:
    """The absolute path; BadInput where it can be none."""
    try:
        path = Path(location).expanduser().resolve()
        with suppress(PermissionError):
            path.exists()
    except (OSError, ValueError, RuntimeError) as error:
        raise BadInput(f"{location!r} cannot be a path: {error}.", "Give a file or a folder.") from None
    return path


def _probes(given: str | Path | bytes | Probe | Sequence[Probe], face: int | None) -> tuple[Probe, ...]:
    if isinstance(given, Probe):
        return (given,)
    if isinstance(given, bytes):
        return (Probe(given, face),)
    if isinstance(given, str | Path):
        return (Probe(read_probe(Path(given)), face),)
    return tuple(given)


def read_probe(path: Path) -> bytes:
    """A probe's bytes; BadInput where the file cannot be read."""
    try:
        return path.expanduser().read_bytes()
    except OSError as error:
        raise BadInput(f"The probe {path} cannot be read: {error.strerror}.") from None
