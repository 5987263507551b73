"""Where a photo came from: source, capture, photo, and what was turned away."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType

SourceId = NewType("SourceId", str)
"""A short name of letters, digits and dashes, unique in the bank: `family-album`."""

PhotoId = NewType("PhotoId", str)
"""The SHA-256 of the photo's bytes, 64 hexadecimal digits. The same bytes are the same photo."""

CaptureId = NewType("CaptureId", int)


@dataclass(frozen=True, slots=True)
class Digest:
    """A digest that names its algorithm, so that it can still be checked when the default changes."""

    algorithm: str
    hex: str

    def __str__(self) -> str:
        return f"{self.algorithm}:{self.hex}"


class LegalBasis(StrEnum):
    """The grounds on which photos may be held. That they were public is not one of them."""

    OWN_WORK = "own-work"
    LICENCE = "licence"
    CONSENT = "consent"
    STATUTORY_MANDATE = "statutory-mandate"
    PUBLIC_ARCHIVE_MANDATE = "public-archive-mandate"


class SourceKind(StrEnum):
    """The ways in."""

    FOLDER = "folder"
    WEB_ARCHIVE = "webarchive"
    WEBSITE = "website"
    IIIF = "iiif"
    EXPORT = "export"
    SHARDS = "shards"


class MinorsPolicy(StrEnum):
    """What is known of children in a source, and what is done about them."""

    NOT_STATED = "not-stated"
    NONE_SHOWN = "none-shown"
    WITH_GUARDIANS_CONSENT = "with-guardians-consent"
    LEFT_OUT = "left-out"


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms on which a source's photos are held: what can be renewed, extended and ended."""

    owner: str = ""
    """Whose photos they are, where that is not the steward."""
    citation: str = ""
    """The law that a statutory mandate rests on."""
    agreement: str = ""
    """The text of the agreement or licence, or where it is kept."""
    agreement_digest: str = ""
    """SHA-256 of the agreement's document, where one was given as a file."""
    minors: MinorsPolicy = MinorsPolicy.NOT_STATED
    starts: datetime | None = None
    expires: datetime | None = None
    review_by: datetime | None = None
    """After it the source counts as not reviewed, and its photos leave the search until they are."""
    approved_by: str = ""
    approved_at: datetime | None = None

    def out_of_force(self, validity: "Validity") -> str:
        """In words, why photos held on these terms are not searched at that moment; empty where they are."""
        if self.starts and self.starts > validity.at:
            return f"begins on {self.starts:%Y-%m-%d}"
        if self.expires and self.expires <= validity.at:
            return f"expired on {self.expires:%Y-%m-%d}"
        if self.review_by and self.review_by <= validity.at:
            return f"was to be reviewed by {self.review_by:%Y-%m-%d}"
        if validity.approved_only and self.approved_at is None:
            return "is not approved"
        return ""


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """A registered source: whose photos these are, who answers for them, and on what ground they are held."""

    id: SourceId
    name: str
    kind: SourceKind
    location: str
    """Where the photos arrive from: an absolute path, or for a source on the web the address that it begins at."""
    steward: str
    basis: LegalBasis
    licence: str
    note: str
    organisation: str
    registered_at: datetime
    scope: tuple[str, ...] = ()
    """Which addresses belong to it; see `sources.scope`. Empty: there is no such limit."""
    terms: Terms = Terms()


@dataclass(frozen=True, slots=True)
class Validity:
    """Which captures count: those of the sources in force at a moment, in these states."""

    at: datetime
    approved_only: bool = False
    """Whether a source that nobody has approved is out of force."""
    gone: bool = False
    """Whether captures count that a recheck has found gone."""
    changed: bool = True
    """Whether those count of which a recheck has found other content at the address."""


@dataclass(frozen=True, slots=True)
class ArchivedRecord:
    """Where the original of a capture is kept: one record of a web archive."""

    file: str
    """The archive's path within the source."""
    offset: int
    """Where the record begins, in bytes of that file (of a WACZ: of the archive inside it)."""
    record_id: str
    """`WARC-Record-ID`; empty in ARC files, which have none."""


@dataclass(frozen=True, slots=True)
class Preference:
    """One statement about the use of a photo, as it was read where and when the photo was observed."""

    signal: str
    """Which mechanism said it: `x-robots-tag`, `meta robots`, `tdm-reservation`, `content-usage`, …"""
    value: str
    """What it said, as written."""
    reserves: bool
    """Whether it keeps the photo's faces out."""

    def __str__(self) -> str:
        return f"{self.signal}: {self.value}"


@dataclass(frozen=True, slots=True)
class Observation:
    """What a source says about one appearance of a photo: the page it stood on, its caption, its time."""

    locator: str
    """Names this appearance uniquely within the source; for a folder the relative path."""
    page_url: str = ""
    image_url: str = ""
    page_title: str = ""
    caption: str = ""
    licence: str = ""
    captured_at: datetime | None = None
    """When the photo was observed there, or, where nothing better is known, the file's own time (UTC)."""
    is_file_time: bool = False
    """Whether `captured_at` is no more than the file's own time, which copying may have changed."""
    record: ArchivedRecord | None = None
    preferences: tuple[Preference, ...] = ()


@dataclass(frozen=True, slots=True)
class Arrival:
    """A photo at the door: its appearances, and a way to read its bytes when it is its turn."""

    path: str
    """Where in the source the bytes lie; for a folder the relative path, with `/` between its parts."""
    fingerprint: str
    """Changes when the bytes do (size and file time), so that a second run need not read them again."""
    observations: tuple[Observation, ...]
    read: "Callable[[], bytes | SkippedPhoto]" = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class EmbeddedFacts:
    """What the file says of itself in EXIF, IPTC, XMP and C2PA. Empty where it says nothing."""

    taken_at: datetime | None = None
    """EXIF DateTimeOriginal: with a zone where the file gives one, else naive local time."""
    camera: str = ""
    gps: tuple[float, float] | None = None
    """Latitude and longitude in degrees, north and east positive (WGS 84)."""
    creator: str = ""
    credit: str = ""
    caption: str = ""
    rights: str = ""
    web_statement: str = ""
    data_mining: str = ""
    """The PLUS data-mining key, e.g. `DMI-PROHIBITED`; empty where the file states no preference."""
    training_mining: tuple[Preference, ...] = ()
    """What its C2PA manifests say of training and data mining. Their signatures are not validated."""

    @property
    def reserved_by(self) -> str:
        """The first statement that keeps the photo's faces out, in words; empty where there is none.

        An index of faces is mining, and a face template is inference: every prohibition in PLUS's words counts,
        and every entry of a C2PA assertion that does not allow.
        """
        if self.data_mining.startswith("DMI-PROHIBITED"):
            return f"plus:DataMining is {self.data_mining}"
        return next((f"{one.signal} is {one.value}" for one in self.training_mining if one.reserves), "")


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo in the bank. Width and height are in pixels after EXIF orientation."""

    id: PhotoId
    size_bytes: int
    format: str
    width: int
    height: int
    near_hash: bytes
    """PDQ perceptual hash, 32 bytes; empty where the picture is too featureless to have one."""
    facts: EmbeddedFacts
    enrolled_at: datetime

    @property
    def digest(self) -> Digest:
        """The payload digest."""
        return Digest("sha256", self.id)


class CaptureState(StrEnum):
    """What the last recheck found of a capture; `reserved` also what the last enrolment did."""

    THERE = "there"
    GONE = "gone"
    CHANGED = "changed"
    RESERVED = "reserved"


@dataclass(frozen=True, slots=True)
class Capture:
    """One observation of a photo at a place and time."""

    id: CaptureId
    photo_id: PhotoId
    source_id: SourceId
    path: str
    observation: Observation
    state: CaptureState = CaptureState.THERE
    state_at: datetime | None = None
    """When that was found; None where nobody has looked again."""
    state_detail: str = ""
    """What said so: a status, or the statement that reserves."""


@dataclass(frozen=True, slots=True)
class Appearance:
    """The addresses of a capture, to be asked for again, and what was found of it last."""

    capture_id: CaptureId
    photo_id: PhotoId
    image_url: str
    page_url: str
    state: CaptureState


@dataclass(frozen=True, slots=True)
class Recheck:
    """What was found of a capture when it was looked at again."""

    capture_id: CaptureId
    state: CaptureState
    at: datetime
    detail: str


@dataclass(frozen=True, slots=True)
class DoomedRecord:
    """A record of a withdrawn photo in the archives of a source, still to be erased."""

    source_id: SourceId
    kind: SourceKind
    record: ArchivedRecord


class SkipReason(StrEnum):
    """Why a photo was not enrolled. Each report counts every one of them."""

    EMPTY = "empty file"
    NOT_AN_IMAGE = "not an image"
    TRUNCATED = "truncated or damaged"
    TOO_LARGE = "too many pixels"
    NO_PERMISSION = "no permission to read"
    UNREADABLE = "could not be read"
    LINK_LOOP = "symbolic link loop"
    OUTSIDE_SOURCE = "link out of the source"
    NOT_A_FILE = "not a regular file"
    ODD_NAME = "file name is not valid text"
    RESERVED = "rights reserved against data mining"
    WITHDRAWN = "withdrawn from the bank earlier"
    BAD_MANIFEST_ROW = "manifest row cannot be used"
    MISSING_FILE = "named in the manifest, not in the folder"
    OUT_OF_SCOPE = "outside the source's scope"
    BAD_RECORD = "archive record cannot be read"
    BROKEN_ARCHIVE = "archive is damaged"
    MISSING_ORIGINAL = "archived as the same as a record that is not there"
    NOT_CAPTURED = "address did not give the photo"
    NOT_THE_HOLDERS = "not shown to be the holder's own"
    UNKNOWN_LAYOUT = "layout not known"


@dataclass(frozen=True, slots=True)
class SkippedPhoto:
    """A photo that was turned away, and why."""

    path: str
    reason: SkipReason
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Visit:
    """What came of a path the last time it was read."""

    path: str
    fingerprint: str
    photo_id: PhotoId | None
    skipped: SkippedPhoto | None
